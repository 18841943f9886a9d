"""No surface gives out a quarantined advert: index, search, advert, networks, links; a release brings it back."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from adverts.arrow import read_linkables
from adverts.model import Advert, Decision, Member
from adverts.quarantine import NewRuling, Ruling, ground_query, read_last_ruling, read_withheld, record_ruling
from adverts.runs import record_run
from adverts.settings import Settings, load_settings, to_environment
from adverts.store import Store, open_store
from adverts.store.schema import audit, links, members, networks, runs, versions
from console.cli import main
from console.decisions.consequences import foresee
from console.stages import STAGES, run_stage
from console.web.pages.advert import build_advert_page
from console.web.pages.network import build_network_page
from console.web.pages.networks import build_networks_page
from console.web.reading import count_carriers
from enrichment.stage import enrich_store
from indexer.searching import search
from indexer.stage import open_provider
from tests.builders import NIGHT, fill_networks, fill_store, fill_unread, make_advert

WORDS = "Warm and easy company in a quiet flat by the marina, tea, long talks, no rush at all"


def make_member(number: int, site: str, more: str = "", seen_at: str = "2026-03-01") -> Advert:
    """Return one of a few adverts that share a number and a text over two towns, so that they are one network."""
    names = ("Mia", "Ana", "Lena", "Ivy")
    town = ("Cardiff", "Swansea")[number % 2]
    return make_advert(
        f"n{number}", site, title=f"{names[number]} in {town}", name=names[number], age=str(22 + number),
        body=f"{WORDS}{more}. Call 07700 900123 or write to {names[number].lower()}@example.com", seen_at=seen_at,
    )  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, protection_officers="DS 7")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database_url)
    yield opened
    opened.close()


def run_stages(store: Store, settings: Settings) -> None:
    for name in STAGES:
        run_stage(store, settings, name, NIGHT)


def found(settings: Settings, query: str) -> set[str]:
    provider = open_provider(settings)
    try:
        return {hit.id for hit in search(provider, query).hits}
    finally:
        provider.close()


def rule(store: Store, advert: Advert, ruling: Ruling) -> None:
    with store.begin() as connection:
        grounds = tuple(row.id for row in connection.execute(ground_query()) if row.advert_id == advert.id)
        given = NewRuling(
            advert=advert.id, grounds=grounds, last=read_last_ruling(connection, advert.id), ruling=ruling,
            author="DS 7", reason="read",
        )  # fmt: skip
        assert record_ruling(connection, given) == "recorded"


def read_everything(store: Store) -> str:
    """Return what the tables hold that are made from adverts: networks, members and links, and what the graph reads."""
    linkables = read_linkables(store)
    with store.connect() as connection:
        rows = [tuple(row) for table in (networks, members, links) for row in connection.execute(sa.select(table))]
    return f"{rows} {linkables.adverts.to_pylist()} {linkables.mentions.to_pylist()} {linkables.indicators.to_pylist()}"


def test_it_leaves_index_and_networks_and_comes_back_on_release(store: Store, settings: Settings) -> None:
    plain = [make_member(0, "northgate"), make_member(1, "bazaar"), make_member(2, "lantern")]
    last = make_member(3, "northgate")
    fill_store(store, [*plain, last])
    run_stages(store, settings)
    assert found(settings, "phone:07700900123") == {each.id for each in (*plain, last)}
    assert last.id in read_everything(store)

    changed = make_member(3, "northgate", ", and I'm 17", seen_at="2026-03-02")
    fill_store(store, [changed])
    run_stages(store, settings)
    assert found(settings, "phone:07700900123") == {each.id for each in plain}
    everything = read_everything(store)
    assert last.id not in everything
    assert "ivy@example.com" not in everything
    with store.connect() as connection:
        assert build_advert_page(connection, last.id) is None
        (network,) = connection.execute(sa.select(networks.c.id)).scalars().all()
        page = build_network_page(connection, network)
    assert page is not None
    assert (page.size, {card.id for card in page.members}) == (3, {each.id for each in plain})
    assert found(settings, "17") == set()

    rule(store, last, "released")
    run_stages(store, settings)
    assert found(settings, "phone:07700900123") == {each.id for each in (*plain, last)}
    assert last.id in read_everything(store)


def test_the_index_is_asked_before_its_next_run(
    store: Store, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_store(store, [make_member(0, "northgate"), make_member(1, "bazaar")])
    run_stages(store, settings)
    fill_store(store, [make_member(1, "bazaar", ", and I'm 17", seen_at="2026-03-02")])
    run_stage(store, settings, "enrich", NIGHT)
    for name, value in to_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert main(["search", "phone:07700900123", "--json"]) == 0
    assert [hit["id"] for hit in json.loads(capsys.readouterr().out)["hits"]] == [make_member(0, "northgate").id]
    assert main(["advert", make_member(1, "bazaar").id]) == 1


def test_what_enrichment_withheld_counts_nowhere_before_the_next_run(
    store: Store, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    members_of = [make_member(0, "northgate"), make_member(1, "bazaar"), make_member(2, "lantern")]
    fill_store(store, members_of)
    run_stages(store, settings)
    fill_store(store, [make_member(2, "lantern", ", and I'm 17", seen_at="2026-03-02")])
    run_stage(store, settings, "enrich", NIGHT)
    for name, value in to_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert main(["search", "phone:07700900123", "--json", "--facet", "site"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["total"], answer["unread"]) == (2, 0)
    assert [bucket["value"] for bucket in answer["facets"]["site"]] == ["bazaar", "northgate"]
    with store.connect() as connection:
        (network,) = connection.execute(sa.select(networks.c.id)).scalars().all()
        assert count_carriers(connection, [("phone", "+447700900123")]) == {("phone", "+447700900123"): 2}
        page = build_network_page(connection, network)
        (row,) = build_networks_page(connection, "several", "triage", 1).networks
        advert = build_advert_page(connection, members_of[0].id)
    assert page is not None
    assert advert is not None
    assert (page.size, page.persona_count, page.is_waiting, len(page.members)) == (2, 2, True, 2)
    assert (row.size, row.personas, row.is_waiting, row.held_by) == (2, 2, True, [])
    assert (advert.network_size, advert.network_personas) == (2, 2)
    assert not any(word in msgspec.json.encode([page, row]).decode() for word in ("lena@", "lantern", "Lena"))
    main(["network", network])
    assert "changed since it was linked" in capsys.readouterr().out
    run_stages(store, settings)
    with store.connect() as connection:
        page = build_network_page(connection, network)
    assert page is not None
    assert (page.size, page.is_waiting, bool(page.identifiers)) == (2, False, True)


def test_a_network_of_which_nothing_is_left_is_not_listed(any_store: Store) -> None:
    young = [make_member(number, "bazaar", ", and I'm 17") for number in (0, 1)]
    plain = [make_member(number, "bazaar") for number in (2, 3)]
    fill_store(any_store, [*young, *plain])
    placed = [Member(id=each.id, persona=f"per-{each.ref}", network="net-1") for each in young]
    fill_networks(any_store, [*placed, *(Member(id=each.id, persona="per-0", network="net-2") for each in plain)])
    with record_run(any_store, "enrich", NIGHT) as run:
        enrich_store(any_store, run)
    with any_store.connect() as connection:
        for order in ("triage", "size", "personas", "newest", "seen"):
            page = build_networks_page(connection, "one", order, 1)
            assert (page.several, page.one, [each.id for each in page.networks]) == (0, 1, ["net-2"])
        assert build_network_page(connection, "net-1") is None


def test_an_advert_put_back_counts_nowhere_at_once(any_store: Store) -> None:
    young, plain = make_member(0, "bazaar", ", and I'm 17"), make_member(1, "bazaar")
    fill_store(any_store, [young, plain])
    with record_run(any_store, "enrich", NIGHT) as run:
        enrich_store(any_store, run)
    rule(any_store, young, "released")
    with record_run(any_store, "enrich", NIGHT) as run:
        enrich_store(any_store, run)
    fill_networks(any_store, [Member(id=each.id, persona="per-1", network="net-1") for each in (young, plain)])
    phone = ("phone", "+447700900123")
    with any_store.connect() as connection:
        page = build_network_page(connection, "net-1")
        assert page is not None
        assert (page.size, page.is_waiting, count_carriers(connection, [phone])[phone]) == (2, False, 2)
        assert read_withheld(connection) == []
    rule(any_store, young, "reopened")
    with any_store.connect() as connection:
        page = build_network_page(connection, "net-1")
        assert page is not None
        assert (page.size, page.is_waiting, count_carriers(connection, [phone])[phone]) == (1, True, 1)
        assert read_withheld(connection) == [young.id]
    said = foresee(any_store, Decision(decision="hub", value=phone[1], author="PC 1234", reason="a test"))
    assert said[0].startswith("1 advert in 1 network show it")


def test_one_put_back_that_can_no_longer_be_read_leaves_the_index_too(store: Store, settings: Settings) -> None:
    young, plain = make_member(0, "bazaar", ", and I'm 17"), make_member(1, "bazaar")
    fill_store(store, [young, plain])
    run_stage(store, settings, "enrich", NIGHT)
    rule(store, young, "released")
    run_stages(store, settings)
    assert found(settings, "phone:07700900123") == {young.id, plain.id}
    rule(store, young, "reopened")
    with store.begin() as connection:
        broken = sa.update(versions).where(versions.c.advert_id == young.id)
        connection.execute(broken.values(record={"id": young.id, "body": []}))
    run_stages(store, settings)
    assert found(settings, "phone:07700900123") == {plain.id}
    assert run_stage(store, settings, "index", NIGHT).counts == {}


def test_all_see_the_number_and_no_more(
    store: Store, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_store(store, [make_member(1, "bazaar", ", and I'm 17")])
    run_stages(store, settings)
    for name, value in to_environment(settings).items():
        monkeypatch.setenv(name, value)
    main(["status", "--json"])
    status = capsys.readouterr().out
    assert json.loads(status)["quarantine"] == {"awaiting": 1}
    assert make_member(1, "bazaar").id not in status
    main(["status"])
    assert "1 quarantined advert awaits" in capsys.readouterr().out
    with store.connect() as connection:
        counts = connection.execute(sa.select(runs.c.counts).where(runs.c.stage == "enrich")).scalar_one()
    assert counts["protection/stated_age"] == 1


def test_an_unread_advert_is_named_as_such_and_its_words_stay_closed(
    store: Store, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, changed = make_member(0, "northgate"), make_member(1, "bazaar", " and more", seen_at="2026-03-02")
    fill_store(store, [plain, make_member(1, "bazaar")])
    run_stages(store, settings)
    fill_unread(store, [changed])
    for name, value in to_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert main(["advert", changed.id]) == 1
    told = capsys.readouterr()
    assert "not yet read by asw enrich" in told.err
    assert "Ana" not in told.out + told.err
    main(["search", "phone:07700900123", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert ([hit["id"] for hit in answer["hits"]], answer["unread"]) == ([plain.id], 1)
    main(["search", "phone:07700900123"])
    assert "Held back until asw enrich has read what changed in them: 1" in capsys.readouterr().out
    assert main(["status", "--json"]) == 1
    status = json.loads(capsys.readouterr().out)
    assert status["unread"] == 1
    assert any("until then 1 adverts are held back" in problem for problem in status["problems"])
    assert plain.id in read_everything(store)
    assert "and more" not in str(read_linkables(store).adverts.to_pylist())
    run_stages(store, settings)
    assert main(["advert", changed.id]) == 0
    assert main(["status"]) == 0


def test_the_index_takes_out_what_could_not_be_read(store: Store, settings: Settings) -> None:
    fill_store(store, [make_member(0, "northgate"), make_member(1, "bazaar")])
    run_stages(store, settings)
    fill_unread(store, [make_member(1, "bazaar", " and more", seen_at="2026-03-02")])
    run = run_stage(store, settings, "index", NIGHT)
    assert {name: count for name, count in run.counts.items() if name != "networks/indexed"} == {
        "adverts/unread": 1, "personas/gone": 1, "identifiers/indexed": 1, "identifiers/gone": 1
    }  # fmt: skip
    assert found(settings, "phone:07700900123") == {make_member(0, "northgate").id}


def test_officers_are_named_by_a_setting() -> None:
    settings = load_settings({"ASW_PROTECTION_OFFICERS": "DS 7, Jo Smith "})
    assert [settings.is_officer(name) for name in ("ds 7", "Jo Smith", "PC 1234", "", ",")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert not dataclasses.replace(settings, protection_officers="").is_officer("")


def test_the_command_lists_for_an_officer_with_a_reason_only(
    store: Store, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    young = make_member(1, "bazaar", ", and I'm 17")
    fill_store(store, [young])
    run_stage(store, settings, "enrich", NIGHT)
    for name, value in to_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert main(["quarantine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"counts": {"open": 1, "referred": 0, "released": 0}}
    assert main(["quarantine", "--officer", "PC 1234", "--reason", "curious"]) == 2
    assert main(["quarantine", "--officer", "DS 7"]) == 2
    assert young.id not in capsys.readouterr().out
    assert main(["quarantine", "--officer", "DS 7", "--reason", "morning review"]) == 0
    assert young.id in capsys.readouterr().out
    with store.connect() as connection:
        last = connection.execute(sa.select(audit).order_by(audit.c.id.desc())).first()
    assert last is not None
    assert (last.verb, last.subject, last.reason) == ("consultation", "quarantine list 1 of 1", "morning review")
    assert last.actor.startswith("DS 7 (")
