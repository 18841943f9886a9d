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
_PHRASES: Final = {
    "outcall": "outcall", "out call": "outcall", "out-call": "outcall",
    "incall": "incall", "in call": "incall", "in-call": "incall",
    "visiting": "visiting", "touring": "visiting", "on tour": "visiting",
    "near": "near", "nr": "near", "close to": "near", "next to": "near", "opposite": "near", "behind": "near",
    "beside": "near", "outside": "near", "corner from": "near", "walk from": "near",
}  # fmt: skip
"""What stands before a place, and the role that it says. Plain searches: a pattern of them all takes 40 us a place."""
_JOINS: Final = frozenset(
    {"in", "to", "at", "only", "available", "from", "are", "is", "the", "central", "both", "across", "around", "-", "–"}
)
_AFTER: Final = re.compile(
    r"[\s,-]{0,3}(?:only\s)?(?:(?P<outcall>out-?\s?calls?)|(?P<incall>in-?\s?calls?))\b", re.IGNORECASE
)
_STATION: Final = re.compile(
    r"\s+(?:(?:train|railway|rail|tube|underground|metro|tram|bus|coach|dlr|central)\s+)?(?:station|stn)\b",
    re.IGNORECASE,
)
_WINDOW: Final = 64
_STOP: Final = re.compile(r"[.!?;\n]")
_KM_A_MILE: Final = 1.609


def describe_relation(text: str, start: int, end: int, *, is_spot: bool) -> Json:
    """Return the keys `role`, `minutes` and `miles` of a place where the words around it state them.

    A spot is a station or landmark, of which `5 min King's Cross` says enough.
    """
    before = _STOP.split(text[max(0, start - _WINDOW) : start])[-1]
    words = before.lower()
    distance = _DISTANCE.search(before) if _names_unit(words) else None
    if distance and (distance["link"] or is_spot):
        return {"role": "near", **_read_distance(distance)}
    role = _find_role(words, text, end)
    return {"role": role} if role else {}


def find_station(text: str, end: int) -> bool:
    """Return whether a name goes on as the name of a station."""
    return _STATION.match(text, end) is not None


def _names_unit(words: str) -> bool:
    return "min" in words or "mile" in words or " mi " in words or "km" in words


def _find_role(before: str, text: str, end: int) -> str:
    """Return the role said right before a place, else right after it, else for the whole list that it stands in."""
    until, role = 0, ""
    for phrase, said in _PHRASES.items():
        if phrase in before and (end_of_phrase := _find_end(before, phrase)) > until:
            until, role = end_of_phrase, said
    if until and _JOINS.issuperset(before[until:].replace(":", " ").replace(",", " ").split()):
        return role
    if after := _AFTER.match(text, end):
        return after.lastgroup or ""
    return role if until and role != "near" else ""


def _find_end(before: str, phrase: str) -> int:
    """Return where the last whole-word occurrence of a phrase that is there ends, 0 when it is part of a word."""
    start = before.rfind(phrase)
    until = start + len(phrase)
    until += before.startswith("s", until) and phrase.endswith("call")
    is_whole = not before[start - 1 : start].isalnum() and not before[until : until + 1].isalnum()
    return until if is_whole else 0


def _read_distance(found: re.Match[str]) -> Json:
    shown = found["number"].lower()
    number = float(_NUMBER_WORDS.get(shown, 0) or shown)
    unit = found["unit"].lower()
    if unit.startswith("min"):
        return {"minutes": round(number)}
    return {"miles": round(number / _KM_A_MILE, 1) if unit.startswith("k") else number}
