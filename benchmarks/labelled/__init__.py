"""Adverts whose truth is known: those written by hand, and those composed."""
