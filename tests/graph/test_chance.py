import random

from graph.templates import Wordings

BANK = [" ".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=9)) for n in range(60)]


def make_free_text(rng: random.Random) -> list[str]:
    return ["".join(rng.choices("abcdefghijklmnop", k=3)) for _ in range(60)]


def make_stock_text(rng: random.Random) -> list[str]:
    return " ".join(rng.sample(BANK, 6)).split()


def edit(rng: random.Random, words: list[str], share: float) -> str:
    return " ".join("".join(rng.choices("qrstuvwxyz", k=5)) if rng.random() < share else word for word in words)


def test_a_market_of_few_sentences_asks_for_more_likeness_than_one_of_free_prose() -> None:
    enough = {}
    for make in (make_free_text, make_stock_text):
        rng = random.Random(5)
        found = Wordings((str(n), " ".join(make(rng))) for n in range(300))
        found.find_templates()
        enough[make] = found.enough[0]
    assert enough[make_free_text] < 0.1 < 0.2 < enough[make_stock_text]


def test_where_everyone_writes_freely_a_heavy_edit_is_found() -> None:
    rng = random.Random(3)
    texts = [(f"alone{n}", " ".join(make_free_text(rng))) for n in range(300)]
    base = make_free_text(rng)
    texts += [(f"edit{n}", edit(rng, base, 0.25)) for n in range(8)]
    (found,) = Wordings(texts).find_templates()
    assert set(found.members) == {f"edit{n}" for n in range(8)}


def test_what_is_enough_is_the_same_each_time() -> None:
    texts = [(str(n), " ".join(make_stock_text(random.Random(n)))) for n in range(200)]
    first, second = Wordings(texts), Wordings(texts)
    assert first.find_templates() == second.find_templates()
    assert first.enough == second.enough
