"""Advert records in, as JSON Lines or CSV, and out as JSON Lines: a bad line is named, the rest goes on."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import IO, Any, Final

import msgspec

from adverts.errors import SkipItem, StopRun
from adverts.model import Advert, Json, Rate
from adverts.tables import find_separator, iter_rows, split_lists

_TEXT_FIELDS: Final = (
    *("site", "ref", "url", "account", "category", "title", "body"),
    *("name", "age", "nationality", "location", "postcode", "posted_at", "seen_at"),
)
_LIST_FIELDS: Final = ("phones", "services", "images")
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Plain(Advert, frozen=True, forbid_unknown_fields=True):
    """A record in which each field is known and has its type, as most have: it is read in a third of the time."""


_PLAIN: Final = msgspec.json.Decoder(_Plain)


def parse_record(fields: Json) -> Advert:
    """Return the advert that a mapping of published fields states.

    Numbers become text, a lone text becomes a list of one, unknown fields go to `extra`. SkipItem when `id` is missing
    or there is neither title nor body.
    """
    rest = dict(fields)
    identity = _text("id", rest.pop("id", ""))
    values: Json = {name: _text(name, rest.pop(name)) for name in _TEXT_FIELDS if rest.get(name) is not None}
    values |= {name: _texts(name, rest.pop(name)) for name in _LIST_FIELDS if rest.get(name) is not None}
    rates = rest.pop("rates", None)
    extra = rest.pop("extra", None)
    if not identity:
        raise SkipItem("no_id", "the record has no id")
    if "title" not in values and "body" not in values:
        raise SkipItem("no_text", "the record has neither title nor body")
    unknown = {key: value for key, value in rest.items() if key not in {*_TEXT_FIELDS, *_LIST_FIELDS}}
    known_extra = extra if isinstance(extra, dict) else {"extra": extra} if extra else {}
    return Advert(id=identity, **values, rates=_rates(rates), extra={**known_extra, **unknown})


def parse_line(line: bytes) -> Advert:
    """Return the advert on one line of JSON; SkipItem says why a line is none.

    A lone surrogate becomes U+FFFD, one code point for one, so that spans stay true and output can be written.
    """
    with suppress(*_UNREADABLE):
        plain = _PLAIN.decode(line)
        if plain.id and (plain.title or plain.body):
            return msgspec.convert(plain, Advert, from_attributes=True)
    try:
        fields = msgspec.json.decode(line)
    except _UNREADABLE:
        fields = _decode_leniently(line)
    if not isinstance(fields, dict):
        raise SkipItem("not_an_object", "the line is JSON but not an object")
    return parse_record(fields)


def iter_records(lines: Iterable[bytes], rejects: Counter[str], errors: IO[str]) -> Iterator[Advert]:
    """Yield the adverts of JSON Lines, or of a CSV with the same names; each bad line is named on `errors` and counted.

    StopRun when the file as a whole is of another form.
    """
    for number, parse in _iter_parsers(lines):
        try:
            yield parse()
        except SkipItem as skip:
            rejects[skip.reason] += 1
            errors.write(f"line {number}: {skip}\n")


def _iter_parsers(lines: Iterable[bytes]) -> Iterator[tuple[int, Callable[[], Advert]]]:
    """Yield the number of each line or row and what parses it."""
    rest = iter(lines)
    first = next(rest, b"")
    everything = chain([first], rest)
    if separator := find_separator(first):
        for number, cells in iter_rows(everything, "The input", separator):
            yield number, partial(_parse_cells, cells)
        return
    _refuse_world(first)
    for number, line in enumerate(everything, start=1):
        if line.strip():
            yield number, partial(parse_line, line)


def _parse_cells(cells: Json) -> Advert:
    return parse_record(split_lists({heading.strip().lower(): cell for heading, cell in cells.items()}))


def _refuse_world(line: bytes) -> None:
    """StopRun (2) for the simulator's own form, which would give one equal error a line."""
    with suppress(msgspec.DecodeError):
        fields = msgspec.json.decode(line)
        if isinstance(fields, dict) and isinstance(fields.get("record"), dict) and "id" not in fields:
            raise StopRun(
                "The input is a simulated world's adverts.jsonl: each line has its record inside `record`. "
                "Take the records out first: jq -c .record adverts.jsonl",
                code=2,
            )


def encode_line(form: Any) -> bytes:
    """Return one output line: UTF-8 JSON and a line feed."""
    return msgspec.json.encode(form) + b"\n"


def _decode_leniently(line: bytes) -> Any:
    """Decode what a strict reader refuses but a person would accept: lone surrogates, NaN, a byte order mark."""
    try:
        return json.loads(_clean(json.dumps(json.loads(line.decode("utf-8-sig")), ensure_ascii=False)))
    except UnicodeDecodeError as error:
        raise SkipItem("not_utf8", f"the line is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise SkipItem("not_json", f"the line is not JSON ({error})") from error


def _clean(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SkipItem("wrong_type", f"{name} is {type(value).__name__}, not text")
    return str(value)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_text(f"{name}.{index}", member) for index, member in enumerate(values))


def _rates(value: Any) -> tuple[Rate, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(rate, dict) for rate in value):
        raise SkipItem("wrong_type", "rates is not a list of objects")
    return tuple(
        Rate(
            **{key: _text(f"rates.{index}.{key}", rate[key]) for key in ("duration", "price", "kind") if rate.get(key)}
        )
        for index, rate in enumerate(value)
    )
