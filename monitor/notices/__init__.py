"""Documents from the live configuration and the store's figures, as HTML and PDF."""
