"""What commands print is what the pages show."""

from pathlib import Path
from typing import Any

import pytest

from adverts.model import Member, Network
from adverts.store import open_store
from console.cli import main
from console.decisions.ledger import make_decision, record_decision, undo_decision
from tests.builders import fill_networks, fill_store, make_advert
from tests.console.web.market import NETWORK, iter_network_adverts
from tests.console.web.serving import Served


def _network(name: str, members: list[Member], level: str) -> Network:
    empty: dict[str, Any] = dict.fromkeys(
        ("identifiers", "forces", "regions", "held_by", "bridges", "indicators"), ()
    )  # fmt: skip
    inside = [member for member in members if member.network == name]
    return Network(
        network=name, adverts=tuple(member.id for member in inside), first_seen="", last_seen="",
        personas=tuple({member.persona for member in inside}), triage={"level": level}, **empty,
    )  # fmt: skip


def test_a_network_is_printed_with_what_its_page_says(
    console: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = [advert.id for _, advert in iter_network_adverts()][:2]
    decision = make_decision("same", pair, author="PC 7", reason="one wardrobe")
    number = record_decision(console.store, decision)
    monkeypatch.setenv("ASW_HOME", str(console.home))
    assert main(["network", NETWORK]) == 0
    undo_decision(console.store, number, author="PC 7", reason="a test")
    printed = capsys.readouterr().out
    for said in (
        "Alert: read first. By a stated rule: two independent documented signs, one of them structural",
        "shared e-mail", "Without this link the network falls into parts of 3 and 7 adverts.",
        "−0.40. The first is in this network, the second is not", "Ivy 0 in Cardiff", "where every pair starts",
        "One address or account, many personas", "the network as a whole", "18.0%", "untested",
        f"{pair[0]} and {pair[1]} are under one control", "in force", "one wardrobe",
    ):  # fmt: skip
        assert said in printed
    assert "+2.80, probability 0.97" in printed.partition("Weakest link that it needs")[2]
    assert "shared_" not in printed


def test_networks_are_listed_in_the_order_of_their_page_without_single_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = {"net-large": (5, 2), "net-many": (3, 3), "net-alert": (2, 2), "net-single": (4, 1)}
    adverts = [make_advert(f"{name}{each}") for name, (size, _) in sizes.items() for each in range(size)]
    owners = [(name, each % personas) for name, (size, personas) in sizes.items() for each in range(size)]
    members = [
        Member(id=advert.id, persona=f"per-{name}{persona}", network=name)
        for advert, (name, persona) in zip(adverts, owners, strict=True)
    ]
    store = open_store(f"sqlite:///{tmp_path / 'asw.db'}")
    fill_store(store, adverts)
    levels = {name: "alert" if name == "net-alert" else "review" for name in sizes}
    fill_networks(store, members, [_network(name, members, level) for name, level in levels.items()])
    store.close()
    monkeypatch.setenv("ASW_HOME", str(tmp_path))

    def list_names(*arguments: str) -> list[str]:
        assert main(["networks", *arguments]) == 0
        return [line.split()[0] for line in capsys.readouterr().out.splitlines()[3:]]

    assert list_names() == ["net-alert", "net-many", "net-large"]
    assert list_names("--size", "1") == ["net-alert"]
    assert list_names("--show", "all") == ["net-alert", "net-many", "net-large", "net-single"]
    assert list_names("--show", "one") == ["net-single"]
    assert list_names("--sort", "size") == ["net-large", "net-many", "net-alert"]
    with pytest.raises(SystemExit):
        main(["networks", "--size", "0"])
