"""Versions to mentions and indicators. Empty on purpose: what needs spaCy is loaded by who asks for it."""
