"""Documented signs in an advert's own words: packs that analysts edit, carried by spaCy."""

from enrichment.indicators.finder import find_indicators
from enrichment.indicators.pack import Indicator, load_packs

__all__ = ["Indicator", "find_indicators", "load_packs"]
