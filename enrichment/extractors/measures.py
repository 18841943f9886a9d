"""What the advert says of the body in numbers: height, weight, dress size and bust, each with its unit or its word."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from adverts.model import Mention
from adverts.values import (
    parse_bust,
    parse_centimetres,
    parse_dress_size,
    parse_feet,
    parse_kilograms,
    parse_number_words,
    parse_pounds,
    parse_stone,
)
from enrichment.beside import read_beside
from enrichment.digits import find_digits
from enrichment.view import Place, View

_TABLE: Final = "measure_words"
_REACH: Final = 20  # characters around a number that say whose it is
_MOST: Final = 500  # measures of one field; more is noise made to keep us busy

_INCHES: Final = r"(?P<inches>1[01]|[0-9])(?P<half>\.5|½| ?1/2)?(?!\d)"
_FEET: Final = r"(?:'|′|`|ft\.?|f(?=\d)|foot|feet)"
_SIZED: Final = r"(?:[ :=.-]|is |a |an |of |about |only |just |\n){0,4}"  # between a word and its number
_SMALL: Final = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven"
_UNITS: Final = re.compile(
    r"(?<![\w£€$])(?<!\d[.,/:-])(?!\d{4}|\d/)"
    rf"(?:(?P<feet>[4-6]) ?{_FEET}[ ,-]{{0,2}}{_INCHES}(?: ?(?:\"|''|″|′′|in(?:s|ch(?:es)?)?(?![a-z])))?"
    r"|(?P<dotted_feet>[4-6])[.,](?P<dotted_inches>1[01]|\d) ?(?:ft|foot|feet)(?![a-z])"
    r"|(?P<only_feet>[4-6]) ?(?:ft|foot|feet)(?=\.?,? (?:tall|in height))"
    r"|(?P<centimetres>1[3-9]\d|20\d)(?:\.\d)? ?cms?(?![a-z])"
    r"|(?P<metres>1[.,][4-9]\d) ?(?:m|mts?|metres?|meters?)(?![a-z])|(?P<split_metres>1 ?m ?[4-9]\d)(?!\d)"
    r"|(?P<stone>(?:[6-9]|1\d|2[02]))(?P<part>\.\d|½| ?1/2)? ?(?:stones?|st)(?![a-z])"
    r"(?:[., ]{0,2}(?P<stone_pounds>1[0-3]|\d)(?:\.5)?(?: ?lbs?| ?pounds)?(?![\da-z£'/]))?"
    r"|(?P<kilograms>[3-9]\d|1[0-7]\d)(?:\.\d)? ?(?:kgs?|kilos?|kilogram(?:me)?s?)(?![a-z])"
    r"|(?P<pounds>[89]\d|[1-3]\d\d) ?(?:lbs?(?![a-z])|#|pounds(?![a-z]))"
    r"|(?P<bust>(?:2[89]|3\d|4[0-8]|[6-9][05])(?:-?(?:aa?|b|c|d{1,4}|ee?|ff?|gg?|jj?|kk?)|"
    r" (?:dd{1,3}|ff|gg|[b-g](?=[ -]?(?:\d\d\b|cup|bust|natural|breast|boob|chest)|[,.!|\n]|$))))(?![a-z0-9]))"
)
_WORDED_FEET: Final = re.compile(
    rf"(?<![a-z])(?P<feet>four|five|six) (?:foot|feet|ft)(?: (?P<inches>{_SMALL}))?(?![a-z])"
)
_TALL: Final = re.compile(
    rf"(?<![a-z])(?:height|tall|hgt){_SIZED}(?:(?P<feet>[4-6])[ .,-]{_INCHES}"
    r"|(?P<centimetres>1[3-9]\d|20\d|1[.,][4-9]\d)(?![\d,.]\d|\d))"
    r"|(?P<feet_before>[4-6])(?<!\d[4-6])[ .-](?P<inches_before>1[01]|\d) tall"
)
_WEIGHED: Final = re.compile(rf"(?<![a-z])(?:weight|weighs?|weighing|wt){_SIZED}(?P<number>\d\d\d?)(?!\d|[ ,.]?[\d'])")
_BESIDE_HEIGHT: Final = re.compile(
    r"[ ,/]{1,3}(?P<pounds>9\d|1\d\d|2[0-4]\d)(?!\d|[%+/$-]| ?(?:h|r|min|qv|do|spec|an?\b|per))"
)
_DRESSED: Final = re.compile(
    rf"(?<![a-z])(?:dress(?: size)?|sized?|(?P<country>uk|us|eu)(?:[ -](?:dress )?(?:size)?)?){_SIZED}"
    rf"(?:(?P<inner>uk|us|eu) ?(?:size )?)?(?P<size>\d\d?|{_SMALL}|twelve|fourteen|sixteen|eighteen)"
    r"(?![\da-z%+:.'£$]|/7)"
    r"(?: ?[-/] ?(?P<second>\d\d?)(?![\d/]))?(?: ?(?P<behind>uk|us|eu)(?![a-z]))?"
)
_LIGHTEST_IN_POUNDS: Final = 95  # a bare number from here on is pounds, below it kilograms
_ALIKE: Final = 4  # centimetres or kilograms: `5'5 (165cm)` states one height twice
_CLOSE: Final = 5  # characters between two statements of one measure


class _Measure(NamedTuple):
    kind: str
    value: str | None
    start: int
    end: int
    context: int  # where the words begin that belong to it, such as `size`
    confidence: float = 0.9


def extract_measures(view: View) -> Iterator[Mention]:
    """Yield height (cm), weight (kg), dress size (UK) and bust of the person advertised."""
    for field, clean in view.prose():
        found = sorted(islice(_iter_measures(clean.lowered, view.region), _MOST), key=lambda measure: measure.start)
        last: dict[str, _Measure] = {}
        for measure in found:
            reason = _reason_against(clean.lowered, measure, last.get(measure.kind))
            if reason:
                view.counts[f"{measure.kind}/{reason}"] += 1
                continue
            last[measure.kind] = measure
            place = Place(field, measure.start, measure.end, "measures")
            yield view.mention(measure.kind, str(measure.value), place, measure.confidence)


def _reason_against(text: str, measure: _Measure, last: _Measure | None) -> str:
    """Return why a measure is none of the person's, or was said just before; empty when it counts."""
    if measure.value is None:
        return "out_of_range"
    if last and measure.start < last.end:
        return "within_another"
    if last and measure.kind in ("height", "weight") and _is_same(last, measure):
        return "said_twice"
    head = text[max(0, measure.context - _REACH) : measure.context].rstrip(" :-")
    tail = text[measure.end : measure.end + _REACH].lstrip(" -")
    return read_beside(_TABLE, "before").find(head) or read_beside(_TABLE, "after").find(tail)


def _is_same(first: _Measure, second: _Measure) -> bool:
    """Return whether the second says again what stands right before it: `5'5 (165cm)`, `9st (57kg)`."""
    return second.start - first.end < _CLOSE and abs(int(str(first.value)) - int(str(second.value))) < _ALIKE


def _iter_measures(text: str, region: str) -> Iterator[_Measure]:
    for start, _ in find_digits(text):
        if found := _UNITS.match(text, start):
            measure = _read_unit(found, region)
            if measure:
                yield measure
                if measure.kind == "height" and region == "US" and (beside := _BESIDE_HEIGHT.match(text, measure.end)):
                    yield _Measure(
                        "weight", parse_pounds(int(beside["pounds"])), *beside.span("pounds"), beside.start(), 0.7
                    )
    if "foot" in text or "feet" in text or " ft" in text:
        yield from map(_read_worded_feet, _WORDED_FEET.finditer(text))
    if "tall" in text or "height" in text or "hgt" in text:
        yield from map(_read_tall, _TALL.finditer(text))
    if "weigh" in text or "wt" in text:
        yield from (_read_weighed(found, region) for found in _WEIGHED.finditer(text))
    if "size" in text or "dress" in text or "uk" in text or "eu 3" in text or "eu 4" in text:
        for found in _DRESSED.finditer(text):
            yield from _read_dressed(found, region)


def _read_unit(found: re.Match[str], region: str) -> _Measure | None:
    group = next(name for name in _READERS if found[name])
    if group == "pounds" and region == "GB" and found[0].endswith("pounds"):
        return None  # money
    kind, read = _READERS[group]
    return _Measure(kind, read(found), *found.span(), found.start())


_READERS: Final[dict[str, tuple[str, Callable[[re.Match[str]], str | None]]]] = {
    "feet": ("height", lambda found: parse_feet(int(found["feet"]), int(found["inches"]) + 0.5 * bool(found["half"]))),
    "dotted_feet": ("height", lambda found: parse_feet(int(found["dotted_feet"]), int(found["dotted_inches"]))),
    "only_feet": ("height", lambda found: parse_feet(int(found["only_feet"]))),
    "centimetres": ("height", lambda found: parse_centimetres(int(found["centimetres"]))),
    "metres": ("height", lambda found: parse_centimetres(float(found["metres"].replace(",", ".")))),
    "split_metres": ("height", lambda found: parse_centimetres(100 + int(found["split_metres"][-2:]))),
    "stone": (
        "weight",
        lambda found: parse_stone(int(found["stone"]) + _part_of(found["part"]), int(found["stone_pounds"] or 0)),
    ),
    "kilograms": ("weight", lambda found: parse_kilograms(int(found["kilograms"]))),
    "pounds": ("weight", lambda found: parse_pounds(int(found["pounds"]))),
    "bust": ("bust", lambda found: parse_bust(found["bust"])),
}


def _part_of(text: str | None) -> float:
    return float(text) if text and text.startswith(".") else 0.5 * bool(text)


def _read_worded_feet(found: re.Match[str]) -> _Measure:
    feet, inches = (parse_number_words(found[name] or "") or 0 for name in ("feet", "inches"))
    return _Measure("height", parse_feet(feet, inches), *found.span(), found.start())


def _read_tall(found: re.Match[str]) -> _Measure:
    if found["centimetres"]:
        value = parse_centimetres(float(found["centimetres"].replace(",", ".")))
        return _Measure("height", value, *found.span("centimetres"), found.start())
    feet, inches = ("feet", "inches") if found["feet"] else ("feet_before", "inches_before")
    value = parse_feet(int(found[feet]), int(found[inches]))
    return _Measure("height", value, found.start(feet), found.end(inches), found.start())


def _read_weighed(found: re.Match[str], region: str) -> _Measure:
    number = int(found["number"])
    is_pounds = region == "US" or number >= _LIGHTEST_IN_POUNDS
    return _Measure(
        "weight", (parse_pounds if is_pounds else parse_kilograms)(number), *found.span("number"), found.start()
    )


def _read_dressed(found: re.Match[str], region: str) -> Iterator[_Measure]:
    """Yield one dress size, or both of `8-10`; the country beside it counts before the region."""
    country = found["country"] or found["inner"] or found["behind"] or region
    for group in ("size", "second"):
        if text := found[group]:
            number = int(text) if text.isdecimal() else parse_number_words(text)
            value = parse_dress_size(number, country.upper()) if number is not None else None
            yield _Measure("dress_size", value, *found.span(group), found.start())
