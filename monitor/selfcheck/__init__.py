"""Staff check their own online presence (policy 6.15): own name only, seen by them alone."""
