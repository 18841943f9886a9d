"""Documented signs in an advert's own words: packs that analysts edit, carried by spaCy."""

from enrichment.indicators.finder import MENTION_KINDS, Finder, load_finder
from enrichment.indicators.pack import Indicator, load_packs

__all__ = ["MENTION_KINDS", "Finder", "Indicator", "load_finder", "load_packs"]
