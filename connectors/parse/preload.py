"""What the parsing children share: imported once, in the server they are forked from."""

import connectors.parse.feed
import connectors.parse.html
import connectors.parse.jsonfeed

__all__ = ["connectors"]
