"""What a world is made of: typed lines of the three files in a world folder."""

from datetime import date
from typing import Literal

import msgspec

from adverts.ids import advert_id
from adverts.model import Advert, Rate

SITES = ("northgate", "bazaar", "lantern")
FORMAT = 1  # of the folder; raise it when an older reader would misread the files

Kind = Literal["operation", "independent", "pair", "duo", "agency", "parlour", "plagiarist"]


class WorldRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the records; fields that are empty are left out of the files."""


class Content(WorldRecord, frozen=True):
    """What a site shows of one advert, in the advert record's fields; `images` are hashes, never pictures."""

    account: str
    category: str
    title: str
    body: str
    posted_at: str
    phones: tuple[str, ...] = ()
    name: str = ""
    age: str = ""
    nationality: str = ""
    location: str = ""
    postcode: str = ""
    rates: tuple[Rate, ...] = ()
    services: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


class WorldVersion(WorldRecord, frozen=True):
    """One content of one advert and the nights that showed it: indices into `WorldInfo.nights`, both inclusive."""

    site: str
    ref: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    record: Content

    def is_shown(self, night: int) -> bool:
        """Return whether the site shows this content on the night with this index."""
        return self.first <= night <= self.last

    def to_advert(self) -> Advert:
        """Return the product's own record of this content."""
        shown = {name: getattr(self.record, name) for name in Content.__struct_fields__}
        return Advert(id=advert_id(self.site, self.ref), site=self.site, ref=self.ref, **shown)


class Truth(WorldRecord, frozen=True):
    """Who is really behind one advert, and what it really says.

    `control` decides what belongs together; `advertiser` is the person who posts; `persona` the person advertised;
    `household` is shared by people who live together by choice. `identifiers` are clean values by kind, over all
    versions, hubs included. `text` names the text that its words were edited from. `disguise` names how the number in
    the text is written, empty when the text has none. `signs` are the planted indicators. `trait` marks a
    special case. `payer` is never shown by a site.
    """

    id: str
    site: str
    ref: str
    control: str
    advertiser: str
    persona: str
    kind: Kind
    household: str
    account: str
    payer: str = ""
    trait: str = ""
    text: str = ""
    disguise: str = ""
    signs: tuple[str, ...] = ()
    identifiers: dict[str, tuple[str, ...]] = {}

    @property
    def shown(self) -> tuple[str, ...]:
        """Everything that could tie the advert to another one: identifiers, account, text."""
        values = (value for values in self.identifiers.values() for value in values)
        return (*values, f"{self.site}:{self.account}", self.text)


class WorldInfo(WorldRecord, frozen=True):
    """The world as a whole. `hubs` are values that many strangers share, by kind: site help lines and the like."""

    format: int
    seed: int
    adverts: int
    versions: int
    nights: tuple[date, ...]
    sites: tuple[str, ...]
    hubs: dict[str, tuple[str, ...]] = {}


class WorldSummary(WorldRecord, frozen=True):
    """What was written, for the person who asked for it; a pair, a house and an operation count as one advertiser."""

    adverts: int
    versions: int
    advertisers: dict[str, int]
    by_site: dict[str, int]
    mobiles: int
