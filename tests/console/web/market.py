"""A small market for the console's tests: one network in four towns, lone adverts, versions, captures, three nights."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.ids import advert_id, capture_id, link_id
from adverts.model import Advert, Extraction, IndicatorHit, Member, Mention, Network, Rate, Reason
from adverts.runs import record_run
from adverts.store import Store, upsert
from adverts.store.schema import captures, links, versions
from indexer.groups import index_groups
from indexer.providers.base import Providers
from indexer.stage import index_store
from spiders.warc import Answer, WarcWriter
from tests.builders import NIGHT, fill_networks, fill_store, make_advert

HOSTILE: Final = '<script>alert("x")</script> & "quotes" <img src=x onerror=alert(1)>'
NETWORK: Final = "net-0123456789abcdef0123"
PHONE: Final = "+447700900123"
SECOND_PHONE: Final = "+447700900456"
EMAIL: Final = "bookings@example.com"
TOWNS: Final = {
    "Cardiff": (51.4816, -3.1791, "South Wales", "TARIAN"),
    "Swansea": (51.6208, -3.9432, "South Wales", "TARIAN"),
    "Newport": (51.5877, -2.9984, "Gwent", "TARIAN"),
    "Bristol": (51.4545, -2.5879, "Avon and Somerset", "SWROCU"),
    "Leeds": (53.8008, -1.5491, "West Yorkshire", "YHROCU"),
}
_PATTERNS: Final = (
    ("phone", re.compile(r"07700 900 ?\d{3}|O77oo 9oo \d{3}")),
    ("email", re.compile(r"[a-z]+@example\.com")),
    ("price", re.compile(r"£\d+ an hour|^£\d+$")),
    ("service", re.compile(r"\bGFE\b")),
    ("place", re.compile("|".join(TOWNS))),
    ("name", re.compile(r"\b(?:Mia|Ana|Lena|Ivy)\b")),
)
_SIGN: Final = re.compile(r"[Aa]sk for \w+|genuine")
_PERSONAS: Final = (
    ("Mia", "24", ("Cardiff", "Newport", "Cardiff", "Bristol")),
    ("Ana", "22", ("Swansea", "Cardiff", "Bristol")),
    ("Lena", "27", ("Newport", "Bristol", "Swansea")),
)


def extract_spans(advert: Advert) -> Extraction:
    """Return what a few plain patterns find in title, body and phones; enough to colour a page."""
    fields = {
        "title": advert.title,
        "body": advert.body,
        **{f"phones.{i}": text for i, text in enumerate(advert.phones)},
        **{f"services.{i}": text for i, text in enumerate(advert.services)},
        **{f"rates.{i}.price": rate.price for i, rate in enumerate(advert.rates)},
    }
    found = tuple(
        Mention(kind=kind, value=_clean(kind, hit[0]), raw=hit[0], field=name, start=hit.start(), end=hit.end(),
                extractor=f"{kind}s", confidence=0.98, attrs=_attrs(kind, hit[0]))
        for name, text in fields.items() for kind, pattern in _PATTERNS for hit in pattern.finditer(text)
    )  # fmt: skip
    signs = tuple(
        IndicatorHit(indicator="third_person" if hit[0].lower().startswith("ask") else "reassurance", tier="B",
                     raw=hit[0], field="body", start=hit.start(), end=hit.end())
        for hit in _SIGN.finditer(advert.body)
    )  # fmt: skip
    if advert.nationality:
        kept = Mention(kind="nationality", value=advert.nationality, raw=advert.nationality, field="nationality",
                       start=0, end=len(advert.nationality), extractor="facts", confidence=1.0)  # fmt: skip
        found = (*found, kept)
    return Extraction(
        id=advert.id,
        mentions=found,
        indicators=signs,
        text=advert.body.replace("O77oo 9oo", "07700 900"),
        languages=("en", "ro"),
    )


def iter_network_adverts() -> Iterator[tuple[str, Advert]]:
    """Yield (persona, advert) for the network: three personas, two phones in turn, one e-mail, one text."""
    for number, (name, age, towns) in enumerate(_PERSONAS):
        for place, town in enumerate(towns):
            phone = "07700 900 456" if name == "Lena" else "O77oo 9oo 123" if place == 1 else "07700 900 123"
            body = (
                f"Hello, I am {name}, new in {town} for a few weeks. Calm and genuine company, £{120 + 10 * place} an "
                f"hour. Call {phone} or write to {EMAIL}."
                + (f" Ask for {name}, our other girls are here too." if place == 2 else "")
            )
            yield f"per-{number}", make_advert(
                f"n{number}{place}", ("northgate", "bazaar", "lantern")[place % 3],
                title=f"{name}, new in {town}", body=body, name=name, age=age, location=town,
                nationality="Freedonian", phones=(phone,), account=f"acc{number}",
                rates=(), seen_at=date(2026, 2, 3 + 7 * place).isoformat(),
            )  # fmt: skip


def iter_lone_adverts(count: int) -> Iterator[Advert]:
    """Yield independents with their own numbers, one of them hostile to the page."""
    towns = list(TOWNS)
    for number in range(count):
        town = towns[number % len(towns)]
        body = (
            f"Ivy number {number}, based in {town} near the station. A quiet flat, £{100 + number % 9 * 10} an hour. "
            f"Call 07700 900 {500 + number:03}."
        )
        yield make_advert(f"i{number}", "northgate", title=f"Ivy {number} in {town}", body=body, name="Ivy", age="31",
                          location=town, phones=(f"07700 900 {500 + number:03}",))  # fmt: skip
    yield make_advert(
        "hostile", "bazaar", title=HOSTILE, body=f"{HOSTILE} 07700 900 999", name=HOSTILE, location=HOSTILE
    )


def fill_market(store: Store, providers: Providers, home: Path, lone: int = 45) -> None:
    """Fill store, index and one WARC file."""
    network = list(iter_network_adverts())
    fill_store(store, [advert for _, advert in network], extract_spans)
    first = network[0][1]
    changed = msgspec.structs.replace(
        first, title="Mia, back in Newport", body=first.body.replace("Cardiff for a few", "Newport for two"),
        location="Newport", seen_at="2026-02-20", services=("GFE",),
        rates=(Rate(duration="1 hour", price="£120", kind="incall"),),
    )  # fmt: skip
    fill_store(store, [changed, *iter_lone_adverts(lone)], extract_spans)
    members = [Member(id=advert.id, persona=persona, network=NETWORK) for persona, advert in network]
    fill_networks(store, members, [_make_network(members)])
    _fill_links(store, network)
    _fill_capture(store, home, changed)
    _fill_nights(store)
    with record_run(store, "index", NIGHT) as run:
        index_store(store, providers["adverts"], run)
        index_groups(store, providers, run, home / "groups.duckdb")


def _clean(kind: str, raw: str) -> str:
    if kind == "phone":
        return "+44" + raw.replace("O77oo 9oo", "07700 900").replace(" ", "")[1:]
    return f"GBP {raw[1:4]}/60" if kind == "price" else raw


def _attrs(kind: str, raw: str) -> dict[str, Any]:
    if kind == "place":
        lat, lon, force, region = TOWNS[raw]
        return {"lat": lat, "lon": lon, "forces": {force: 1.0}, "region": region}
    if kind == "phone":
        return {"class": "reserved", "disguise": ["letters_for_digits"] if raw.startswith("O") else []}
    return {"amount": int(raw[1:4]), "currency": "GBP", "minutes": 60, "hourly": True} if kind == "price" else {}


def _make_network(members: list[Member]) -> Network:
    ids = tuple(member.id for member in members)
    identifier = [
        {"kind": "email", "value": EMAIL, "adverts": 10, "personas": 3, "specificity": 0.9},
        {"kind": "phone", "value": PHONE, "adverts": 7, "personas": 2, "specificity": 0.95},
        {"kind": "phone", "value": SECOND_PHONE, "adverts": 3, "personas": 1, "specificity": 1.0},
        {"kind": "template", "value": "t3f2", "adverts": 10, "personas": 3, "specificity": 0.2, "hub": "boilerplate"},
    ]
    return Network(
        network=NETWORK, adverts=ids, personas=("per-0", "per-1", "per-2"), identifiers=tuple(identifier),
        forces=("Avon and Somerset", "Gwent", "South Wales"), regions=("SWROCU", "TARIAN"),
        first_seen="2026-01-20", last_seen="2026-02-24",  # posted before it was first seen
        held_by=({"kind": "email", "value": EMAIL, "share": 1.0}, {"kind": "phone", "value": PHONE, "share": 0.7}),
        bridges=({"source": ids[6], "target": ids[7], "splits": [3, 7]},),
        indicators=(
            {"indicator": "one_address_many_personas", "tier": "A", "adverts": 10, "share": 1.0, "base_rate": 0.18,
             "detail": "3 names on one e-mail, handle, wallet or account"},
            {"indicator": "reassurance", "tier": "B", "adverts": 10, "share": 1.0, "base_rate": 0.18},
        ),
        triage={"level": "alert", "signs": {"A": ["one_address_many_personas"], "B": ["reassurance"]}, "counter": [],
                "note": "Indicators are not evidence of an offence. Safeguarding comes first."},
        border=(
            {"source": ids[0], "target": advert_id("northgate", "i0"), "weight": -0.4, "ruled": False,
             "reasons": [{"reason": "prior", "weight": -3.0, "value": "", "specificity": 1, "detail": ""},
                         {"reason": "same_text", "weight": 2.6, "value": "t3f2", "specificity": 1, "detail": ""}]},
        ),
    )  # fmt: skip


def _fill_links(store: Store, network: list[tuple[str, Advert]]) -> None:
    rows: list[dict[str, Any]] = []
    with record_run(store, "link", NIGHT) as run:
        for index, (persona, advert) in enumerate(network):
            for other_persona, other in network[index + 1 :]:
                reasons = [
                    Reason(reason="prior", weight=-3.0, detail="most adverts are not of one control"),
                    Reason(reason="shared_email", weight=6.3, value=EMAIL, specificity=0.9, detail="10 adverts"),
                ]
                if (advert.name == "Lena") == (other.name == "Lena"):
                    value = SECOND_PHONE if advert.name == "Lena" else PHONE
                    reasons.append(Reason(reason="shared_phone", weight=6.6, value=value, specificity=0.95))
                if persona != other_persona:
                    names = f"{advert.name} / {other.name}"
                    reasons.append(Reason(reason="other_names", weight=-0.5, value=names))
                if (advert.ref, other.ref) == ("n20", "n21"):
                    detail = f"the likelier copy has 30 phrases in common with {network[0][1].id}, 0 of them alone"
                    reasons.append(Reason(reason="text_source", weight=0.7, value="t3f2", detail=detail))
                source, target = sorted((advert.id, other.id))
                rows.append({
                    "id": link_id(source, target), "run_id": run.id, "source": source, "target": target,
                    "weight": sum(reason.weight for reason in reasons), "probability": 0.97,
                    "reasons": [msgspec.to_builtins(reason) for reason in reasons],
                })  # fmt: skip
        with store.begin() as connection:
            upsert(connection, links, rows)


def _fill_capture(store: Store, home: Path, advert: Advert) -> None:
    night = date(2026, 2, 20)
    moment = datetime(2026, 2, 20, 2, 14, 5, tzinfo=UTC)
    body = f"<!doctype html><html><body><h1>{advert.title}</h1><p>{advert.body}</p></body></html>".encode()
    answer = Answer(url=advert.url, status=200, body=body, content_type="text/html; charset=utf-8", captured_at=moment,
                    headers=(("Content-Type", "text/html; charset=utf-8"),))  # fmt: skip
    writer = WarcWriter(home / "warc" / "northgate-2026-02-20.warc.gz")
    [offset] = writer.write([answer])
    writer.close()
    capture = capture_id("northgate", night.isoformat(), advert.url, 200)
    with record_run(store, "crawl", night, "northgate") as run, store.begin() as connection:
        upsert(connection, captures, [{
            "id": capture, "run_id": run.id, "site": "northgate", "night": night, "url": advert.url, "status": 200,
            "kind": "http", "content_type": "text/html; charset=utf-8", "sha256": answer.sha256, "size": len(body),
            "warc_file": "warc/northgate-2026-02-20.warc.gz", "warc_offset": offset, "captured_at": moment,
        }])  # fmt: skip
        own = versions.c.advert_id == advert_id("northgate", "n00")
        connection.execute(sa.update(versions).where(own, versions.c.first_seen == night).values(capture_id=capture))


def _fill_nights(store: Store) -> None:
    for day in (1, 2, 3):
        night = date(2026, 3, day)
        for site, pages in (("northgate", 120), ("bazaar", 90), ("lantern", 14)):
            with record_run(store, "crawl", night, site) as run:
                run.counts.update({"adverts/new": 40 - 10 * day, "adverts/seen": 900 + day, "pages": pages + day})
                if site == "bazaar" and day == 2:
                    run.failures.append("bazaar: 3 pages answered 429; the site rested and was read to its end")
        for stage, counts in (("enrich", {"adverts": 60, "field/phone/invalid": 3}), ("link", {"networks": 4 + day})):
            with record_run(store, stage, night) as run:
                run.counts.update(counts)
        with record_run(store, "nightly", night) as run:
            run.counts.update({"adverts": 2_810 + 40 * day, "networks": 4 + day})
