"""Structured logs that cannot hold personal data: only keys on the allow-list are written."""

import logging
import sys
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED_KEYS: Final = frozenset(
    {
        *("event", "level", "timestamp", "stage", "site", "night", "run", "status", "reason", "error_type"),
        *("count", "counts", "total", "adverts", "captures", "failures", "seconds", "batch", "attempt"),
        *("extractor", "version", "revision", "file", "line", "field", "port", "pid"),
    }
)
"""Keys that never carry what an advert says. Ids are hashes and may be logged as `id`; URLs and values may not."""


def _drop_unlisted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    unlisted = sorted(key for key in event if key not in ALLOWED_KEYS and key != "id")
    for key in unlisted:
        del event[key]
    return {**event, "dropped_keys": unlisted} if unlisted else event


def configure_logs(level: str) -> None:
    """Send logs to standard error: readable on a terminal, JSON Lines elsewhere. Call once, from the command line."""
    on_terminal = sys.stderr.isatty()
    render: Any = structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_unlisted,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the one in force when a line is written
        cache_logger_on_first_use=False,
    )


def get_logger(stage: str) -> Any:
    """Return a logger whose lines carry the stage's name."""
    return structlog.get_logger().bind(stage=stage)
