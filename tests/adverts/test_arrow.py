"""The linking's Arrow tables are the same from memory and from the store."""

import json
from datetime import date

import msgspec
import sqlalchemy as sa

from adverts.arrow import build_linkables, read_linkables
from adverts.ids import advert_id
from adverts.model import Advert, Extraction, IndicatorHit, Mention
from adverts.runs import record_run
from adverts.store import Store
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, versions

NIGHT = date(2026, 3, 1)
ADVERT = Advert(
    id=advert_id("north", "1"), site="north", ref="1", account="acc", name="Anna", age="25", title="t",
    body="call 07700 900123",
    posted_at="2026-02-01T10:00:00Z", seen_at="2026-03-01T01:00:00Z",
)  # fmt: skip
PHONE = Mention(
    kind="phone", value="+447700900123", raw="07700 900123", field="body", start=5, end=17, extractor="phones",
    confidence=0.9, attrs={"class": "reserved"},
)  # fmt: skip
NATIONALITY = Mention(
    kind="nationality",
    value="Spanish",
    raw="Spanish",
    field="nationality",
    start=0,
    end=7,
    extractor="facts",
    confidence=1,
)
HIT = IndicatorHit(indicator="obscured_number", tier="B", raw="07700", field="body", start=5, end=10)


def test_tables_from_the_store_equal_tables_from_memory_without_restricted_mentions(any_store: Store) -> None:
    _write(any_store)
    from_store = read_linkables(any_store)
    extraction = Extraction(id=ADVERT.id, mentions=(PHONE,), indicators=(HIT,), text=ADVERT.body)
    from_memory = build_linkables([(ADVERT, extraction)])
    assert from_store.adverts.drop(["changed"]) == from_memory.adverts.drop(["changed"])
    assert from_store.indicators == from_memory.indicators
    assert from_store.mentions.drop(["seen"]) == from_memory.mentions.drop(["seen"])
    assert json.loads(from_store.mentions["attrs"][0].as_py()) == {"class": "reserved"}


def _write(store: Store) -> None:
    with record_run(store, "crawl", NIGHT) as run, store.begin() as connection:
        connection.execute(
            sa.insert(adverts).values(
                id=ADVERT.id, run_id=run.id, site="north", ref="1", url="", first_seen=NIGHT, last_seen=NIGHT,
                version_id="v1", touched=run.id,
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(versions).values(
                id="v1", run_id=run.id, advert_id=ADVERT.id, content_hash="", first_seen=NIGHT,
                record=msgspec.to_builtins(ADVERT),
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(enrichments).values(version_id="v1", run_id=run.id, extractor="x", clean_text=ADVERT.body)
        )
        for ordinal, mention in enumerate((PHONE, NATIONALITY)):
            form = {**msgspec.structs.asdict(mention), "parts": [], "restricted": mention.kind == "nationality"}
            connection.execute(sa.insert(mentions).values(version_id="v1", ordinal=ordinal, run_id=run.id, **form))
        hit = msgspec.structs.asdict(HIT)
        connection.execute(sa.insert(indicator_hits).values(version_id="v1", ordinal=0, run_id=run.id, **hit))
