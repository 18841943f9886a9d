"""Random nights: what each leaves in the store is what linking everything from nothing would give."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import pytest
import sqlalchemy as sa

from adverts.runs import record_run
from adverts.store import Store, insert_missing, open_store
from adverts.store.schema import (
    adverts,
    decisions,
    enrichments,
    hubs,
    indicator_hits,
    links,
    members,
    mentions,
    networks,
    runs,
    versions,
)
from graph.market import Folder
from tests.graph.markets import TOWNS, Line, make_pair
from tests.graph.test_stage import NIGHT, decide, dump, fill_store, link

NIGHTS: Final = 4
INPUTS: Final = (runs, adverts, versions, enrichments, mentions, indicator_hits, decisions)
WORDS: Final = ("garden", "river", "quiet", "amber", "velvet", "lantern", "harbour", "meadow", "copper", "willow")
KINDS: Final = ("same", "different", "hub")
NAMES: Final = ("Mia", "Ruth", "Zoe", "Anna", "Lena", "Kim")


class Market:
    """A store that random nights happen to, the same ones for a seed."""

    def __init__(self, store: Store, seed: int, operations: int = 9, kinds: Sequence[str] = KINDS) -> None:
        self.store = store
        self.operations = operations
        self.kinds = kinds
        self.random = Random(seed)
        self.ids: list[str] = []
        self.withheld: list[str] = []
        self.rulings: dict[int, dict[str, Any]] = {}

    def pass_night(self) -> None:
        """Add, change, take away, withhold and give out a few adverts, and rule or take a ruling back."""
        self.add(self.random.randint(2, 6))
        for advert in self.random.sample(self.ids, 3):
            self.change(advert)
        for advert in self.random.sample(self.ids, 2):
            self.take_away(advert)
        for advert in self.withheld[:3]:
            self.give_out(advert)
        self.withhold(self.random.choice(self.ids))
        self.rule()

    def add(self, count: int) -> None:
        """Add adverts."""
        fresh = [f"ad{len(self.ids) + number:03}" for number in range(count)]
        fill_store(self.store, [self.draw(advert) for advert in fresh])
        self.ids += fresh

    def draw(self, advert: str) -> Line:
        """Return an advert of one of the operations, each with a text, two numbers and two towns of its own."""
        operation = self.random.randrange(self.operations)
        own = Random(operation)
        text = own.choices(WORDS, k=14)
        text[self.random.randrange(14)] = self.random.choice(WORDS)
        phone = f"+4477009{operation:02}{self.random.randrange(2):03}"
        return Line(
            id=advert,
            name=self.random.choice(NAMES),
            age=str(self.random.randint(21, 30)),
            text=" ".join(text),
            phones=(phone,) if self.random.random() < 0.7 else (),
            emails=(f"x{operation}@example.com",) if self.random.random() < 0.3 else (),
            town=own.sample(sorted(TOWNS), 2)[self.random.randrange(2)],
            indicators=("incall",) if self.random.random() < 0.3 else (),
        )

    def change(self, advert: str) -> None:
        """Give an advert a new version, with other text and contacts."""
        record, extraction = make_pair(self.draw(advert))
        with record_run(self.store, "enrich", NIGHT) as run, self.store.begin() as connection:
            version = f"v{advert}-{run.id}"
            key = {"version_id": version, "run_id": run.id}
            common = {"id": version, "run_id": run.id, "advert_id": advert, "content_hash": version}
            row = {**common, "first_seen": date(2026, 3, 2), "record": msgspec.to_builtins(record)}
            insert_missing(connection, versions, [row])
            insert_missing(connection, enrichments, [{**key, "extractor": "x", "clean_text": extraction.text}])
            found = [
                {**key, "ordinal": ordinal, **msgspec.to_builtins(mention), "restricted": False}
                for ordinal, mention in enumerate(extraction.mentions)
            ]
            insert_missing(connection, mentions, found)
            connection.execute(sa.update(adverts).where(adverts.c.id == advert).values(version_id=version))

    def take_away(self, advert: str) -> None:
        """Take an advert's extraction away, as quarantine and a lost extraction do: it can be linked no more."""
        shown = sa.select(versions.c.id).where(versions.c.advert_id == advert)
        with self.store.begin() as connection:
            for table in (mentions, indicator_hits, enrichments):
                connection.execute(sa.delete(table).where(table.c.version_id.in_(shown)))

    def withhold(self, advert: str) -> None:
        """Withhold an advert, with all that is known of it."""
        self._set_erased(advert, datetime.now(UTC))
        self.withheld.append(advert)

    def give_out(self, advert: str) -> None:
        """Give out an advert that was withheld."""
        self._set_erased(advert, None)
        self.withheld.remove(advert)

    def _set_erased(self, advert: str, day: datetime | None) -> None:
        with self.store.begin() as connection:
            connection.execute(sa.update(adverts).where(adverts.c.id == advert).values(erased_at=day))

    def see_again(self, night: date) -> None:
        """Show most adverts once more, as a crawl of the sites does each night."""
        seen = sa.update(adverts).where(adverts.c.id.in_(self.random.sample(self.ids, len(self.ids) * 3 // 4)))
        with record_run(self.store, "crawl", night) as run, self.store.begin() as connection:
            connection.execute(seen.values(last_seen=night, touched=run.id))

    def rule(self) -> None:
        """Make a decision, or undo one."""
        if self.rulings and self.random.random() < 0.4:
            ruling, values = self.rulings.popitem()
            decide(self.store, **values, undoes=ruling)
            return
        a, b = sorted(self.random.sample(self.ids, 2))
        decision = self.random.choice(self.kinds)
        on_hub = {"value": f"+4477009{self.random.randrange(self.operations):02}000"}
        values = {"decision": decision, **(on_hub if decision == "hub" else {"a": a, "b": b})}
        self.rulings[decide(self.store, **values)] = values


def read_answer(store: Store) -> dict[str, Any]:
    """Return what linking found, by value: a network is named by its adverts, since its id tells of its past."""
    with store.connect() as connection:
        standing = {row.advert_id: row for row in connection.execute(sa.select(members))}
        groups: dict[str, list[str]] = {}
        for advert in sorted(standing):
            if network := standing[advert].network_id:
                groups.setdefault(network, []).append(advert)
        return {
            "members": {advert: (row.persona_id, groups.get(row.network_id)) for advert, row in standing.items()},
            "networks": {
                tuple(groups[row.id]): (row.size, row.persona_count, {**row.summary, "network": None})
                for row in connection.execute(sa.select(networks))
            },
            "links": {
                row.id: (row.source, row.target, row.weight, row.probability, row.reasons)
                for row in connection.execute(sa.select(links))
            },
            "hubs": {
                tuple(value for name, value in row._mapping.items() if name != "run_id")
                for row in connection.execute(sa.select(hubs))
            },
        }


def link_from_nothing(store: Store, folder: Folder | None = None, night: date = NIGHT) -> dict[str, Any]:
    """Return the answer of a store that holds the same inputs and was never linked: of all its adverts, by what was
    measured of the market when there is a folder, else by what they tell themselves.
    """
    fresh = open_store(None)
    with store.connect() as before, fresh.begin() as after:
        for table in INPUTS:
            if rows := [dict(row._mapping) for row in before.execute(sa.select(table))]:
                after.execute(sa.insert(table), rows)
    link(fresh, rebuild=folder is None, folder=folder, night=night)
    answer = read_answer(fresh)
    fresh.close()
    return answer


@pytest.mark.parametrize("seed", range(4))
def test_random_nights_leave_what_a_rebuild_from_nothing_gives(store: Store, seed: int) -> None:
    market = Market(store, seed)
    market.add(50)
    for _ in range(NIGHTS):
        link(store)
        market.pass_night()
        link(store)
        answer = read_answer(store)
        assert answer == link_from_nothing(store)
        assert answer["networks"]
        before = dump(store)
        assert "unchanged" in link(store).counts
        link(store, rebuild=True)
        assert dump(store) == before


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Return where a market is kept, be it as small as it is, and a night linked in parts, be they nearly all of it."""
    monkeypatch.setattr("graph.stage.NIGHTS_FROM", 0)
    monkeypatch.setattr("graph.night._MOST", 1.0)
    return Folder(tmp_path / "market")


@pytest.mark.parametrize("seed", range(4))
def test_random_nights_linked_in_parts_leave_what_linking_all_gives(store: Store, folder: Folder, seed: int) -> None:
    market = Market(store, seed, operations=90, kinds=("same", "different"))
    market.add(240)
    for advert in market.random.sample(market.ids, 20):
        market.withhold(advert)
    link(store, folder=folder)
    again = []
    for number in range(1, NIGHTS + 1):
        night = NIGHT + timedelta(days=number)
        market.pass_night()
        market.see_again(night)
        again.append(link(store, folder=folder, night=night).counts["adverts/linked_again"])
        answer = read_answer(store)
        assert answer == link_from_nothing(store, folder, night)
        assert answer["networks"]
        before = dump(store)
        assert "unchanged" in link(store, folder=folder, night=night).counts
        assert dump(store) == before
    assert 0 < again[0] < len(market.ids) / 2
