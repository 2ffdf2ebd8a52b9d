"""What the law asks of what is kept: for how long, for whom to see, and on record."""
