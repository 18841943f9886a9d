"""Every field of the index, declared once.

Schema, documents, query syntax, filters, facets, sort keys and `docs/search-fields.md` derive from `FIELDS`; its hash
is part of the index's name, so that a change here makes the next `asw index` build a new index.
"""

import difflib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from indexer import source as read
from indexer.cleaning import clean_handle, clean_phone, clean_phone_end, clean_phone_start, clean_plain, clean_postcode
from indexer.source import CHANGES, IDENTIFIERS, PRICE_BANDS, Read, Source

Kind = Literal["text", "keyword", "integer", "number", "date", "period"]
Direction = Literal["ascending", "descending"]
Whose = Literal["adverts", "personas", "networks", "identifiers"]
"""What is searched: an index of each."""
Document = dict[str, Any]
"""Field names to values: text, number or ISO day, a list where the field holds many; empty fields are left out."""

DOCUMENT_REVISION: Final = 4
"""Raise it when a reader gives other values for the same rows, or an engine cuts or folds words in another way."""
HAS: Final = "has"
"""Added to each document: the names of the fields that hold a value, for `has:email`."""
ADVERTS_OF: Final = "advert"
"""The field of a group that names its adverts: by it what is made of a withheld one is left out."""
SQUARE: Final = "square"
"""The field whose values a map counts."""
POINT: Final = "point"
"""The field that `near:` looks into."""
SPECIAL: Final = (HAS, "near", "new", "gone")
"""What may stand before a colon and is no field."""

ALL_OF: Final[tuple[Whose, ...]] = ("adverts", "personas", "networks", "identifiers")
GROUPS: Final[tuple[Whose, ...]] = ("personas", "networks", "identifiers")
"""What is made of several adverts."""
_HOLDERS: Final[tuple[Whose, ...]] = ("adverts", "personas", "networks")
OWNERS: Final[tuple[Whose, ...]] = ("personas", "networks")
_PERSON: Final[tuple[Whose, ...]] = ("adverts", "personas")
_ADVERTS: Final[tuple[Whose, ...]] = ("adverts",)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field.

    `text` is cut into words; `keyword` is compared whole, without case and accents; `period` is no field of the index
    but two dates, and matches where the days between them overlap. `whose` says what has it; a group of adverts holds
    what any of them does, or `counts` how many values of another field they have. `boost` over 0 lets plain words look
    here, and weighs a hit; in a `worded` keyword they find the words of a value too. `sorts` names the orders that it
    gives. One that is not `returned` is asked by and in no answer; a `sensitive` one is declared but never indexed.
    `clean` turns what is typed into the indexed form, `clean_start` the same before a `*` and `clean_end` after one.
    A field with a `clean_end` is also indexed backwards, so that asking by the end is as fast as by the start.
    """

    name: str
    kind: Kind
    help: str
    whose: tuple[Whose, ...] = _ADVERTS
    read: Read | None = None
    counts: str = ""
    ends: tuple[str, str] = ("", "")
    many: bool = False
    worded: bool = False
    boost: float = 0.0
    facet: bool = False
    sorts: tuple[tuple[str, Direction], ...] = ()
    searchable: bool = True
    returned: bool = True
    sensitive: bool = False
    values: tuple[str, ...] = ()
    clean: Callable[[str], str] = clean_plain
    clean_start: Callable[[str], str] = clean_plain
    clean_end: Callable[[str], str] | None = None

    def belongs_to(self, whose: Whose) -> bool:
        """Return whether one of those has the field."""
        return whose in self.whose

    @property
    def by_end(self) -> bool:
        """Return whether values are indexed backwards too."""
        return self.clean_end is not None

    def clean_or_empty(self, typed: str) -> str:
        """Return the indexed form of what is typed, or nothing when it is no value of this field."""
        try:
            return self.clean(typed)
        except ValueError:
            return ""


FIELDS: Final = (
    Field(
        name="id", kind="keyword", whose=ALL_OF, read=read.read_column("id"), boost=1,
        help="Its id in this product.",
    ),
    Field(
        name="site", kind="keyword", whose=ALL_OF, read=read.read_published("site"), facet=True,
        help="The website's name.",
    ),
    Field(
        name="ref", kind="keyword", read=read.read_published("ref"), boost=1, help="The website's own reference."
    ),
    Field(
        name="account", kind="keyword", whose=ALL_OF, read=read.read_published("account"), boost=1,
        help="The seller's account.",
    ),
    Field(
        name="category", kind="keyword", read=read.read_published("category"), facet=True,
        help="The website's category.",
    ),
    Field(name="title", kind="text", read=read.read_published("title"), boost=3, help="The title as published."),
    Field(name="body", kind="text", read=read.read_published("body"), boost=1, help="The text as published."),
    Field(
        name="text", kind="text", read=read.read_column("text"), boost=1,
        help="The text with disguises undone, so that a spelt-out number reads as digits.",
    ),
    Field(
        name="location", kind="text", read=read.read_published("location"), boost=1,
        help="Where the page says it is, as published, also where no gazetteer knows the name.",
    ),
    Field(
        name="services", kind="text", read=read.read_published("services"), many=True, boost=1,
        help="The services listed, as published.",
    ),
    Field(
        name="name", kind="text", whose=ALL_OF, read=read.read_names, many=True, boost=3,
        help="Names the advert gives.",
    ),
    Field(
        name="age", kind="integer", whose=_PERSON, read=read.read_ages, many=True,
        help="Ages the advert states, in years.",
    ),
    Field(
        name="phone", kind="keyword", whose=ALL_OF, read=read.read_identifiers("phone"), many=True, boost=5,
        clean=clean_phone, clean_start=clean_phone_start, clean_end=clean_phone_end,
        help="Phone numbers of any version, written in any way: 07700 900 123, +44 (0)7700 900123, 07700*, *900123.",
    ),
    Field(
        name="email", kind="keyword", whose=ALL_OF, read=read.read_identifiers("email"), many=True, boost=5,
        clean_end=clean_plain,
        help="E-mail addresses of any version; *@example.com for a whole host.",
    ),
    Field(
        name="handle", kind="keyword", whose=ALL_OF, read=read.read_identifiers("handle"), many=True, boost=5,
        clean=clean_handle, clean_start=clean_handle, clean_end=clean_plain,
        help="Messenger names of any version, such as telegram:name, or *:name for any service.",
    ),
    Field(
        name="wallet", kind="keyword", whose=ALL_OF, read=read.read_identifiers("wallet"), many=True, boost=5,
        help="Crypto wallets of any version, such as btc:address.",
    ),
    Field(
        name="image", kind="keyword", read=read.read_identifiers("image"), many=True,
        help="Hashes of the images of any version; no image is kept.",
    ),
    Field(
        name="postcode", kind="keyword", whose=_HOLDERS, read=read.read_postcodes, many=True, boost=2, worded=True,
        clean=clean_postcode, help="Postcodes and outcodes: CF10 finds CF10 1EP.",
    ),
    Field(
        name="place", kind="keyword", whose=ALL_OF, read=read.read_mentions("place"), many=True, boost=2, worded=True,
        facet=True, help="Towns and districts.",
    ),
    Field(
        name="force", kind="keyword", whose=ALL_OF, read=read.read_forces, many=True, facet=True,
        help="Police forces on whose ground its places lie, several where they share a place.",
    ),
    Field(
        name="region", kind="keyword", whose=ALL_OF, read=read.read_regions, many=True, facet=True,
        help="Regions (ROCU) in which its places lie.",
    ),
    Field(
        name=POINT, kind="keyword", whose=_HOLDERS, read=read.read_points, many=True, searchable=False,
        help="Where its places lie; asked through near:CF10,5km.",
    ),
    Field(
        name="price", kind="number", whose=ALL_OF, read=read.read_price, sorts=(("price", "ascending"),),
        help="Lowest price for one hour, in pounds.",
    ),
    Field(
        name="price_band", kind="keyword", read=read.read_price_band, facet=True,
        values=tuple(name for _, name in PRICE_BANDS), help="The band in which that price lies.",
    ),
    Field(
        name="month", kind="keyword", read=read.read_month, facet=True,
        help="The month of the first night it was seen, such as 2026-03.",
    ),
    Field(
        name="indicator", kind="keyword", whose=_HOLDERS, read=read.read_indicators, many=True, facet=True,
        help="Indicators found in the text in force; not evidence of an offence.",
    ),
    Field(
        name="tier", kind="keyword", whose=_HOLDERS, read=read.read_tiers, many=True, facet=True,
        values=("A", "B", "C"), help="Tiers of those indicators.",
    ),
    Field(
        name="language", kind="keyword", read=read.read_mentions("language"), many=True,
        help="Languages the advert names.",
    ),
    Field(
        name="written_in", kind="keyword", read=read.read_column("languages"), many=True, facet=True,
        help="Languages of title and text, as ISO 639-1 codes: ro for Romanian.",
    ),
    Field(
        name="nationality", kind="keyword", sensitive=True,
        help="A protected characteristic: kept in the store under access control, not in the index.",
    ),
    Field(
        name="network", kind="keyword", whose=ALL_OF, read=read.read_column("network"), boost=1,
        help="The candidate linked network it was put in.",
    ),
    Field(
        name="persona", kind="keyword", whose=_PERSON, read=read.read_column("persona"), boost=1,
        help="The adverts that look like one advertised person.",
    ),
    Field(
        name="template", kind="keyword", whose=_HOLDERS, read=read.read_column("template"), boost=1,
        help="The text that its wording is an edit of; adverts with one template were written from one another.",
    ),
    Field(
        name="first_seen", kind="date", whose=ALL_OF, read=read.read_column("first_seen"),
        sorts=(("newest", "descending"), ("oldest", "ascending")), help="The first night it was seen.",
    ),
    Field(
        name="last_seen", kind="date", whose=ALL_OF, read=read.read_column("last_seen"),
        sorts=(("recent", "descending"),), help="The last night it was seen.",
    ),
    Field(
        name="seen", kind="period", whose=ALL_OF, ends=("first_seen", "last_seen"),
        help="Nights on which it was on its site, from first to last.",
    ),
    Field(name="posted", kind="date", read=read.read_posted, help="The day it was posted, as the page says."),
    Field(
        name="status", kind="keyword", read=read.read_status, facet=True, values=("seen", "gone"),
        help="seen on its site's last night, or gone.",
    ),
    Field(
        name="changed", kind="keyword", read=read.read_column("changes"), many=True, facet=True, values=CHANGES,
        help="What later versions show otherwise than earlier ones.",
    ),
    Field(
        name=SQUARE, kind="keyword", read=read.read_squares, many=True, facet=True,
        help="Squares of a tenth of a degree in which its places lie, by their middles: 51.5,-3.2.",
    ),
    Field(
        name=ADVERTS_OF, kind="keyword", whose=GROUPS, read=read.read_nothing, many=True, returned=False,
        help="Its adverts, by id.",
    ),
    Field(
        name="kind", kind="keyword", whose=("identifiers",), read=read.read_nothing, facet=True,
        values=IDENTIFIERS, help="What it is.",
    ),
    Field(
        name="hub", kind="keyword", whose=("identifiers",), read=read.read_nothing, facet=True,
        help="Why it links nobody, of what too many share; has:hub finds them all.",
    ),
    Field(
        name="adverts", kind="integer", whose=GROUPS, read=read.read_nothing, counts=ADVERTS_OF,
        sorts=(("largest", "descending"),), help="How many adverts.",
    ),
    *(
        Field(name=name, kind="integer", whose=whose, read=read.read_nothing, counts=counts, help=said)
        for name, whose, counts, said in (
            ("personas", ("networks", "identifiers"), "persona", "Of how many advertised persons they seem to be."),
            ("networks", ("identifiers",), "network", "How many networks they are in."),
            ("phones", OWNERS, "phone", "How many phone numbers; none that is a hub."),
            ("emails", OWNERS, "email", "How many e-mail addresses; none that is a hub."),
            ("handles", OWNERS, "handle", "How many messenger names; none that is a hub."),
            ("accounts", OWNERS, "seller", "How many seller's accounts; none that is a hub."),
            ("names", GROUPS, "name", "How many names."),
            ("sites", GROUPS, "site", "On how many websites."),
            ("towns", GROUPS, "place", "In how many towns and districts."),
            ("forces", GROUPS, "force", "On how many forces' ground."),
            ("towns_per_week", OWNERS, "", "The most towns and districts in one week, by the nights it was seen."),
            ("outcodes_per_week", OWNERS, "", "The most postcode districts in one week, by the nights it was seen."),
            ("names_per_number", OWNERS, "", "The most names that one of its phone numbers goes with."),
        )
    ),
    Field(
        name="triage", kind="keyword", whose=("networks",), read=read.read_nothing, facet=True,
        values=("confirmed", "alert", "review", "none", "dismissed"), help="What triage or an analyst says of it.",
    ),
    Field(name="url", kind="keyword", read=read.read_published("url"), searchable=False, help="The page's address."),
)  # fmt: skip

_READERS: Final = tuple((field.name, field.read) for field in FIELDS if field.read and field.read != read.read_nothing)
_BY_NAME: Final = {field.name: field for field in FIELDS}
RELEVANCE: Final = "relevance"


def find_field(name: str) -> Field:
    """Return the field called `name`; KeyError when the table has none."""
    return _BY_NAME[name]


def iter_indexed() -> Iterator[Field]:
    """Yield the fields that a document holds."""
    return (field for field in FIELDS if field.read is not None)


def iter_plain() -> Iterator[Field]:
    """Yield the fields that plain words look into."""
    return (field for field in iter_indexed() if field.boost > 0)


def iter_facets(whose: Whose = "adverts") -> Iterator[Field]:
    """Yield the fields of an index whose values are counted."""
    return (field for field in iter_indexed() if field.facet and field.belongs_to(whose))


def build_sorts(whose: Whose | None = None) -> dict[str, tuple[Field, Direction]]:
    """Return the orders of the results of an index, or of all, by their name, without relevance."""
    fields = (field for field in iter_indexed() if whose is None or field.belongs_to(whose))
    return {name: (field, direction) for field in fields for name, direction in field.sorts}


def suggest_fields(name: str, whose: Whose = "adverts") -> list[str]:
    """Return the searchable fields whose names look most like `name`."""
    names = [field.name for field in FIELDS if field.searchable and not field.sensitive and field.belongs_to(whose)]
    return difflib.get_close_matches(name, [*names, *SPECIAL], n=2, cutoff=0.6)


def list_values(document: Document, name: str) -> list[Any]:
    """Return what a document holds in a field, as a list."""
    value = document.get(name, [])
    return value if isinstance(value, list) else [value]


def build_document(source: Source) -> Document:
    """Return what the index holds of an advert."""
    document: Document = {}
    for name, read_value in _READERS:
        value = read_value(source)
        if value or value == 0:
            document[name] = value.isoformat() if isinstance(value, date) else value
    return {**document, HAS: sorted(document)}


def hash_fields() -> str:
    """Return eight hex digits that change when the shape or the reading of documents does."""
    shape = [
        (field.name, field.kind, field.many, field.facet, field.sorts, field.by_end, field.returned, field.worded)
        for field in iter_indexed()
    ]
    return hashlib.sha256(repr((DOCUMENT_REVISION, shape)).encode()).hexdigest()[:8]
