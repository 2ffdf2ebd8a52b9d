"""Who may come in, and what is hidden from them."""
