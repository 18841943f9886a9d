"""Copied from one advert, or written from the text that it comes from too: told by the words, in one town."""

from msgspec.structs import replace

from adverts.model import Clustering, Decision, Reason
from benchmarks.links.free_market import make_free_market
from graph.clustering import cluster
from tests.graph.markets import (
    NAMES,
    Line,
    edit,
    get_groups,
    link_among_strangers,
    make_linkables,
    make_rotation,
    make_strangers,
    make_words,
)

ROTATION = make_rotation(7, ["Leeds", "Hull"])
HERS = Line(id="hers", name="Faye", town="Hull", phones=("+447700920001",))


def get_reasons(found: Clustering, advert: str) -> list[Reason]:
    links = [link for link in found.links if advert in (link.source, link.target)]
    return [reason for link in links for reason in link.reasons if reason.reason == "text_source"]


def test_who_copied_one_advert_of_an_operation_in_its_own_town_stays_out() -> None:
    thief = replace(HERS, text=edit(ROTATION[2].text.split(), 99))
    found = link_among_strangers([*ROTATION, thief])
    groups = get_groups(found)
    assert frozenset(line.id for line in ROTATION) in groups
    assert not any("hers" in group for group in groups)
    said = [reason.detail for link in found.links for reason in link.reasons if reason.reason == "same_text"]
    assert said
    assert all("5 otherwise unconnected hands, 1 of them copying" in detail for detail in said)


def test_a_copy_names_the_advert_that_it_was_copied_from() -> None:
    ruling = Decision(decision="same", a=ROTATION[0].id, b="hers")
    thief = replace(HERS, text=edit(ROTATION[2].text.split(), 99))
    (copied,) = get_reasons(link_among_strangers([*ROTATION, thief], [ruling]), "hers")
    assert f"in common with the one most like it, {ROTATION[2].id}, 9 of them with that one alone" in copied.detail
    assert copied.value.startswith("t")  # the text, as before


def test_who_edits_the_text_that_they_all_come_from_belongs_and_is_told_why() -> None:
    late = replace(HERS, text=edit(make_words(7, 50), 99))
    found = link_among_strangers([*ROTATION, late])
    assert frozenset({*(line.id for line in ROTATION), "hers"}) in get_groups(found)
    reasons = get_reasons(found, "hers")
    assert reasons
    assert all(", 0 of them with that one alone" in reason.detail for reason in reasons)
    assert min(reason.weight for reason in reasons) > -0.2  # of a text edited so little, hardly a word tells
    assert max(reason.weight for reason in reasons) > 0.3


def test_nothing_is_told_of_two_wordings_without_a_third() -> None:
    pair = [Line(id=f"two{n}", town="Leeds", text=edit(make_words(8, 50), n)) for n in range(2)]
    assert not get_reasons(link_among_strangers([*ROTATION, *pair]), "two0")


def test_a_copy_word_for_word_stays_out() -> None:
    groups = get_groups(link_among_strangers([*ROTATION, replace(HERS, text=ROTATION[2].text)]))
    assert not any("hers" in group for group in groups)


def test_a_market_is_told_the_same_twice() -> None:
    linkables, _ = make_free_market(1_500, seed=6)
    first, second = cluster(linkables), cluster(linkables)
    assert list(first.links) == list(second.links)
    assert list(first.networks) == list(second.networks)


def test_several_who_copied_one_advert_are_told_though_they_have_the_copy_in_common_and_some_end_in_a_notice() -> None:
    """What the copies share with their source is then nobody's alone, and what two notices share is not the text's."""
    for seed in range(11, 17):
        for notice, most in (("", -0.9), (f" {' '.join(make_words(999, 25))}", -0.7)):
            words = make_words(seed, 60)
            victim = replace(HERS, id="victim", text=" ".join(words))
            thieves = [
                replace(
                    HERS, id=f"thief{n}", name=NAMES[n], text=edit(words, 50 * seed + n),
                    phones=(f"+44770092001{n}",),
                )
                for n in range(4)
            ]  # fmt: skip
            lines = [
                replace(line, text=line.text + notice) if number % 2 else line
                for group in (make_strangers(80), [victim, *thieves])
                for number, line in enumerate(group)
            ]
            same = [Decision(decision="same", a="victim", b=thief.id) for thief in thieves]
            weights = [reason.weight for reason in get_reasons(cluster(make_linkables(lines), same), "victim")]
            assert len(weights) >= 3
            assert sum(weights) / len(weights) < most, (seed, notice, weights)
