"""A small store for the stage's tests: what an extractor would have found is written in the advert's `extra`."""

from datetime import date
from typing import Any, Final

from adverts.model import Advert, Extraction, IndicatorHit, Mention
from adverts.runs import Run, record_run
from adverts.store import Store
from indexer.providers.base import Request, SearchProvider
from indexer.stage import index_store
from indexer.syntax import parse_query
from tests.builders import fill_store, make_advert

CARDIFF: Final = {"lat": 51.48, "lon": -3.176, "forces": {"South Wales": 0.95, "Gwent": 0.05}, "region": "TARIAN"}
NIGHT: Final = date(2026, 3, 1)


def found(kind: str, value: str, **attrs: Any) -> dict[str, Any]:
    """Return one entry of an advert's `extra["found"]`."""
    return {"kind": kind, "value": value, "attrs": attrs}


def make_full_advert() -> Advert:
    """Return an advert in which every kind of value was found."""
    return make_advert(
        "1", account="acc", category="independent", title="Anna", body="O77OO nine", name="Anna ", nationality="Welsh",
        posted_at="2026-02-28T10:00:00Z", location="by the docks", services=("massage", "dinner"),
        extra={
            "found": [
                found("phone", "+447700900123"), found("phone", "+447700900123"), found("email", "a@example.com"),
                found("handle", "telegram:anna"), found("postcode", "CF10 1EP", **CARDIFF),
                found("place", "Cardiff", **CARDIFF), found("age", "24"), found("age", "22"), found("name", "anna"),
                found("name", "Bella"), found("nationality", "Welsh"), found("language", "Welsh"),
                found("price", "GBP 200/60", amount=200, currency="GBP", hourly=True),
                found("price", "GBP 120.50/60", amount=120.5, currency="GBP", hourly=True),
                found("price", "GBP 80/30", amount=80, currency="GBP"),
                found("price", "EUR 50/60", amount=50, currency="EUR", hourly=True),
            ],
            "languages": ["en", "ro"],
            "hits": [["third_person", "B"], ["third_person", "B"], ["reassurance", "B"]],
        },
    )  # fmt: skip


def extract_noted(advert: Advert) -> Extraction:
    """Return what the advert's `extra` says would have been found."""
    place: dict[str, Any] = {"raw": "", "field": "body", "start": 0, "end": 0}
    return Extraction(
        id=advert.id,
        mentions=tuple(
            Mention(**entry, **place, extractor="tests", confidence=1.0) for entry in advert.extra.get("found", ())
        ),
        indicators=tuple(
            IndicatorHit(indicator=name, tier=tier, **place) for name, tier in advert.extra.get("hits", ())
        ),
        text=advert.body.replace("O", "0"),
        languages=tuple(advert.extra.get("languages", ())),
    )


def fill_many(store: Store, count: int) -> None:
    """Write `count` plain adverts."""
    fill_store(store, [make_advert(f"m{number}", body=f"advert number {number}") for number in range(count)])


def run_index(store: Store, provider: SearchProvider, *, rebuild: bool = False) -> Run:
    """Run the stage once and return its run, with what it counted."""
    with record_run(store, "index", NIGHT) as run:
        index_store(store, provider, run, rebuild=rebuild)
    return run


def find_refs(provider: SearchProvider, text: str) -> list[str]:
    """Return the references of the adverts that match, in order."""
    hits = provider.search(Request(query=parse_query(text), size=1_000, sort="oldest")).hits
    return sorted(hit.document["ref"] for hit in hits)
