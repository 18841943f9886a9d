"""Scrapy's, Twisted's and Playwright's own log lines hold addresses: only their source and kind are passed on."""

import logging
import sys

from adverts.logs import get_logger


class SanitisingHandler(logging.Handler):
    """Passes on that a library warned and with which exception, never what it said."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the name of the logger, and the type of the exception when there is one."""
        kind = record.exc_info[0] if record.exc_info else None
        get_logger("crawl").warning(
            "a library warned", file=record.name, line=record.lineno, error_type=kind.__name__ if kind else ""
        )


def quieten_scrapy() -> None:
    """Send what libraries log as a warning or worse through the sanitising handler, drop the rest; once a process."""
    root = logging.getLogger()
    if not any(isinstance(handler, SanitisingHandler) for handler in root.handlers):
        root.handlers = [SanitisingHandler(level=logging.WARNING)]
        root.setLevel(logging.WARNING)
        logging.captureWarnings(not sys.warnoptions)
