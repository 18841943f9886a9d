"""A store with a suspected advert, its captures and its index as it was before, for tests of what the console shows."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adverts.ids import capture_id
from adverts.runs import record_run
from adverts.store import Store, upsert
from adverts.store.schema import captures, versions
from enrichment.stage import enrich_store
from indexer.providers.base import Providers
from indexer.stage import index_store
from spiders.warc import Answer, WarcWriter
from tests.builders import NIGHT, fill_store, make_advert

OFFICER: Final = "DS 7"
BEFORE: Final = make_advert("young", title="Sky in Leeds", body="Quiet flat. Call 07700 900124", seen_at="2026-02-20")
YOUNG: Final = make_advert("young", title="Sky in Leeds", body="I'm 17, still at school. Call 07700 900124")
PLAIN: Final = make_advert("plain", title="Mia in Leeds", body="Warm company in Leeds. Call 07700 900123", age="27")
PAGE: Final = "https://northgate.example.com/young"
LIST: Final = "https://northgate.example.com/leeds"


def fill_quarantine(store: Store, providers: Providers, home: Path) -> None:
    """Fill store and index with a plain advert and one that turned suspect; the index has not run since."""
    fill_store(store, [PLAIN, BEFORE])
    with record_run(store, "enrich", NIGHT) as run:
        enrich_store(store, run)
    with record_run(store, "index", NIGHT) as run:
        index_store(store, providers["adverts"], run)
    fill_store(store, [YOUNG])
    _fill_captures(store, home)
    with record_run(store, "enrich", NIGHT) as run:
        enrich_store(store, run)


def capture_of(url: str) -> str:
    """Return the id of one of the captures."""
    return capture_id("northgate", "2026-03-01", url, 200)


def _fill_captures(store: Store, home: Path) -> None:
    moment = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    path = home / "warc" / "northgate-2026-03-01.warc.gz"
    pages = {PAGE: YOUNG.body, LIST: '<a href="/plain">Mia</a> <a href="/young">Sky, 17</a>'}
    answers = [
        Answer(url=url, status=200, body=body.encode(), content_type="text/html", captured_at=moment,
               headers=(("Content-Type", "text/html"),))
        for url, body in pages.items()
    ]  # fmt: skip
    writer = WarcWriter(path)
    offsets = writer.write(answers)
    writer.close()
    with record_run(store, "crawl", NIGHT, "northgate") as run, store.begin() as connection:
        upsert(connection, captures, [
            {"id": capture_of(answer.url), "run_id": run.id, "site": "northgate", "night": NIGHT, "url": answer.url,
             "status": 200, "kind": "http", "content_type": "text/html", "sha256": answer.sha256,
             "size": len(answer.body), "warc_file": f"warc/{path.name}", "warc_offset": offset, "captured_at": moment}
            for answer, offset in zip(answers, offsets, strict=True)
        ])  # fmt: skip
        own = versions.c.advert_id == YOUNG.id
        changed = sa.update(versions).where(own, versions.c.first_seen == NIGHT)
        connection.execute(changed.values(capture_id=capture_of(PAGE)))
