import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.threads import sort_threads
from graph.words import Hashes, Kind, Usage, drop_repeated, find_values, map_masked, read_words, sort_distinct


def read_kinds(text: str) -> list[tuple[str, str]]:
    words = read_words([text])
    data = text.encode()
    return [
        (data[start:end].decode(), Kind(kind).name)
        for start, end, kind in zip(words.starts, words.ends, words.kinds, strict=True)
    ]


def mask(texts: list[str]) -> list[Hashes]:
    """Return the masked words of each text."""
    return [
        batch.hashes[batch.rows == text]
        for batch in map_masked(lambda each: each, texts, Usage())
        for text in batch.texts
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Call 07700 900123", [("Call", "WORD"), ("07700", "NUMBER"), ("900123", "NUMBER")]),
        ("£120 or €5 or 10am", [("120", "PRICE"), ("or", "WORD"), ("5", "PRICE"), ("or", "WORD"), ("10am", "NUMBER")]),
        ("to a.b@example.com", [("to", "WORD"), *((word, "ADDRESS") for word in ("a", "b", "example", "com"))]),
        ("on www.example.org/mia", [("on", "WORD"), *((word, "ADDRESS") for word in ("www", "example", "org", "mia"))]),
        ("rush 💋 café – ok", [("rush", "WORD"), ("café", "WORD"), ("ok", "WORD")]),
        ("你好 mia你", [("你", "WORD"), ("好", "WORD"), ("mia", "WORD"), ("你", "WORD")]),
        ("", []),
    ],
)  # fmt: skip
def test_words_and_values_are_told_by_their_form(text: str, words: list[tuple[str, str]]) -> None:
    assert read_kinds(text) == words


@given(st.lists(st.text(), max_size=5))
def test_a_text_has_the_same_words_in_any_company(texts: list[str]) -> None:
    together = read_words(texts)
    for row, text in enumerate(texts):
        alone, mine = read_words([text]), together.rows == row
        for one, other in zip(alone[1:], together[1:], strict=True):
            assert np.array_equal(np.asarray(one), np.asarray(other)[mine])


@given(st.text("abc é€£@.1 ", min_size=1))
def test_case_changes_no_hash(text: str) -> None:
    ascii_only = text.encode("ascii", "ignore").decode()
    assert np.array_equal(read_words([ascii_only.upper()]).hashes, read_words([ascii_only]).hashes)


def test_words_that_texts_write_with_a_capital_are_names_and_places_after_a_cue() -> None:
    texts = ["Hello, my name is Mia and I live in Milton Keynes.", "ask for Mia please", "Please ask in Milton Keynes"]
    words = read_words(texts)
    usage = Usage()
    usage.count(words)
    kinds, kept = find_values(words.rows, words.hashes, words.kinds, usage)
    assert [Kind(kind).name for kind in kinds[kept & (kinds > Kind.WORD)]] == ["NAME", "PLACE", "NAME", "PLACE"]


def test_a_name_in_any_alphabet_is_one() -> None:
    words = read_words(["ask for Łucja now", "i am Žana here", "меня зовут Анна сегодня"])
    usage = Usage()
    usage.count(words)
    assert np.flatnonzero(usage.find_proper(words.hashes)).tolist() == [2, 6, 10]


def test_long_texts_do_not_share_a_batch() -> None:
    texts = ["one two " * 60_000, "three four " * 60_000, "five"]
    assert [len(each.texts) for each in map_masked(lambda each: each, texts, Usage())] == [2, 1]
    assert list(map(len, mask(texts))) == [120_000, 120_000, 1]


def test_a_text_in_capitals_makes_no_names() -> None:
    words = read_words(["CALL Me Now For A Nice Time", "call me now for a nice time"])
    usage = Usage()
    usage.count(words)
    assert not usage.find_proper(words.hashes).any()


def test_texts_that_differ_in_values_alone_are_masked_alike() -> None:
    one, other, _ = mask(
        [
            "Hello I am Mia, new in Leeds, call 07700 900123, £120",
            "Hello I am Ruth, new in Hull, call 07700900 124, £80",
            "we say that Mia and Ruth are here in Leeds or in Hull and so on and so on",
        ]
    )
    assert len(one) == 10
    assert np.array_equal(one, other)


@pytest.mark.parametrize("unit", ["a", "a-", "a@", "1", "1 ", "www.", "Ab ", " ", "你"])
@pytest.mark.timeout(20)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    assert len(mask([unit * 100_000])[0]) <= 100_000


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_distinct_values_come_in_order(values: list[int]) -> None:
    assert sort_distinct(np.array(values, np.uint64)).tolist() == sorted(set(values))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1_000])
def test_values_are_sorted_on_all_cores(count: int) -> None:
    values = np.random.default_rng(count).integers(0, 50, count)
    expected = np.sort(values)
    sort_threads(values)
    assert np.array_equal(values, expected)
    assert np.array_equal(drop_repeated(values), np.unique(expected))
