"""Typed records that the stages pass to one another, through the store or as JSON Lines.

Forms that leave the product are those of `docs/interfaces.md`; a change there is a breaking change.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec

Json = dict[str, Any]
Tier = Literal["A", "B", "C"]
Verdict = Literal["same", "different", "hub", "confirm", "dismiss"]

IDENTIFIER_KINDS = ("phone", "email", "handle", "url", "wallet", "account", "image")
"""Kinds of mention whose shared value can link adverts."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the records: immutable, built by keyword."""


class Rate(Record, frozen=True):
    """One row of an advert's own price list, as published."""

    duration: str = ""
    price: str = ""
    kind: str = ""


class Advert(Record, frozen=True):
    """One advert as a page or an import file states it: raw text only, nothing cleaned.

    `id` is unique in its file or store. Lists keep the page's order. `extra` holds fields that we don't know.
    """

    id: str
    site: str = ""
    ref: str = ""
    url: str = ""
    account: str = ""
    category: str = ""
    title: str = ""
    body: str = ""
    phones: tuple[str, ...] = ()
    name: str = ""
    age: str = ""
    nationality: str = ""
    location: str = ""
    postcode: str = ""
    rates: tuple[Rate, ...] = ()
    services: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    posted_at: str = ""
    seen_at: str = ""
    extra: Json = {}


class Capture(Record, frozen=True):
    """One response, kept byte for byte in a WARC file: where it lies and what its bytes hash to.

    `kind` is `http` for the bytes of the answer, `rendered` for the document that a browser made of it.
    """

    id: str
    site: str
    night: date
    url: str
    status: int
    kind: Literal["http", "rendered"]
    content_type: str
    sha256: str
    size: int
    warc_file: str
    warc_offset: int
    captured_at: datetime


class Mention(Record, frozen=True):
    """A typed value found in an advert; `field[start:end] == raw` for the field as published, in code points.

    `attrs` holds the further keys of the kind (`class`, `disguise`, `lat`, `forces` ...). `parts` is set only
    where a value spans two fields: each part's field, start and end.
    """

    kind: str
    value: str
    raw: str
    field: str
    start: int
    end: int
    extractor: str
    confidence: float
    attrs: Json = {}
    parts: tuple[Json, ...] = ()

    def to_json(self) -> Json:
        """Return the public form, `attrs` spread beside the fixed keys."""
        form = {name: getattr(self, name) for name in self.__struct_fields__[:8]}
        return {**form, **self.attrs, **({"parts": list(self.parts)} if self.parts else {})}


class IndicatorHit(Record, frozen=True):
    """A documented sign found in an advert's own text, at an exact span."""

    indicator: str
    tier: Tier
    raw: str
    field: str
    start: int
    end: int


class Suspicion(Record, frozen=True):
    """A ground to suspect that an advert's person is under 18: rule, reason, exact span, the sentence it stands in."""

    rule: str
    reason: str
    raw: str
    field: str
    start: int
    end: int
    sentence: str

    def to_json(self) -> Json:
        """Return the public form: all but the sentence."""
        return {name: getattr(self, name) for name in self.__struct_fields__[:-1]}


class Extraction(Record, frozen=True):
    """What was read out of one advert, in the order of the text; `text` is the body with disguises undone.

    `languages` are the ISO 639-1 codes of title and body, the main one first; none where they are too short to tell.
    `suspicions` are grounds for child protection; an advert with one is quarantined, and its line says so.
    """

    id: str
    mentions: tuple[Mention, ...]
    indicators: tuple[IndicatorHit, ...]
    text: str
    languages: tuple[str, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()

    @property
    def language(self) -> str:
        """Return the main language, `und` (undetermined) where there is none."""
        return self.languages[0] if self.languages else "und"

    def to_json(self) -> Json:
        """Return the public form of one output line of `asw extract`; `protection` only where there is a suspicion."""
        grounds = [suspicion.to_json() for suspicion in self.suspicions]
        return {
            "id": self.id,
            "mentions": [mention.to_json() for mention in self.mentions],
            "indicators": [msgspec.structs.asdict(hit) for hit in self.indicators],
            "text": self.text,
            "language": self.language,
            "languages": list(self.languages),
            **({"protection": {"grounds": grounds}} if grounds else {}),
        }


class Reason(Record, frozen=True):
    """One part of a link's weight: log-odds (natural log), for when positive, against when negative."""

    reason: str
    weight: float
    value: str = ""
    specificity: float = 1.0
    detail: str = ""


class Link(Record, frozen=True):
    """A scored relation between two adverts; `weight` is the sum of its reasons and the prior."""

    source: str
    target: str
    weight: float
    probability: float
    reasons: tuple[Reason, ...]


class Member(Record, frozen=True):
    """Where one advert was put; `network` is None when it stands alone."""

    id: str
    persona: str
    network: str | None


class Network(Record, frozen=True):
    """A candidate linked network: two adverts or more that one control seems to publish."""

    network: str
    adverts: tuple[str, ...]
    personas: tuple[str, ...]
    identifiers: tuple[Json, ...]
    forces: tuple[str, ...]
    regions: tuple[str, ...]
    first_seen: str
    last_seen: str
    held_by: tuple[Json, ...]
    bridges: tuple[Json, ...]
    indicators: tuple[Json, ...]
    triage: Json
    border: tuple[Json, ...] = ()


class Decision(Record, frozen=True):
    """What an analyst ruled: `same` and `different` on two adverts, `hub` on a value, the others on a network.

    `size` is how many adverts the network had then, 0 where that is not known.
    """

    decision: Verdict
    a: str = ""
    b: str = ""
    value: str = ""
    size: int = 0
    author: str = ""
    reason: str = ""


class Hub(Record, frozen=True):
    """A value that too many share to link anybody by it, and why it is taken for one."""

    kind: str
    value: str
    why: str
    adverts: int
    names: int
    sites: int
    towns: int


class Clustering(Record, frozen=True):
    """The graph's whole answer for a set of adverts; `templates` says which text an advert's wording is an edit of."""

    members: Sequence[Member]
    links: Sequence[Link]
    networks: Sequence[Network]
    hubs: Sequence[Hub] = ()
    templates: Mapping[str, str] = {}
    counts: Mapping[str, int] = {}
