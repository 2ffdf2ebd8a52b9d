"""The console's pages: one page, one file."""
