"""Versions to mentions and indicators. `Extractor` loads on first use: importing this package costs nothing."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enrichment.extractor import Extractor

__all__ = ["Extractor"]


def __getattr__(name: str) -> Any:
    if name == "Extractor":
        return import_module("enrichment.extractor").Extractor
    raise AttributeError(name)
