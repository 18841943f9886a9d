"""What the store knows of one advert, and how each index field is read out of it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from adverts.model import Json
from adverts.values.postcode import outcode_of

Value = str | int | float | date | list[str] | list[int] | None
Read = Callable[["Source"], Value]

READ_KINDS: Final = ("name", "age", "place", "postcode", "price", "language")
"""Kinds of mention that the readers ask for in the version in force, besides identifiers."""
CHANGES: Final = ("text", "phone", "email", "handle", "image")
"""What may be other in one version than in another."""

IDENTIFIERS: Final = ("phone", "email", "handle", "wallet", "account")
"""Kinds of identifier that have documents of their own."""

PRICE_BANDS: Final[tuple[tuple[int | None, str], ...]] = (
    (80, "under £80"), (120, "£80 to £119"), (160, "£120 to £159"), (200, "£160 to £199"), (None, "£200 and over"),
)  # fmt: skip
"""Where a band ends, in pounds for one hour, and what it is called."""

_LEAST_SHARE: Final = 0.1  # an outcode that lies in a force for less than this is not that force's ground


class Found(NamedTuple):
    """A mention, as far as the index needs it."""

    kind: str
    value: str
    attrs: Json


@dataclass(frozen=True)
class Source:
    """One advert: its row, the record and text in force, mentions, indicator hits and place among the networks.

    `mentions` are those of the version in force, `identifiers` those of every version; `changes` names what is not the
    same in all of them. `site_night` is the last night on which its site showed any advert.
    """

    id: str
    first_seen: date
    last_seen: date
    site_night: date
    record: Json
    text: str
    languages: list[str]
    persona: str | None
    network: str | None
    template: str | None
    mentions: Sequence[Found]
    identifiers: Sequence[Found]
    hits: Sequence[tuple[str, str]]
    changes: Sequence[str]


def read_column(name: str) -> Read:
    """Return a reader of one attribute of the source."""
    return lambda source: getattr(source, name)


def read_nothing(_: Source) -> None:
    """Return nothing: an advert has no such field."""


def read_published(key: str) -> Read:
    """Return a reader of one field of the record, as published."""
    return lambda source: source.record.get(key) or None


def read_identifiers(kind: str) -> Read:
    """Return a reader of the values of a kind in any version, so that a number once used still finds the advert."""
    return lambda source: _unique(found.value for found in source.identifiers if found.kind == kind)


def read_mentions(kind: str) -> Read:
    """Return a reader of the values of a kind in the version in force."""
    return lambda source: _unique(found.value for found in source.mentions if found.kind == kind)


def read_ages(source: Source) -> list[int]:
    """Return every age that the advert states."""
    return sorted({int(found.value) for found in source.mentions if found.kind == "age"})


def read_names(source: Source) -> list[str]:
    """Return the page's own name field and the names found in the text."""
    found = [found.value for found in source.mentions if found.kind == "name"]
    return _unique([*filter(None, [source.record.get("name", "").strip()]), *found], fold=True)


def read_postcodes(source: Source) -> list[str]:
    """Return each postcode and its outcode, so that `CF10` finds `CF10 1EP`."""
    values = [found.value for found in source.mentions if found.kind == "postcode"]
    return _unique(part for value in values for part in (value, outcode_of(value)))


def read_forces(source: Source) -> list[str]:
    """Return the forces on whose ground a postcode or place lies, also where it is shared between several."""
    shares = [found.attrs.get("forces") or {} for found in _places(source)]
    return _unique(force for each in shares for force, share in each.items() if share >= _LEAST_SHARE)


def read_regions(source: Source) -> list[str]:
    """Return the regions in which a postcode or place lies."""
    return _unique(str(found.attrs.get("region") or "") for found in _places(source))


def read_points(source: Source) -> list[str]:
    """Return where the postcodes and places lie, `latitude,longitude` to some ten metres."""
    points = [(found.attrs.get("lat"), found.attrs.get("lon")) for found in _places(source)]
    return _unique(f"{lat:.4f},{lon:.4f}" for lat, lon in points if lat is not None and lon is not None)


def read_squares(source: Source) -> list[str]:
    """Return the squares of a map in which they lie, each named by its middle to a tenth of a degree."""
    points = [found.attrs for found in _places(source)]
    known = ((attrs.get("lat"), attrs.get("lon")) for attrs in points)
    return _unique(name_square(lat, lon) for lat, lon in known if lat is not None and lon is not None)


def name_square(lat: float, lon: float) -> str:
    """Return the name of the square in which a point lies: its middle, to a tenth of a degree."""
    return f"{round(lat, 1) + 0.0:.1f},{round(lon, 1) + 0.0:.1f}"


def read_price(source: Source) -> float | None:
    """Return the lowest price in pounds for one hour."""
    amounts: list[Any] = [
        found.attrs.get("amount")
        for found in source.mentions
        if found.kind == "price" and found.attrs.get("hourly") and found.attrs.get("currency") == "GBP"
    ]
    return min((float(amount) for amount in amounts if amount is not None), default=None)


def read_price_band(source: Source) -> str | None:
    """Return the band in which that price lies."""
    price = read_price(source)
    return None if price is None else next(name for end, name in PRICE_BANDS if end is None or price < end)


def read_month(source: Source) -> str:
    """Return the month of the first night, as 2026-03."""
    return f"{source.first_seen:%Y-%m}"


def read_indicators(source: Source) -> list[str]:
    """Return the indicators found in the text in force."""
    return _unique(indicator for indicator, _ in source.hits)


def read_tiers(source: Source) -> list[str]:
    """Return the tiers of those indicators."""
    return _unique(tier for _, tier in source.hits)


def read_posted(source: Source) -> date | None:
    """Return the day on which the page says it was posted; none when it says so in no known form."""
    with suppress(ValueError):
        return date.fromisoformat(source.record.get("posted_at", "")[:10])
    return None


def read_status(source: Source) -> str:
    """Return `seen` when the site's last night showed the advert, else `gone`."""
    return "seen" if source.last_seen >= source.site_night else "gone"


def _places(source: Source) -> list[Found]:
    return [found for found in source.mentions if found.kind in ("postcode", "place")]


def _unique(values: Iterable[str], *, fold: bool = False) -> list[str]:
    if not fold:
        return [value for value in dict.fromkeys(values) if value]
    kept: dict[str, str] = {}
    for value in values:
        if value:
            kept.setdefault(value.casefold(), value)
    return list(kept.values())
