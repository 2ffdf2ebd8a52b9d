"""Small word lists, with their licences in SOURCE.md."""
