"""The market is what docs/simulated-market.md says: a lawful majority, hard cases, published base rates."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import pytest

from simulator.numbers import HUB_EMAILS, HUB_IMAGES, HUB_PHONES
from simulator.operations import UK_CASE
from simulator.places import load_places
from simulator.records import Content
from simulator.signs import COUNT_SHARES, OBSCURED, SIGNS
from tests.simulator.conftest import Loaded

LAWFUL: Final = {"independent", "pair", "duo", "agency", "parlour", "plagiarist"}
HUBS: Final = {*HUB_PHONES, *HUB_EMAILS, *HUB_IMAGES}
DRAMA: Final = re.compile(
    r"\+44(77009\d{5}|11[345678]4960\d{3}|1[2-6]14960\d{3}|2079460\d{3}|1914980\d{3}|2920180\d{3}|1632960\d{3}"
    r"|3069990\d{3}|8081570\d{3})"
)
WRITTEN_PLAINLY: Final = re.compile(r"(?<![\w@])(?:\+44|0044|0)(?:[ -]?\d){9,10}(?!\w)")
EXPLICIT: Final = re.compile(
    r"\b(sex|sexy|sexual|fuck\w*|nude|naked|anal|oral|porn|xxx|erotic|cum|cock|tits|horny|owo|bareback)\b",
    re.IGNORECASE,
)
WORDS_OF_SIGNS: Final = {
    "third_person": r"\b(she|her)\b",
    "plural": r"\b(we|our|two of us)\b",
    "agency": r"\b(ladies|agency|receptionist|driver)\b",
    "youth": r"\b(young|youthful|fresh)\b",
    "reassurance": r"\b(genuine|verified|trustworthy|reliable|rushed|100 %)",
    "movement": r"\b(new in|just arrived|back in|visiting|touring|on tour|first time in|last days)\b",
    "incall_only": r"\b(in-?calls?)\b",
    "nationality": r"\b(british|scottish|welsh|irish|romanian|polish|spanish|portuguese|italian|brazilian|hungarian"
    r"|czech|greek|thai|latvian|jamaican|french(?! films)|(?<!good )english)\b",
    "tight_schedule": r"\b(24 hours|24/7|all night|every hour)\b",
}


def _read_text(record: Content) -> str:
    return f"{record.title}\n{record.body}"


def _count_shares(counts: Counter[int]) -> list[float]:
    total = counts.total()
    return [counts[0] / total, counts[1] / total, counts[2] / total, sum(counts[n] for n in counts if n > 2) / total]


def test_at_least_four_in_five_advertisers_are_lawful_and_every_kind_is_there(market: Loaded) -> None:
    for level in ("control", "persona"):
        kinds = Counter[str](kind for _, kind in {(getattr(truth, level), truth.kind) for truth in market.truths})
        assert sum(kinds[kind] for kind in LAWFUL) >= 0.8 * kinds.total()
        assert set(kinds) == {*LAWFUL, "operation"}
    assert market.summary.advertisers["operation"] == len({t.control for t in market.truths if t.kind == "operation"})


def test_sites_have_their_shares(market: Loaded) -> None:
    for site, share in {"northgate": 0.45, "bazaar": 0.25, "lantern": 0.30}.items():
        assert market.summary.by_site[site] / market.summary.adverts == pytest.approx(share, abs=0.03)


def test_counts_of_signs_come_near_the_published_base_rates(market: Loaded) -> None:
    shares = _count_shares(Counter(len(truth.signs) for truth in market.truths))
    for found, published in zip(shares, COUNT_SHARES, strict=True):
        assert found == pytest.approx(published, abs=0.025)


def test_a_sign_alone_does_not_reveal_an_operation(market: Loaded) -> None:
    signs: dict[str, Counter[str]] = defaultdict(Counter)
    adverts = Counter[str](truth.kind for truth in market.truths)
    for truth in market.truths:
        signs[truth.kind].update(truth.signs)
    for sign in SIGNS:
        among_operations = signs["operation"][sign] / adverts["operation"]
        among_independents = signs["independent"][sign] / adverts["independent"]
        assert among_operations < 2.5 * among_independents, sign
        assert signs["operation"][sign] < sum(signs[kind][sign] for kind in LAWFUL), sign


def test_the_words_of_a_sign_stand_only_where_it_was_planted(market: Loaded) -> None:
    for sign, words in WORDS_OF_SIGNS.items():
        pattern, hits = re.compile(words, re.IGNORECASE), 0
        for truth, versions in market.iter_pairs():
            found = bool(pattern.search(_read_text(versions[0].record)))
            allowed = sign in truth.signs or (sign == "plural" and truth.kind == "duo")
            hits += found
            assert not found or allowed, (sign, pattern.findall(_read_text(versions[0].record)))
        assert hits >= 0.6 * sum(sign in truth.signs for truth in market.truths), sign


def test_a_number_is_disguised_exactly_where_the_sign_says_so_and_mostly_plain(market: Loaded) -> None:
    styles = Counter(truth.disguise for truth in market.truths if truth.disguise)
    plain = styles["plain"] / styles.total()
    assert plain == pytest.approx(0.73, abs=0.05)
    for truth in market.truths:
        hidden = truth.disguise not in {"", "plain", "international", "link", "punctuated"}
        assert hidden == (OBSCURED in truth.signs)


def test_the_uk_case_has_its_shape(market: Loaded) -> None:
    case = [truth for truth in market.truths if truth.trait == UK_CASE]
    regions = {place.town: place.region for place in load_places()}
    assert len({truth.control for truth in case}) == 1
    assert len({truth.advertiser for truth in case}) == 2
    assert len({truth.account for truth in case}) == 10
    assert len({truth.payer for truth in case}) == 4
    assert len({email for truth in case for email in truth.identifiers.get("email", ()) if email not in HUBS}) == 8
    assert len({phone for truth in case for phone in truth.identifiers["phone"] if phone not in HUBS}) == 13
    towns = {version.record.location for truth in case for version in market.versions[truth.site, truth.ref]}
    assert len({regions[town] for town in towns if town}) == 3


def test_every_phone_lies_in_a_range_that_rings_nowhere(market: Loaded) -> None:
    for truth, versions in market.iter_pairs():
        phones = truth.identifiers.get("phone", ())
        assert all(DRAMA.fullmatch(phone) for phone in phones)
        for version in versions:
            for written in WRITTEN_PLAINLY.findall(" | ".join((_read_text(version.record), *version.record.phones))):
                digits = re.sub(r"\D", "", written).removeprefix("00").removeprefix("44").removeprefix("0")
                assert f"+44{digits}" in phones, written


def test_addresses_are_nobodys(market: Loaded) -> None:
    text = "\n".join(_read_text(version.record) for versions in market.versions.values() for version in versions)
    hosts = set(re.findall(r"@(\w+\.\w+)", text))
    assert hosts == {"example.com", "example.org", "example.net"}


def test_texts_are_tasteful_and_nobody_is_under_twenty(market: Loaded) -> None:
    for versions in market.versions.values():
        for version in versions:
            assert not EXPLICIT.search(_read_text(version.record))
            assert not version.record.age or int(version.record.age.split()[0]) >= 20


def test_texts_are_as_long_as_real_ones(market: Loaded) -> None:
    lengths = sorted(len(versions[0].record.body.split()) for versions in market.versions.values())
    assert lengths[len(lengths) // 20] >= 60
    assert lengths[len(lengths) * 19 // 20] <= 150


def test_strangers_share_a_value_only_by_design(market: Loaded) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for truth in market.truths:
        designed = truth.trait in {"number-given-up", "number-taken-over", "copied-photo"}
        for kind in ("phone", "email", "handle", "url"):
            for value in truth.identifiers.get(kind, ()):
                if value not in HUBS and not designed:
                    holders[value].add(truth.household)
    assert not [value for value, households in holders.items() if len(households) > 1]
    accounts = {(truth.account, truth.control) for truth in market.truths}
    assert len(accounts) == len({account for account, _ in accounts})


def test_hard_cases_are_there(market: Loaded) -> None:
    controls: dict[str, set[str]] = defaultdict(set)
    by_phone: dict[str, set[str]] = defaultdict(set)
    for truth in market.truths:
        controls[truth.trait].add(truth.control)
        if truth.kind == "pair":
            by_phone[truth.identifiers["phone"][0]].add(truth.control)
    for trait in ("number-given-up", "number-taken-over", "copied-text", "copied-photo", "changed-number", "declared"):
        assert controls[trait], trait
    assert by_phone
    assert all(len(women) == 2 for women in by_phone.values())
    assert any(truth.kind == "independent" and not set(truth.identifiers) - {"image"} for truth in market.truths)


def test_a_reassigned_number_was_given_up_more_than_a_year_ago(market: Loaded) -> None:
    old = [(truth, versions[0]) for truth, versions in market.iter_pairs() if truth.trait == "number-given-up"]
    new = {truth.identifiers["phone"][0]: truth for truth in market.truths if truth.trait == "number-taken-over"}
    assert old
    for truth, version in old:
        assert date.fromisoformat(version.record.posted_at[:10]) < date(2026, 3, 1) - timedelta(days=365)
        assert new[truth.identifiers["phone"][0]].control != truth.control


def test_adverts_come_go_return_and_change(market: Loaded) -> None:
    returned = changed = 0
    for versions in market.versions.values():
        assert versions[0].first >= 0
        assert versions[-1].last <= 2
        assert all(version.first <= version.last for version in versions)
        for before, after in pairwise(versions):
            assert before.last < after.first
            returned += before.last + 1 < after.first
            changed += before.record != after.record
            assert before.record != after.record or before.last + 1 < after.first
    assert returned > 5
    assert changed > 50
    shown = [sum(v.is_shown(night) for vs in market.versions.values() for v in vs) for night in range(3)]
    assert all(count > 3_100 for count in shown)
    assert sum(versions[0].first > 0 for versions in market.versions.values()) > 50


def test_independents_do_not_write_alike_by_chance(market: Loaded) -> None:
    texts = {
        truth.control: versions[0].record.body
        for truth, versions in market.iter_pairs()
        if truth.kind == "independent" and not truth.trait
    }
    shingles = [set(pairwise(text.lower().split())) for text in list(texts.values())[:300]]
    for number, one in enumerate(shingles):
        for other in shingles[:number]:
            assert len(one & other) < 0.5 * len(one | other)


def test_names_of_the_hubs_are_published(market: Loaded) -> None:
    uses = Counter(v for truth in market.truths for values in truth.identifiers.values() for v in values if v in HUBS)
    assert {value for values in market.info.hubs.values() for value in values} == HUBS
    assert min(uses[value] for value in (*HUB_PHONES, *HUB_EMAILS)) >= 5
