"""In what relation an advert stands to a place: in-call, out-call, visiting, near, so many minutes or miles away."""

import re
from typing import Final

from adverts.model import Json

_NUMBER_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40,
}  # fmt: skip
_WAY: Final = (
    r"(?:(?:walk|walking|drive|driving|ride|by|on|car|train|tube|bus|taxi|foot|away|only|just|or|so|north|south|east|west|"
    r"journey|distance)\s+){0,4}"
)
_DISTANCE: Final = re.compile(
    rf"(?<![\w£$€.])(?P<number>\d{{1,3}}(?:\.\d)?|{'|'.join(_NUMBER_WORDS)})\s?-?\s?"
    rf"(?P<unit>min(?:ute)?s?|mi|miles?|kms?)\b['’.]?\s*{_WAY}"
    r"(?P<link>from|of|to|off|outside|away)?\s*(?:the\s+|central\s+){0,2}$",
    re.IGNORECASE,
)
_ROLE: Final = re.compile(
    r"\b(?:(?P<outcall>out-?\s?calls?)|(?P<incall>in-?\s?calls?)|(?P<visiting>visiting|touring|on tour)|(?P<near>"
    r"near|nr|close to|next to|opposite|behind|beside|outside|around the corner from|walk from))\b",
    re.IGNORECASE,
)
_JOIN: Final = re.compile(
    r"(?:\s|[:,–-]|\b(?:in|to|at|only|available|from|are|is|the|central|both|across|around)\b)*", re.IGNORECASE
)
_AFTER: Final = re.compile(
    r"[\s,-]{0,3}(?:only\s)?(?:(?P<outcall>out-?\s?calls?)|(?P<incall>in-?\s?calls?))\b", re.IGNORECASE
)
_STATION: Final = re.compile(
    r"\s+(?:(?:train|railway|rail|tube|underground|metro|tram|bus|coach|dlr|central)\s+)?(?:station|stn)\b",
    re.IGNORECASE,
)
_WINDOW: Final = 64
_UNITS: Final = ("min", "mi", "km")
_SIGNS: Final = ("call", "visit", "tour", "near", "nr", "close", "next", "opposite", "behind", "side", "corner", "walk")
"""One of these is in every distance, and in every role: a cheap test before the patterns."""
_KM_A_MILE: Final = 1.609


def describe_relation(text: str, start: int, end: int, *, is_spot: bool) -> Json:
    """Return the keys `role`, `minutes` and `miles` of a place where the words around it state them.

    A spot is a station or landmark, of which `5 min King's Cross` says enough.
    """
    before = text[max(0, start - _WINDOW) : start]
    before = before[1 + max(before.rfind(mark) for mark in ".!?;\n") :]
    words = before.lower()
    distance = _DISTANCE.search(before) if any(unit in words for unit in _UNITS) else None
    if distance and (distance["link"] or is_spot):
        return {"role": "near", **_read_distance(distance)}
    role = _find_role(before if any(sign in words for sign in _SIGNS) else "", text, end)
    return {"role": role} if role else {}


def find_station(text: str, end: int) -> bool:
    """Return whether a name goes on as the name of a station."""
    return _STATION.match(text, end) is not None


def _find_role(before: str, text: str, end: int) -> str:
    last = max(_ROLE.finditer(before), key=re.Match.start, default=None)
    if last and _JOIN.fullmatch(before, last.end()):
        return last.lastgroup or ""
    if after := _AFTER.match(text, end):
        return after.lastgroup or ""
    return (last.lastgroup or "") if last and last.lastgroup != "near" else ""


def _read_distance(found: re.Match[str]) -> Json:
    shown = found["number"].lower()
    number = float(_NUMBER_WORDS.get(shown, 0) or shown)
    unit = found["unit"].lower()
    if unit.startswith("min"):
        return {"minutes": round(number)}
    return {"miles": round(number / _KM_A_MILE, 1) if unit.startswith("k") else number}
