"""Queries that show the search language, on the help page and where a search found nothing."""

from typing import Final

EXAMPLES: Final = (
    ("new in town", "every word, anywhere in the advert"),
    ('"new in town"', "the words side by side"),
    ("phone:07700*", "numbers that begin so; any way of writing a number works"),
    ("near:CF10,5km", "within a distance of an outcode or town"),
    ('force:"South Wales" -site:bazaar', "on a force's ground, but not on that site"),
    ("price:80..120 age:<25", "ranges, both ends included"),
    ("seen:2026-01..", "in sight since January 2026"),
    ("anna OR hanna", "one or the other; brackets group"),
)
