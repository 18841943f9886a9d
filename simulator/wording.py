"""Advert texts: composed from the sentence banks, edited by hand as people do, written in somebody's own manner."""

import random
from dataclasses import dataclass, replace
from typing import Final, Literal

from adverts.ids import make_id
from simulator.grammar import load_bank, load_synonyms

_TOPICS: Final = {
    "own": ("self", "hobby", "offer", "offer", "flat", "evening", "asks", "asks", "self", "hobby", "flat"),
    "house": ("house",),
}
_TITLES: Final = {"own": "titles", "house": "titles house"}
_CALLS: Final = {"own": "call", "house": "house_call"}
_LETTER_TURNS: Final = {" you ": " u ", " your ": " ur ", " are ": " r ", " and ": " & ", " please": " pls"}
_MARKS: Final = ("💕", "✨", "🌸", "☀️", "💋", "🍀", "♥", "🌺")


@dataclass(frozen=True)
class Style:
    """A writer's manner, the same in everything they write."""

    lower_case: bool = False
    loud_title: bool = False
    short_words: bool = False
    exclaims: bool = False
    mark: str = ""
    separator: str = " "
    typo_rate: float = 0.0


@dataclass(frozen=True)
class Draft:
    """A text without the facts of one advert: `{name}`, `{town}`, `{phone}` and the like stay open.

    `hours` and `outcall` are kept apart because an advert's signs may contradict them. `voice` says who speaks,
    `source` names the text that this one is, or was edited from.
    """

    title: str
    prose: tuple[str, ...]
    call: str
    hours: str = ""
    outcall: str = ""
    voice: Literal["own", "house"] = "own"
    source: str = ""


def draw_style(rng: random.Random) -> Style:
    """Return one writer's manner; most write plainly."""
    return Style(
        lower_case=rng.random() < 0.08,
        loud_title=rng.random() < 0.10,
        short_words=rng.random() < 0.08,
        exclaims=rng.random() < 0.12,
        mark=rng.choice(_MARKS) if rng.random() < 0.12 else "",
        separator=rng.choice((" ", " ", " ", "\n", "\n", "\n\n", " ... ")),
        typo_rate=rng.choice((0.0, 0.0, 0.0, 0.002, 0.004, 0.012)),
    )


def compose_draft(rng: random.Random, language: str = "en") -> Draft:
    """Return a new text of one person about herself."""
    bank = load_bank("english")
    if language != "en" and rng.random() < 0.7:
        foreign = load_bank("languages").make_many(rng, language, 6)
        call = next((sentence for sentence in foreign if "{phone}" in sentence), "")
        prose = [sentence for sentence in foreign if sentence != call]
        prose += [bank.make(rng, topic) for topic in rng.sample(_TOPICS["own"], 4)]
        return _name(Draft(title=bank.make(rng, "titles"), prose=tuple(prose), call=call or bank.make(rng, "call")))
    prose = [bank.make(rng, "greeting"), *_compose_middle(rng)]
    if rng.random() < 0.6:
        prose.append(bank.make(rng, "paying"))
    if rng.random() < 0.6:
        prose.append(bank.make(rng, "closing"))
    return _name(
        Draft(
            title=bank.make(rng, "titles"),
            prose=tuple(prose),
            call=bank.make(rng, "call"),
            hours=bank.make(rng, "hours") if rng.random() < 0.5 else "",
            outcall=bank.make(rng, "outcall") if rng.random() < 0.3 else "",
        )
    )


def _compose_middle(rng: random.Random) -> list[str]:
    bank, made = load_bank("english"), []
    topics = rng.sample(_TOPICS["own"], rng.randrange(4, 8))
    for topic in sorted(set(topics), key=topics.index):
        made += bank.make_many(rng, topic, topics.count(topic))
    return made


def compose_house_draft(rng: random.Random) -> Draft:
    """Return the standing text of an agency or a parlour, for each of its people."""
    bank = load_bank("english")
    prose = tuple(bank.make_many(rng, "house", rng.randrange(6, 10)))
    return _name(Draft(bank.make(rng, _TITLES["house"]), prose, bank.make(rng, _CALLS["house"]), voice="house"))


def _name(draft: Draft) -> Draft:
    """Return a new text under a name of its own."""
    return replace(draft, source=make_id("text", draft.title, *draft.prose))


def edit_draft(rng: random.Random, draft: Draft, strength: float) -> Draft:
    """Return the text as somebody changed it by hand; `strength` 0 is a copy, 1 is mostly new.

    Sentences are dropped, moved, replaced and added, words swapped for their like.
    """
    bank, prose, topics = load_bank("english"), [], _TOPICS[draft.voice]
    for sentence in draft.prose:
        draw = rng.random()
        if draw < 0.14 * strength:
            continue
        if draw < 0.40 * strength:
            sentence = bank.make(rng, rng.choice(topics))  # noqa: PLW2901 -- rewritten in place, as an editor does
        prose.append(swap_words(rng, sentence, 0.6 * strength))
    if rng.random() < strength:
        prose.insert(rng.randrange(1, len(prose) + 1) if prose else 0, bank.make(rng, rng.choice(topics)))
    if len(prose) > 2 and rng.random() < strength:
        at = rng.randrange(1, len(prose) - 1)
        prose[at], prose[at + 1] = prose[at + 1], prose[at]
    return replace(
        draft,
        title=bank.make(rng, _TITLES[draft.voice]) if rng.random() < strength else draft.title,
        prose=tuple(prose),
        call=bank.make(rng, _CALLS[draft.voice]) if rng.random() < 0.5 * strength else draft.call,
        hours=bank.make(rng, "hours") if draft.hours and rng.random() < strength else draft.hours,
    )


def swap_words(rng: random.Random, sentence: str, rate: float) -> str:
    """Return the sentence with some of its words swapped for their like."""
    swaps = load_synonyms()
    words = sentence.split(" ")
    for at, word in enumerate(words):
        others = swaps.get(word)
        if others and rng.random() < rate:
            words[at] = rng.choice(others)
    return " ".join(words)


def dress(sentence: str, style: Style) -> str:
    """Return the sentence in a writer's manner, open facts untouched, without typing errors."""
    if style.lower_case:
        sentence = sentence.lower()
    if style.short_words:
        for long, short in _LETTER_TURNS.items():
            sentence = sentence.replace(long, short)
    if style.exclaims and sentence.endswith("."):
        sentence = sentence[:-1] + "!"
    return sentence


def dress_draft(rng: random.Random, draft: Draft, style: Style) -> Draft:
    """Return the draft in a writer's manner; only its prose has typing errors."""
    prose = [dress(sentence, style) for sentence in draft.prose]
    if style.typo_rate:
        prose = [_mistype(rng, sentence, style.typo_rate) for sentence in prose]
    return replace(
        draft,
        prose=tuple(prose),
        call=dress(draft.call, style),
        hours=dress(draft.hours, style),
        outcall=dress(draft.outcall, style),
    )


def _mistype(rng: random.Random, text: str, rate: float) -> str:
    """Return the text with letters swapped, dropped or doubled, never in an open fact or a short word."""
    words = text.split(" ")
    for _ in range(int(len(text) * rate + rng.random())):
        at = rng.randrange(len(words))
        word = words[at]
        if len(word) > 4 and word.isalpha():
            cut = rng.randrange(1, len(word) - 2)
            turned = (word[cut + 1] + word[cut], word[cut], word[cut] * 2 + word[cut + 1])
            words[at] = word[:cut] + rng.choice(turned) + word[cut + 2 :]
    return " ".join(words)
