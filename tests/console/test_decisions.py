"""Decisions say what they would change, are kept, honoured by the next linking, and can be undone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Decision, Verdict
from adverts.settings import Settings
from adverts.store import Store, open_store
from adverts.store.schema import audit, decisions, enrichments, members, versions
from console.cli import main
from console.decisions.consequences import WHEN, foresee
from console.decisions.ledger import name_targets, read_decisions, record_decision, undo_decision
from tests.graph.markets import read_case
from tests.graph.test_stage import fill_store, link

NETWORK_OF = sa.select(members.c.advert_id, members.c.network_id)


def make_decision(decision: Verdict, a: str = "", b: str = "", value: str = "") -> Decision:
    return Decision(decision=decision, a=a, b=b, value=value, author="PC 7", reason="seen together")


def networks_of(store: Store) -> dict[str, str | None]:
    with store.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(NETWORK_OF)}


@pytest.fixture
def linked(any_store: Store) -> Store:
    """A store with one network of seven adverts (ad001 to ad007), and two adverts that stand alone."""
    fill_store(any_store, read_case("rotation"))
    link(any_store)
    return any_store


def test_a_decision_is_kept_logged_honoured_and_undone(linked: Store) -> None:
    number = record_decision(linked, make_decision("same", "ad008", "ad009"))
    link(linked)
    assert networks_of(linked)["ad008"] == networks_of(linked)["ad009"] is not None
    undoing = undo_decision(linked, number, author="PC 8", reason="another person")
    link(linked)
    assert networks_of(linked)["ad008"] is None
    (entry,) = read_decisions(linked)
    assert (entry.id, entry.author, entry.reason, entry.undone_by) == (number, "PC 7", "seen together", undoing)
    assert name_targets([entry]) == {number: "ad008 and ad009 are under one control"}
    with linked.connect() as connection:
        logged = connection.execute(sa.select(audit.c.subject).where(audit.c.verb == "alteration")).scalars().all()
    assert logged == [
        f"decision {number}: same ad008 ad009",
        f"decision {undoing}: undoes decision {number}, ad008 ad009",
    ]


def test_same_says_what_becomes_one_and_which_ruling_stands_against_it(linked: Store) -> None:
    assert foresee(linked, make_decision("same", "ad001", "ad008")) == [
        "Their network and the other advert become one network of 8 adverts.", WHEN,
    ]  # fmt: skip
    assert "two adverts become one network of 2 adverts" in foresee(linked, make_decision("same", "ad008", "ad009"))[0]
    assert "in one network already" in foresee(linked, make_decision("same", "ad001", "ad002"))[0]
    against = record_decision(linked, make_decision("different", "ad002", "ad008"))
    assert (
        f"Decision {against} keeps ad002 and ad008 apart" in foresee(linked, make_decision("same", "ad001", "ad008"))[1]
    )
    with linked.begin() as connection:
        connection.execute(sa.update(versions).values(record={"title": "Back this week"}))
    said = foresee(linked, make_decision("same", "ad001", "ad008"))[1]
    assert (
        f"Decision {against} keeps “Back this week” (ad002) and “Back this week” (ad008) apart, one from each" in said
    )


def test_different_says_what_the_network_becomes_and_the_next_linking_agrees(linked: Store) -> None:
    network = [advert for advert, name in networks_of(linked).items() if name]
    said = foresee(linked, make_decision("different", "ad001", "ad004"))
    assert said[0].startswith(f"The weakest links between them are cut: the network of {len(network)} adverts becomes ")
    record_decision(linked, make_decision("different", "ad001", "ad004"))
    link(linked)
    now = networks_of(linked)
    stays = [
        f"stays with {list(now.values()).count(now[advert]) - 1} other" if now[advert] else "is left alone"
        for advert in ("ad001", "ad004")
    ]
    assert f" The first {stays[0]}" in said[0]
    assert f", the second {stays[1]}" in said[0]
    assert now["ad001"] is None or now["ad001"] != now["ad004"]
    sizes = sorted((list(now.values()).count(name) for name in {now[each] for each in network} - {None}), reverse=True)
    assert all(f"{size} adverts" in said[0] for size in sizes)
    assert "keeps them apart" in foresee(linked, make_decision("different", "ad001", "ad008"))[0]


def test_a_decision_against_a_chain_of_others_is_accepted_and_explained(linked: Store) -> None:
    first = record_decision(linked, make_decision("same", "ad001", "ad008"))
    second = record_decision(linked, make_decision("same", "ad008", "ad009"))
    link(linked)
    said = foresee(linked, make_decision("different", "ad001", "ad009"))
    assert f"(decisions {second} and {first})" in said[1]
    record_decision(linked, make_decision("different", "ad001", "ad009"))
    link(linked)
    now = networks_of(linked)
    assert now["ad001"] != now["ad009"]


def test_hub_confirm_and_the_opposite_ruling_are_foreseen(linked: Store) -> None:
    said = foresee(linked, make_decision("hub", value="a@example.com"))
    assert said[0].startswith("2 adverts in 1 network show it.")
    network = next(name for name in networks_of(linked).values() if name)
    number = record_decision(linked, make_decision("confirm", network))
    foreseen = " ".join(foresee(linked, make_decision("dismiss", network)))
    assert f"takes the place of decision {number} by PC 7" in foreseen
    assert "more than twice the adverts of today" in foreseen
    (entry,) = (entry for entry in read_decisions(linked) if entry.id == number)
    with linked.connect() as connection:
        size = connection.scalar(sa.select(decisions.c.size).where(decisions.c.id == number))
    assert (entry.a, size) == (network, 7)


@pytest.mark.parametrize(
    ("decision", "problem"),
    [
        (make_decision("same", "ad001", "ad001"), "two different ones"),
        (make_decision("same", "ad001", "ad999"), "no advert ad999"),
        (make_decision("different", "", "ad001"), "no advert without an id"),
        (make_decision("confirm", "net-none"), "no network net-none"),
        (make_decision("hub", value="+447700900999"), "No advert shows the value"),
        (Decision(decision="same", a="ad001", b="ad002", author="PC 7", reason=" "), "Say why"),
    ],
)
def test_a_decision_about_nothing_is_refused_and_leaves_no_trace(
    store: Store, decision: Decision, problem: str
) -> None:
    fill_store(store, read_case("rotation"))
    with pytest.raises(StopRun, match=problem):
        record_decision(store, decision)
    assert read_decisions(store) == []


def test_one_that_says_the_same_is_refused(linked: Store) -> None:
    first = record_decision(linked, make_decision("same", "ad008", "ad009"))
    with pytest.raises(StopRun, match=f"Decision {first} by PC 7 says so already"):
        record_decision(linked, make_decision("same", "ad009", "ad008"))
    undo_decision(linked, first, author="PC 8", reason="no")
    assert record_decision(linked, make_decision("same", "ad008", "ad009")) > first


def test_of_several_who_undo_at_once_one_is_heard(linked: Store) -> None:
    number = record_decision(linked, make_decision("same", "ad008", "ad009"))

    def undo(author: int) -> bool:
        try:
            undo_decision(linked, number, author=f"PC {author}", reason="no")
        except StopRun:
            return False
        return True

    shared = linked.engine.url.database not in (None, "", ":memory:")  # one in memory has one connection
    with ThreadPoolExecutor(4 if shared else 1) as pool:
        assert sum(pool.map(undo, range(4))) == 1
    assert len(read_decisions(linked)) == 1


def test_what_a_decision_on_a_withheld_advert_names_is_kept_back(linked: Store) -> None:
    record_decision(linked, make_decision("same", "ad008", "ad009"))
    record_decision(linked, make_decision("hub", value="a@example.com"))
    with linked.begin() as connection:
        connection.execute(sa.update(versions).values(record={"title": "Back this week"}))
    assert {each.a_title for each in read_decisions(linked)} == {"Back this week", ""}
    with linked.begin() as connection:
        connection.execute(sa.delete(enrichments))  # nothing is judged any more, so nothing may be given out
    entries = read_decisions(linked)
    assert [
        (each.a, each.a_title, each.b, each.b_title, each.value, each.reason, each.is_withheld) for each in entries
    ] == [("", "", "", "", "", "", True)] * 2
    with pytest.raises(StopRun, match="No advert shows the value"):
        record_decision(linked, make_decision("hub", value="+447700900001"))


def test_only_a_standing_decision_can_be_undone(linked: Store) -> None:
    number = record_decision(linked, make_decision("same", "ad008", "ad009"))
    with pytest.raises(StopRun, match="Say why"):
        undo_decision(linked, number, author="PC 8", reason="")
    undone = undo_decision(linked, number, author="PC 8", reason="no")
    for wrong in (number, undone, 999):
        with pytest.raises(StopRun, match=r"undone already|no decision"):
            undo_decision(linked, wrong, author="PC 8", reason="no")
    with linked.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(decisions)).scalar() == 2


def test_the_command_previews_records_lists_and_undoes(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("ASW_HOME", str(folder))
    kept = open_store(Settings(home=folder).database_url)
    fill_store(kept, read_case("rotation"))
    kept.close()
    asked = ["decide", "same", "ad008", "ad009"]
    assert main([*asked, "--preview"]) == 0
    assert "become one network of 2 adverts" in capsys.readouterr().out
    assert main(asked) == 2
    assert "Say why" in capsys.readouterr().err
    assert main([*asked, "--reason", "seen"]) == 0
    assert "asw decide undo 1" in capsys.readouterr().out
    assert main(["decide", "list"]) == 0
    assert "in force" in capsys.readouterr().out
    assert main(["decide", "undo", "1", "--reason", "wrong", "--json"]) == 0
    assert '"undoes"' in capsys.readouterr().out
    assert main(["decide", "undo", "x", "--reason", "wrong"]) == 2
    assert main(["decide", "hub", "07700 900 001", "--preview"]) == 0
    assert "It will link none of them" in capsys.readouterr().out
    assert main(["decide", "same", "ad008"]) == 2
    assert "takes two adverts, 1 given" in capsys.readouterr().err
