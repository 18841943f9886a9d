"""The check finds what the stage's own marks cannot, mends it, and finds nothing the second time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.runs import Run, record_run
from adverts.store import Store
from adverts.store.schema import adverts
from indexer.checking import check_index
from indexer.providers.base import SearchProvider
from tests.builders import NIGHT, make_advert
from tests.contract.corpus import make_document
from tests.engines import ENGINES, FindAddress, clear, open_engine
from tests.indexer.markets import fill_many, find_refs, run_index


@pytest.fixture(params=ENGINES)
def provider(request: pytest.FixtureRequest, tmp_path: Path, search_address: FindAddress) -> Iterator[SearchProvider]:
    opened = open_engine(request.param, tmp_path, search_address)
    yield opened
    clear(opened)


def _check(store: Store, provider: SearchProvider) -> Run:
    with record_run(store, "check", NIGHT) as run:
        check_index(store, provider, run)
    return run


def test_what_is_missing_stale_or_too_much_is_mended_once(store: Store, provider: SearchProvider) -> None:
    fill_many(store, 6)
    run_index(store, provider)
    ids = {ref: make_advert(ref).id for ref in ("m0", "m1", "m2")}
    stale = {**make_document("m1", title="Old words"), "id": ids["m1"]}
    with provider.write(provider.require_current()) as writer:
        writer.delete([ids["m0"]])
        writer.upsert([stale, make_document("stranger", title="Nobody's")])
    with store.begin() as connection:  # erased without a trace for the stage to follow
        connection.execute(sa.update(adverts).where(adverts.c.id == ids["m2"]).values(erased_at=sa.func.now()))
    counts = _check(store, provider).counts
    assert {name: count for name, count in counts.items() if count} == {
        "adverts/checked": 5, "adverts/missing": 1, "adverts/stale": 1, "adverts/surplus": 2,
    }  # fmt: skip
    assert find_refs(provider, "") == ["m0", "m1", "m3", "m4", "m5"]
    assert find_refs(provider, '"old words"') == []
    assert {name: count for name, count in _check(store, provider).counts.items() if count} == {"adverts/checked": 5}


def test_without_an_index_there_is_nothing_to_check(store: Store, provider: SearchProvider) -> None:
    with pytest.raises(StopRun, match="asw index"):
        _check(store, provider)
