"""Child protection: what in an advert says that the person may be under 18, by rules that a force can edit."""

from enrichment.protection.finder import find_suspicions
from enrichment.protection.rules import Rule, load_rules

__all__ = ["Rule", "find_suspicions", "load_rules"]
