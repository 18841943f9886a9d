import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.slots import explain_template
from graph.templates import Template, Wordings, find_templates

BASE = (
    "Hello I am Mia, new in Leeds and happy to meet you for a long massage with warm oil, quiet music and green tea. "
    "My flat is close to the station. Call me on 07700 900123 between ten and six."
)
OTHER = (
    "Sports massage by a trained therapist for tired runners and cyclists. Shoulders, back and legs, honest prices, "
    "clean towels, and a bus stop at the door. Bookings by e-mail only, a day before please."
)


def make_words(seed: int, count: int) -> str:
    rng = random.Random(seed)
    return " ".join("".join(rng.choices("abcdefghijklmnop", k=4)) for _ in range(count))


def get_members(found: list[Template]) -> set[frozenset[str]]:
    return {frozenset(template.members) for template in found}


def test_edits_of_one_text_are_one_template_whatever_their_values() -> None:
    edited = BASE.replace("Mia", "Ruth").replace("Leeds", "Hull").replace("07700 900123", "07700 900456")
    heavier = edited.replace("green tea", "a glass of wine").replace("happy to", "would love to")
    found = find_templates([("a", BASE), ("b", edited), ("c", heavier), ("d", OTHER), ("e", "")])
    assert get_members(found) == {frozenset("abc")}


def test_the_number_itself_makes_no_template() -> None:
    call = "Call 07700 900123 or mail mia@example.com. "
    assert find_templates([("a", call + make_words(1, 30)), ("b", call + make_words(2, 30))]) == []


def test_wording_that_the_market_shares_makes_no_template() -> None:
    rules = " Please be polite and clean and on time and say that you saw my advert here, no withheld numbers, thanks."
    assert find_templates([(str(n), make_words(n, 40) + rules) for n in range(60)]) == []


def test_one_text_that_quotes_two_others_does_not_chain_them() -> None:
    left = [(f"l{n}", f"{make_words(1, 40)} {make_words(10 + n, 3)}") for n in range(4)]
    right = [(f"r{n}", f"{make_words(2, 40)} {make_words(20 + n, 3)}") for n in range(4)]
    both = ("both", f"{make_words(1, 40)} {make_words(2, 40)}")
    groups = get_members(find_templates([*left, both, *right]))
    assert not any({"l0", "r0"} <= group for group in groups)
    assert sum(len(group) >= 4 for group in groups) == 2


def test_a_chain_of_more_texts_than_are_overseen_falls_into_its_templates() -> None:
    count = 250
    own = [
        (f"{k}.{n}", f"{make_words(k, 40)} {make_words(1_000 + 4 * k + n, 3)}") for k in range(count) for n in range(4)
    ]
    quotes = [(f"{k}+", f"{make_words(k, 40)} {make_words(k + 1, 40)}") for k in range(count - 1)]
    groups = get_members(find_templates([*own, *quotes]))
    assert sum(group >= {f"{k}.{n}" for n in range(4)} for k in range(count) for group in groups) == count
    assert len(groups) == count


def test_equal_short_texts_are_one_template() -> None:
    assert get_members(find_templates([("a", "new in town"), ("b", "new in town"), ("c", "good night")])) == {
        frozenset("ab")
    }


@pytest.mark.parametrize(
    "text",
    [
        "Здравствуйте меня зовут Анна приезжайте ко мне в гости каждый день с утра до вечера у меня уютно и тихо",
        "Bună sunt nouă în oraș și te aștept cu drag în apartamentul meu liniștit și curat în fiecare zi până târziu",
        "你好我是新来的女孩每天都在这里等你来电请预约环境安静干净服务周到欢迎光临",
        "𝗛𝗲𝗹𝗹𝗼 𝗜 𝗮𝗺 𝗻𝗲𝘄 𝗵𝗲𝗿𝗲 𝗮𝗻𝗱 𝘄𝗼𝘂𝗹𝗱 𝗹𝗼𝘃𝗲 𝘁𝗼 𝗺𝗲𝗲𝘁 𝘆𝗼𝘂 𝘀𝗼𝗼𝗻 𝗳𝗼𝗿 𝗮 𝗹𝗼𝗻𝗴 𝗰𝗮𝗹𝗺 𝗲𝘃𝗲𝗻𝗶𝗻𝗴",
    ],
)
def test_a_text_of_any_script_is_found_again_in_any_case(text: str) -> None:
    others = [(str(n), make_words(n, 30)) for n in range(50)]
    assert get_members(find_templates([("a", text), ("b", text.upper()), *others])) == {frozenset("ab")}


def test_one_word_in_common_at_the_end_makes_no_template() -> None:
    others = [(str(n), make_words(n, 30)) for n in range(50)]
    assert find_templates([("a", "gentle polish girl"), ("b", "tall irish girl"), *others]) == []


def test_no_texts_no_templates() -> None:
    assert find_templates([]) == []
    assert find_templates([("a", ""), ("b", "!!!"), ("c", "\ud800")]) == []


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(8)))
def test_order_changes_nothing(order: list[int]) -> None:
    texts = [(f"{n}", (BASE, OTHER)[n % 2] + " and more" * (n // 2)) for n in range(8)]
    found = find_templates(texts[n] for n in order)
    assert {(template.id, frozenset(template.members)) for template in found} == {
        (template.id, frozenset(template.members)) for template in find_templates(texts)
    }


def test_a_template_keeps_its_name_while_younger_texts_join() -> None:
    texts = [(str(n), f"{BASE} {make_words(n, 3)}") for n in range(11)]
    names = {Wordings(texts[:count]).find_templates(np.arange(count))[0].id for count in range(2, 12)}
    assert len(names) == 1


def test_a_template_is_explained_with_slots() -> None:
    texts = {
        "a": "New in Cardiff, call 07700 900123! Ask for Mia. The best of Cardiff.",
        "b": "New in Leeds, call 07700 900456! Ask for Ruth. The best of Leeds.",
        "c": "New in Cardiff, ring 07700 900123! Ask for Mia. The best of Cardiff.",
    }
    form = explain_template(Template(id="t1", members=("a", "b", "c")), texts)
    assert form == {
        "template": "t1",
        "size": 3,
        "text": "New in {place}, {word} {phone}! Ask for {name}. The best of {place2}.",
        "slots": {
            "place": ["Cardiff", "Leeds"],
            "word": ["call", "ring"],
            "phone": ["07700 900123", "07700 900456"],
            "name": ["Mia", "Ruth"],
            "place2": ["Cardiff", "Leeds"],
        },
    }
