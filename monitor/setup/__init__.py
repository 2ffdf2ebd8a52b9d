"""First-run set-up: from a few answers to the files that an operator would write."""
