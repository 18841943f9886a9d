"""The shape of the graph tells of a broken spider or extractor without any label."""

import msgspec

from graph.clustering import cluster
from graph.shape import find_alarms
from tests.graph.markets import Line, make_linkables
from tests.graph.test_clustering import make_market

MARKET = make_market(7, 60)


def count(lines: list[Line]) -> dict[str, int]:
    return dict(cluster(make_linkables(lines)).counts)


def test_a_market_as_usual_gives_no_alarm() -> None:
    assert find_alarms(count(MARKET), [count(make_market(8, 60)), count(make_market(9, 60))]) == []


def test_figures_are_of_each_site_and_per_thousand() -> None:
    shape = {name: figure for name, figure in count(MARKET).items() if name.startswith("shape/")}
    assert shape["shape/north/without_identifier"] == 0
    assert shape["shape/north/names_per_phone"] == 1000
    assert shape["shape/market/largest"] == 2
    assert {name.split("/")[1] for name in shape} == {"north", "bay", "market"}


def test_a_site_whose_numbers_are_gone_is_named_with_what_was_usual() -> None:
    broken = [msgspec.structs.replace(line, phones=()) if line.site == "bay" else line for line in MARKET]
    alarms = find_alarms(count(broken), [count(MARKET)])
    assert any("site bay: 1,000 adverts in 1,000 without an identifier, usually 0" in alarm for alarm in alarms)
    assert not any("north" in alarm for alarm in alarms)


def test_an_extractor_that_reads_one_number_everywhere_is_noticed() -> None:
    broken = [msgspec.structs.replace(line, phones=("+447700900001",)) for line in MARKET]
    assert any("names for 1,000 numbers" in alarm for alarm in find_alarms(count(broken), [count(MARKET)]))


def test_a_first_run_and_a_small_site_say_nothing() -> None:
    assert find_alarms(count(MARKET), []) == []
    assert not any(name.startswith("shape/north") for name in count(MARKET[:20]))
