"""Shapes computed on the server; templates write them as SVG, so that a page needs no script and no outside help."""
