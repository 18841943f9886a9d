"""When a night is linked in parts, and when all of the market is linked again."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from adverts.runs import record_run
from adverts.store import Store, open_store
from adverts.store.schema import adverts, enrichments, links, members, networks, versions
from graph.market import Folder
from tests.graph.markets import Line
from tests.graph.test_stage import NIGHT, decide, fill_store, link
from tests.graph.test_templates import make_words

NEXT = NIGHT + timedelta(days=1)
AGAIN = "adverts/linked_again"
MARKET = [
    Line(id=f"ad{n:02}", name="Mia", phones=(f"+4477009000{n // 2:02}",), text=make_words(n, 30), town="Leeds")
    for n in range(20)
]
FRESH = Line(id="fresh", name="Mia", phones=("+447700900000",), text=make_words(50, 30), town="Leeds")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Return where the market of any store is kept, be it as small as it is."""
    monkeypatch.setattr("graph.stage.NIGHTS_FROM", 0)
    return Folder(tmp_path / "market")


@pytest.fixture
def linked(store: Store, folder: Folder) -> Store:
    """Return a store that was linked whole."""
    fill_store(store, MARKET)
    assert AGAIN not in link(store, folder=folder).counts
    return store


def test_a_night_links_again_what_it_reaches_and_no_more(any_store: Store, folder: Folder) -> None:
    fill_store(any_store, MARKET)
    assert AGAIN not in link(any_store, folder=folder).counts
    fill_store(any_store, [FRESH])
    run = link(any_store, folder=folder, night=NEXT)
    assert run.counts[AGAIN] == 3  # with the two that have its number
    assert (run.counts["adverts"], run.counts["networks"], run.counts["adverts/in_network"]) == (21, 10, 21)
    assert run.counts["events/grew"] == 1
    with any_store.connect() as connection:
        told = sa.select(networks.c.size).where(networks.c.run_id == run.id)
        assert connection.execute(told).scalars().all() == [3]
    assert "unchanged" in link(any_store, folder=folder, night=NEXT).counts


def test_links_that_a_night_tells_anew_are_those_of_linking_from_nothing(linked: Store, folder: Folder) -> None:
    other = replace(FRESH, name="Ruth")  # so that the number says less of those who had it
    fill_store(linked, [other])
    run = link(linked, folder=folder, night=NEXT)
    fresh = open_store(None)
    fill_store(fresh, [*MARKET, other])
    link(fresh, night=NEXT)
    told, expected = read_links(linked), read_links(fresh)
    fresh.close()
    assert {key: row[1:] for key, row in told.items()} == {key: row[1:] for key, row in expected.items()}
    told_anew = {key for key, row in told.items() if row[0] == run.id}
    assert told_anew == {key for key, row in told.items() if {"ad00", "ad01", "fresh"} & {row[1], row[2]}}
    assert told_anew


def read_links(store: Store) -> dict[str, tuple[Any, ...]]:
    """Return what the store says of each link: run, ends, and the rest."""
    names = ("id", "run_id", "source", "target", "weight", "probability", "reasons", "told")
    with store.connect() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(sa.select(*(links.c[name] for name in names)))}


def test_a_part_that_a_new_text_joined_is_linked_again_when_it_left(linked: Store, folder: Folder) -> None:
    text = " ".join([*MARKET[0].text.split()[:-1], "other"])
    fresh = Line(id="fresh", name="Mia", text=text, town="Leeds")
    fill_store(linked, [fresh])
    assert link(linked, folder=folder, night=NEXT).counts[AGAIN] == 3
    with record_run(linked, "enrich", NEXT) as run, linked.begin() as connection:
        row = dict(connection.execute(sa.select(versions).where(versions.c.advert_id == "fresh")).mappings().one())
        other = {**row, "id": "v2", "run_id": run.id, "content_hash": "v2"}
        connection.execute(sa.insert(versions).values(**other))
        words = make_words(77, 30)
        connection.execute(
            sa.insert(enrichments).values(version_id="v2", run_id=run.id, extractor="x", clean_text=words)
        )
        connection.execute(sa.update(adverts).where(adverts.c.id == "fresh").values(version_id="v2", touched=run.id))
    assert link(linked, folder=folder, night=NEXT).counts[AGAIN] == 3


def test_a_night_on_which_most_adverts_are_only_seen_again_moves_their_days(linked: Store, folder: Folder) -> None:
    with record_run(linked, "crawl", NEXT) as crawl, linked.begin() as connection:
        seen = sa.update(adverts).where(adverts.c.id > "ad03")
        connection.execute(seen.values(last_seen=NEXT, touched=crawl.id))
    run = link(linked, folder=folder, night=NEXT)
    assert run.counts[AGAIN] == 0
    with linked.connect() as connection:
        summaries = connection.execute(sa.select(networks.c.summary)).scalars().all()
        touched = connection.execute(sa.select(adverts.c.id).where(adverts.c.touched == run.id)).scalars().all()
        moved = connection.execute(sa.select(networks.c.id).where(networks.c.run_id == run.id)).all()
    assert sorted(summary["last_seen"] for summary in summaries) == 2 * ["2026-03-01"] + 8 * ["2026-03-02"]
    assert len(moved) == 8
    assert len(touched) == 16
    assert "unchanged" in link(linked, folder=folder, night=NEXT).counts


def test_one_that_comes_back_where_another_began_meanwhile_is_linked_again(store: Store, folder: Folder) -> None:
    early, late = (
        Line(id=name, text=make_words(seed, 30), phones=("+447700900900",), town="Leeds", posted=posted, seen=seen)
        for name, seed, posted, seen in (
            ("early", 51, "2026-01-01", "2026-01-05"),
            ("late", 52, "2026-02-01", "2026-02-10"),
        )
    )
    fill_store(store, [*MARKET, early, late])
    link(store, folder=folder)
    with record_run(store, "crawl", NEXT) as crawl, store.begin() as connection:
        back = sa.update(adverts).where(adverts.c.id == "early")
        connection.execute(back.values(last_seen=NEXT, touched=crawl.id))
    assert link(store, folder=folder, night=NEXT).counts[AGAIN] == 2


def test_a_ruling_is_linked_in_parts_and_one_on_a_hub_is_not(linked: Store, folder: Folder) -> None:
    decide(linked, decision="same", a="ad00", b="ad02")
    run = link(linked, folder=folder, night=NEXT)
    assert (run.counts[AGAIN], run.counts["networks"], run.counts["events/merged"]) == (4, 9, 1)
    decide(linked, decision="hub", value="+447700900009")
    run = link(linked, folder=folder, night=NEXT)
    assert AGAIN not in run.counts
    assert run.counts["networks"] == 8


@pytest.mark.parametrize("days", [-1, 7])
def test_the_figures_hold_for_a_week(linked: Store, folder: Folder, days: int) -> None:
    fill_store(linked, [FRESH])
    assert AGAIN not in link(linked, folder=folder, night=NIGHT + timedelta(days=days)).counts


def test_much_that_is_new_is_linked_with_all_of_the_market(linked: Store, folder: Folder) -> None:
    fill_store(linked, [Line(id=f"new{n}", phones=(f"+4477009001{n:02}",)) for n in range(30)])
    assert AGAIN not in link(linked, folder=folder, night=NEXT).counts


def test_an_older_night_that_is_read_later_moves_first_days(any_store: Store, folder: Folder) -> None:
    fill_store(any_store, MARKET)
    with any_store.begin() as connection:
        shown = sa.select(versions.c.record).where(versions.c.id == "vad04")
        record = {**connection.execute(shown).scalar_one(), "posted_at": ""}
        connection.execute(sa.update(versions).where(versions.c.id.in_(("vad04", "vad05"))).values(record=record))
    link(any_store, folder=folder)
    with record_run(any_store, "import", NEXT) as run, any_store.begin() as connection:  # of a file with older rows
        old = sa.update(adverts).where(adverts.c.id == "ad04")
        connection.execute(old.values(first_seen=date(2026, 2, 1), touched=run.id))
    assert link(any_store, folder=folder, night=NEXT).counts[AGAIN] == 2
    with any_store.connect() as connection:
        found = sa.select(networks.c.summary).join(members, members.c.network_id == networks.c.id)
        summary = connection.execute(found.where(members.c.advert_id == "ad04")).scalar_one()
    assert summary["first_seen"] == "2026-02-01"
    assert "unchanged" in link(any_store, folder=folder, night=NEXT).counts


def test_one_that_came_and_went_since_is_known_to_nobody(linked: Store, folder: Folder) -> None:
    fill_store(linked, [FRESH])
    assert link(linked, folder=folder, night=NEXT).counts[AGAIN] == 3
    with linked.begin() as connection:
        connection.execute(
            sa.update(adverts).where(adverts.c.id == "fresh").values(erased_at=sa.func.current_timestamp())
        )
    run = link(linked, folder=folder, night=NEXT)
    assert AGAIN not in run.counts
    assert (run.counts["members/gone"], run.counts["events/shrank"]) == (1, 1)


def test_one_that_was_withheld_when_the_market_was_measured_is_linked_again_on_every_night(
    store: Store, folder: Folder
) -> None:
    fill_store(store, [*MARKET, FRESH])
    _withhold(store, withheld=True)
    link(store, folder=folder)
    _withhold(store, withheld=False)
    assert link(store, folder=folder, night=NEXT).counts[AGAIN] == 3
    decide(store, decision="same", a="ad01", b="ad02")  # reaches its part, and nothing of its own
    assert link(store, folder=folder, night=NEXT).counts[AGAIN] == 5
    with store.connect() as connection:
        in_network = (
            sa.select(sa.func.count()).select_from(members).join(networks, networks.c.id == members.c.network_id)
        )
        assert connection.scalar(in_network.where(networks.c.size == 5)) == 5


def _withhold(store: Store, *, withheld: bool) -> None:
    erased = sa.func.current_timestamp() if withheld else None
    with store.begin() as connection:
        connection.execute(sa.update(adverts).where(adverts.c.id == "fresh").values(erased_at=erased))


def test_a_linking_that_was_killed_leaves_no_market(linked: Store, folder: Folder) -> None:
    fill_store(linked, [FRESH])
    folder.start()
    assert AGAIN not in link(linked, folder=folder, night=NEXT).counts
    fill_store(linked, [Line(id="more", text=make_words(53, 30))])
    assert link(linked, folder=folder, night=NEXT).counts[AGAIN] == 1


def test_the_first_whose_number_comes_back_was_given_no_strangers(store: Store, folder: Folder) -> None:
    fill_store(store, MARKET)
    link(store, folder=folder)
    days = ("2025-01-01", "2025-12-01")
    back = [
        Line(
            id=f"back{turn}",
            name="Vera",
            town=town,
            phones=("+447700900700",),
            text=make_words(80 + turn, 30),
            posted=day,
            seen=day,
        )
        for turn, (town, day) in enumerate(zip(("Leeds", "Exeter"), days, strict=True))
    ]
    fill_store(store, back)
    assert link(store, folder=folder, night=NEXT).counts[AGAIN] == 2
    before = _read_reasons(store)
    assert before
    link(store, rebuild=True)
    assert _read_reasons(store) == before


def _read_reasons(store: Store) -> list[str]:
    with store.connect() as connection:
        found = connection.execute(sa.select(links.c.reasons).where(links.c.source == "back0")).scalars()
        return [reason["reason"] for reasons in found for reason in reasons]


def test_a_wording_that_was_ruled_a_hub_is_one_hub_however_many_use_it_since(
    linked: Store, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.night._MOST", 1.0)
    text = make_words(90, 30)
    writers = [
        Line(id=f"w{number:02}", phones=(f"+4477009005{number:02}",), text=f"{text} {number}", town="Leeds")
        for number in range(34)
    ]
    fill_store(linked, writers[:4])
    link(linked, folder=folder)
    with linked.connect() as connection:
        template = connection.scalar(sa.select(members.c.template).where(members.c.advert_id == "w00"))
    decide(linked, decision="hub", value=template)
    link(linked, folder=folder)
    fill_store(linked, writers[4:])
    run = link(linked, folder=folder, night=NEXT)
    assert run.counts[AGAIN] >= 30
    assert {name: count for name, count in run.counts.items() if name.startswith("hub/")} == {
        "hub/template/an analyst ruled it a hub": 1
    }


def test_a_hub_of_many_towns_makes_no_open_house_of_one_that_is_linked_again(store: Store, folder: Folder) -> None:
    hub = "+447700900999"
    house = [
        Line(
            id=f"house{n}",
            name=name,
            phones=(hub, "+447700900801" if n < 3 else "+447700900802"),
            emails=("house@example.com",) if n < 4 else (),
            text=make_words(60 + n, 30),
            town="Leeds",
        )
        for n, name in enumerate(("Mia", "Ruth", "Zoe", "Anna", "Anna"))
    ]
    away = Line(id="away", name="Kim", phones=(hub,), text=make_words(70, 30), town="Norwich")
    fill_store(store, [*MARKET, *house, away])
    decide(store, decision="hub", value=hub)
    link(store, folder=folder)
    before = _read_triage(store)
    assert before["counter"] == []
    decide(store, decision="same", a="house0", b="house1")
    assert link(store, folder=folder, night=NEXT).counts[AGAIN] == 5
    assert _read_triage(store) == before


def _read_triage(store: Store) -> dict[str, Any]:
    with store.connect() as connection:
        found = sa.select(networks.c.summary).join(members, members.c.network_id == networks.c.id)
        summary = connection.execute(found.where(members.c.advert_id == "house0")).scalar_one()
    triage: dict[str, Any] = summary["triage"]
    return triage


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: (path / "value.arrow").unlink(),
        lambda path: (path / "reached.arrow").unlink(),
        lambda path: (path / "facts.json").write_bytes(b"{"),
        lambda path: (path / "advert.arrow").write_bytes((path / "advert.arrow").read_bytes()[:-100]),
        lambda path: (path / "keys.arrow").write_bytes(bytes((path / "keys.arrow").stat().st_size)),
        lambda path: (path / "reached.arrow").write_bytes(b""),
        lambda path: path.rename(path.with_name("aside")).with_name("market").write_text("a file"),
    ],
)
def test_of_a_damaged_market_all_is_linked(
    linked: Store, folder: Folder, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    damage(tmp_path / "market")
    fill_store(linked, [FRESH])
    assert AGAIN not in link(linked, folder=folder, night=NEXT).counts
    fill_store(linked, [Line(id="more", text=make_words(53, 30))])
    assert link(linked, folder=folder, night=NEXT).counts[AGAIN] == 1


def test_a_market_of_which_a_killed_linking_dropped_half_is_not_used(
    linked: Store, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    fill_store(linked, [FRESH])
    monkeypatch.setattr(shutil, "rmtree", die)
    with pytest.raises(KeyboardInterrupt):
        folder.start()
    monkeypatch.undo()
    monkeypatch.setattr("graph.stage.NIGHTS_FROM", 0)
    assert folder.read_facts() is None
    assert AGAIN not in link(linked, folder=folder, night=NEXT).counts


def test_a_market_of_another_store_is_not_asked(linked: Store, folder: Folder) -> None:
    other = open_store(None)
    fill_store(other, [*MARKET, Line(id="other", text=make_words(54, 30))])
    link(other)  # a run of the number that measured the market
    fill_store(other, [FRESH])
    assert AGAIN not in link(other, folder=folder, night=NEXT).counts
    other.close()


def test_nothing_is_kept_of_a_small_market(store: Store, tmp_path: Path) -> None:
    fill_store(store, MARKET)
    link(store, folder=Folder(tmp_path / "market"))
    assert Folder(tmp_path / "market").read_facts() is None
