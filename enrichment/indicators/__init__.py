"""Documented signs in an advert's own words: packs that analysts edit, carried by spaCy.

Empty on purpose: the packs are read where spaCy has no place.
"""
