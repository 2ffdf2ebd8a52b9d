"""Logs: events and counts, never post text, names or addresses.

Tracebacks are printed without the values of variables, which could be any of these.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Readable lines on a terminal, JSON elsewhere; both on standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    # A tick that finds the last one still at work is no news: rows decide what is due.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    terminal = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if terminal
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if terminal else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
