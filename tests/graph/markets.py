"""Small hand-made markets: one line an advert, with the group it belongs in."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from adverts.arrow import Linkables, build_linkables
from adverts.model import Advert, Clustering, Decision, Extraction, IndicatorHit, Mention
from graph.clustering import Linked, cluster

CASES = Path(__file__).parent / "cases"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One advert of a hand-made market; `joined` names the network it belongs in, None when it stands alone."""

    id: str
    joined: str | None = None
    site: str = "north"
    account: str = ""
    name: str = ""
    age: str = ""
    title: str = ""
    text: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    town: str = ""
    postcode: str = ""
    disguise: tuple[str, ...] = ()
    posted: str = "2026-01-01"
    seen: str = "2026-03-01"
    indicators: tuple[str, ...] = ()
    phone_class: str = "mobile"


TOWNS = {
    "Cardiff": (51.48, -3.18, "South Wales", "TARIAN"),
    "Leeds": (53.80, -1.55, "West Yorkshire", "YHROCU"),
    "Hull": (53.74, -0.33, "Humberside", "YHROCU"),
    "Norwich": (52.63, 1.30, "Norfolk", "ERSOU"),
    "Carlisle": (54.89, -2.93, "Cumbria", "NWROCU"),
    "Derby": (52.92, -1.48, "Derbyshire", "EMSOU"),
    "Exeter": (50.72, -3.53, "Devon and Cornwall", "SWROCU"),
    "Maidstone": (51.27, 0.52, "Kent", "SEROCU"),
}

NAMES: Final = (
    *("Mia", "Ruth", "Ella", "Nina", "Sara", "Lena", "Ivy", "Dora", "Kate", "Vera"),
    *("Rosa", "Olga", "Tess", "Iris", "Jane", "Gwen", "Hope", "Faye", "Zoe", "Ada"),
)


def read_case(name: str) -> list[Line]:
    """Return the lines of one case."""
    return [msgspec.json.decode(line, type=Line) for line in (CASES / f"{name}.jsonl").read_bytes().splitlines()]


def make_linkables(lines: Iterable[Line]) -> Linkables:
    """Return the tables of a hand-made market, as extraction would give them."""
    return build_linkables(make_pair(line) for line in lines)


def get_groups(found: Clustering) -> set[frozenset[str]]:
    """Return the networks as sets of advert ids."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for member in found.members:
        if member.network is not None:
            groups[member.network].add(member.id)
    return {frozenset(group) for group in groups.values()}


def expect_groups(lines: Sequence[Line]) -> set[frozenset[str]]:
    """Return the networks that a case asks for."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.joined is not None:
            groups[line.joined].add(line.id)
    return {frozenset(group) for group in groups.values()}


def make_pair(line: Line) -> tuple[Advert, Extraction]:
    """Return the advert of a line and what extraction would read in it."""
    told = {"class": line.phone_class, "disguise": list(line.disguise)}
    mentions = [_mention("phone", value, **told) for value in line.phones]
    mentions += [_mention("email", value) for value in line.emails]
    mentions += [_mention("handle", value) for value in line.handles]
    mentions += [_mention("image", value) for value in line.images]
    if line.town:
        lat, lon, force, region = TOWNS[line.town]
        mentions.append(_mention("place", line.town, lat=lat, lon=lon, forces={force: 1.0}, region=region))
    if line.postcode:
        mentions.append(_mention("postcode", line.postcode))
    hits = [
        IndicatorHit(indicator=name, tier="B", raw=name, field="body", start=0, end=len(name))
        for name in line.indicators
    ]
    advert = Advert(
        id=line.id,
        site=line.site,
        account=line.account,
        name=line.name,
        age=line.age,
        title=line.title,
        body=line.text,
        posted_at=f"{line.posted}T09:00:00Z",
        seen_at=f"{line.seen}T02:00:00Z",
    )
    return advert, Extraction(id=line.id, mentions=tuple(mentions), indicators=tuple(hits), text=line.text)


def _mention(kind: str, value: str, **attrs: object) -> Mention:
    return Mention(
        kind=kind,
        value=value,
        raw=value,
        field="body",
        start=0,
        end=len(value),
        extractor="test",
        confidence=1.0,
        attrs=attrs,
    )


def make_words(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices("abcdefghijklmnop", k=4)) for _ in range(count)]


def edit(words: list[str], seed: int) -> str:
    rng = random.Random(seed)
    return " ".join(word if rng.random() > 0.06 else "".join(rng.choices("qrstuvwxyz", k=5)) for word in words)


def make_strangers(count: int) -> list[Line]:
    """Return independents, each with a text, a number and a town of her own."""
    towns = sorted(TOWNS)
    return [
        Line(
            id=f"alone{n:03}", name=NAMES[n % len(NAMES)], town=towns[n % len(towns)], phones=(f"+44770090{n:04}",),
            text=" ".join(make_words(100 + n, 40)),
        )
        for n in range(count)
    ]  # fmt: skip


def make_rotation(text: int, towns: list[str], phones: int = 4) -> list[Line]:
    """Return the adverts of one control: a number for each persona, one text edited by hand, in its towns."""
    base = make_words(text, 50)
    return [
        Line(
            id=f"op{n:02}", name=NAMES[n % phones], town=towns[n // 2 % len(towns)],
            phones=(f"+44770091{n % phones:04}",), text=edit(base, n),
        )
        for n in range(3 * phones)
    ]  # fmt: skip


def link_among_strangers(lines: Iterable[Line], decisions: Iterable[Decision] = ()) -> Linked:
    """Return the answer for some adverts in a market of eighty independents."""
    return cluster(make_linkables([*make_strangers(80), *lines]), decisions)
