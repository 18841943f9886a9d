"""A market of another style than the simulator's, so that linking is not tuned to one way of writing.

Words are invented and every text is a free row of them, where the simulator draws from a bank of sentences; notices
that nearly half the adverts end in are longer than most texts. Controllers rotate phones or give each persona her own,
edit their texts lightly, moderately or heavily, and move over towns and sites. Half of the independents show no
identifier. Planted beside them: help lines, copied texts, numbers given on, two women with one phone, agencies whose
text a rival copies, stock pictures; numbers follow one another, so that many differ by a digit.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from adverts.arrow import Linkables, build_linkables
from adverts.model import Advert, Extraction, Mention
from adverts.territory import find_town

_STARTS: Final = "br cl dr fl gr pl st tr sh th b c d f g h l m n p r s t v w".split()
_VOWELS: Final = ("a", "e", "i", "o", "u", "ea", "oo", "ai", "ou")
_ENDS: Final = ("nd", "st", "ck", "ll", "m", "n", "r", "t", "sh", "ng", "p", "d", "rn", "lt", "ss", "")
_TAILS: Final = ("er", "ing", "ly", "ed", "y", "en", "ish", "ful")
_LITTLE: Final = "the a and to of in with for my you me i is are very all at on your we can be our so it this".split()
_NAMES: Final = (
    "anna mia bella sofia lena eva nina kiki lola rosa ella jade ruby maya zara ivy tina dana alina bianca carla daria "
    "elena flora gina hana irina jana kira lara mona nadia olga petra rita sara tara una vera wanda yana zoe amy beth "
    "cleo dee esme fay gwen hope"
).split()
_TOWNS: Final = (
    "Leeds Hull Norwich Cardiff Swansea Derby Leicester Nottingham Exeter Plymouth Bristol Oxford Cambridge Preston "
    "Blackpool Bolton Wigan Carlisle Durham Sunderland Luton Ipswich Southampton Portsmouth Brighton Coventry "
    "Wolverhampton Chester Warrington Reading"
).split()
_SITES: Final = ("alpha", "beta", "gamma", "delta")
_EDITS: Final = (0.08, 0.18, 0.32)
_FIRST_DAY: Final = date(2025, 1, 1)
_LAST_DAY: Final = date(2026, 3, 10)


@dataclass(frozen=True)
class Known:
    """The truth about one advert, in the form that the scores ask for."""

    id: str
    control: str
    kind: str
    household: str = ""
    trait: str = ""
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Post:
    """What one advert shows."""

    control: str
    kind: str
    words: Sequence[str]
    name: str
    town: str
    phones: Sequence[str] = ()
    account: str = ""
    image: str = ""
    day: date | None = None
    age: int | None = None
    household: str = ""
    trait: str = ""
    text: str = ""


@dataclass
class _Pens:
    """What everyone in the market writes with."""

    rng: random.Random
    words: list[str]
    stock: list[list[str]] = field(default_factory=list)
    copied: list[Sequence[str]] = field(default_factory=list)
    numbers: int = 0

    def take_phone(self) -> str:
        """Return the next number of 07700 9."""
        self.numbers += 1
        return f"+4477009{self.numbers:05}" if self.numbers < 100_000 else f"+44770{self.numbers:07}"

    def write(self, length: int) -> list[str]:
        """Return a text: little words, words that are the rarer the later they stand in the list, stock phrases."""
        text: list[str] = []
        while len(text) < length:
            text += self.rng.choice(self.stock) if self.stock and self.rng.random() < 0.25 else [self.pick_word()]
        return text

    def pick_word(self) -> str:
        if self.rng.random() < 0.42:
            return self.rng.choice(_LITTLE)
        return self.words[int(len(self.words) * self.rng.random() ** 2.2)]

    def edit(self, text: Sequence[str], level: float) -> list[str]:
        """Return a text with sentences dropped, replaced and moved, and words of the others changed."""
        cuts = random.Random(" ".join(text))  # the same sentences each time
        sentences, rest = [], list(text)
        while rest:
            length = cuts.randrange(6, 15)
            sentences.append(rest[:length])
            rest = rest[length:]
        kept = [self._edit_sentence(sentence, level) for sentence in sentences]
        if level > 0.15 and self.rng.random() < 0.5:
            self.rng.shuffle(kept)
        return [word for sentence in kept for word in sentence] or self.write(8)

    def _edit_sentence(self, sentence: Sequence[str], level: float) -> list[str]:
        draw = self.rng.random()
        if draw < level * 0.5:
            return []
        if draw < level:
            return [self.pick_word() for _ in range(self.rng.randrange(6, 14))]
        changed: list[str] = []
        for word in sentence:
            draw = self.rng.random()
            if draw >= level * 0.15:
                changed.append(self.pick_word() if draw < level * 0.3 else word)
        return changed


def make_free_market(adverts: int, seed: int) -> tuple[Linkables, list[Known]]:
    """Return the tables that linking reads, as a perfect extractor would give them, and the truth."""
    rng = random.Random(seed)
    pens = _Pens(rng, _make_words(rng, 2_500))
    pens.stock = [[pens.pick_word() for _ in range(rng.randrange(3, 9))] for _ in range(60)]
    notices = [" ".join(pens.write(130)) for _ in range(3)]
    help_lines = [pens.take_phone() for _ in range(3)]
    pictures = [f"{rng.getrandbits(64):016x}" for _ in range(10)]
    pairs: list[tuple[Advert, Extraction]] = []
    truths: list[Known] = []
    for post in _iter_posts(pens, adverts):
        key = f"x{len(truths):07}"
        shown = (*post.phones, post.account, post.image, post.text)
        truths.append(Known(key, post.control, post.kind, post.household, post.trait, tuple(filter(None, shown))))
        shared = [rng.choice(help_lines)] if rng.random() < 0.06 else []
        stock = [rng.choice(pictures)] if rng.random() < 0.03 else []
        notice = rng.choice(notices) if rng.random() < 0.45 else ""
        pairs.append(
            _publish(rng, key, post, (*post.phones, *shared), (*([post.image] if post.image else []), *stock), notice)
        )
    return build_linkables(pairs), truths


def _make_words(rng: random.Random, count: int) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < count:
        word = rng.choice(_STARTS) + rng.choice(_VOWELS) + rng.choice(_ENDS)
        words[word + (rng.choice(_TAILS) if rng.random() < 0.5 else "")] = None
    return list(words)


def _iter_posts(pens: _Pens, adverts: int) -> Iterator[_Post]:
    """Yield so many adverts or a few more: nobody's last ones are cut off."""
    made = number = 0
    while made < adverts:
        number += 1
        control, draw = f"c{number}", pens.rng.random()
        if draw < 0.05:
            posts = _run_operation(pens, control)
        elif draw < 0.06:
            posts = _run_agencies(pens, control)
        elif draw < 0.08:
            posts = _give_number_on(pens, control)
        elif draw < 0.10:
            posts = _share_flat(pens, control)
        elif draw < 0.14 and pens.copied:
            posts = _copy_text(pens, control)
        else:
            posts = _work_alone(pens, control)
        made += len(posts)
        yield from posts


def _run_operation(pens: _Pens, control: str) -> list[_Post]:
    rng = pens.rng
    size, covert, level = 6 + int(rng.expovariate(1 / 9)), rng.random() < 0.25, rng.choice(_EDITS)
    names = rng.sample(_NAMES, max(3, min(len(_NAMES), size // 3)))
    phones = [pens.take_phone() for _ in range(len(names) if covert else max(2, size // 4))]
    texts = [pens.write(rng.randrange(35, 110)) for _ in range(1 + size // 12)]
    towns, start = rng.sample(_TOWNS, rng.randrange(2, 7)), rng.randrange(300)
    pictures = [f"{rng.getrandbits(64):016x}" for _ in names]
    posts = []
    for turn in range(size):
        persona = turn % len(names)
        phone = phones[persona if covert else (turn * len(phones) // size + rng.randrange(2)) % len(phones)]
        text = rng.choice(texts)
        posts.append(
            _Post(
                control, "operation", pens.edit(text, level), names[persona], rng.choice(towns), text=" ".join(text),
                phones=() if rng.random() < 0.12 else (phone,), trait="covert" if covert else "open",
                image=pictures[persona] if rng.random() < 0.3 else "", age=22 + persona % 20,
                day=_FIRST_DAY + timedelta(days=start + turn * 90 // size),
            )
        )  # fmt: skip
    pens.copied.append(rng.choice(posts).words)
    return posts


def _run_agencies(pens: _Pens, control: str) -> list[_Post]:
    """Return an agency and, as often as not, a rival that took its text."""
    rng, text = pens.rng, pens.write(pens.rng.randrange(35, 110))
    posts = []
    for house in "ab"[: rng.randrange(1, 3)]:
        phones, town, site = (
            [pens.take_phone() for _ in range(rng.randrange(1, 3))],
            rng.choice(_TOWNS),
            rng.choice(_SITES),
        )
        posts += [
            _Post(
                f"{control}{house}", "agency", pens.edit(text, 0.1), rng.choice(_NAMES), town,
                phones=(rng.choice(phones),), account=f"{site}-{control}{house}",
            )
            for _ in range(rng.randrange(8, 30))
        ]  # fmt: skip
    return posts


def _give_number_on(pens: _Pens, control: str) -> list[_Post]:
    rng, phone = pens.rng, pens.take_phone()
    return [
        _Post(
            f"{control}{letter}", "reassigned", pens.write(60), rng.choice(_NAMES), rng.choice(_TOWNS), phones=(phone,),
            day=_FIRST_DAY + timedelta(days=days),
        )
        for letter, days in (("a", rng.randrange(60)), ("b", rng.randrange(360, 420)))
    ]  # fmt: skip


def _share_flat(pens: _Pens, control: str) -> list[_Post]:
    rng, phone, town = pens.rng, pens.take_phone(), pens.rng.choice(_TOWNS)
    posts = []
    for letter in "ab":
        text, name = pens.write(60), rng.choice(_NAMES)
        posts += [
            _Post(f"{control}{letter}", "pair", pens.edit(text, 0.08), name, town, phones=(phone,), household=control)
            for _ in range(rng.choice((1, 1, 2)))
        ]
    return posts


def _copy_text(pens: _Pens, control: str) -> list[_Post]:
    rng = pens.rng
    text, name = pens.edit(rng.choice(pens.copied), rng.choice((0, 0.08, 0.18))), rng.choice(_NAMES)
    phones = (pens.take_phone(),) if rng.random() < 0.6 else ()
    return [
        _Post(control, "copier", pens.edit(text, 0.05), name, rng.choice(_TOWNS), phones=phones)
        for _ in range(rng.choice((1, 1, 2)))
    ]


def _work_alone(pens: _Pens, control: str) -> list[_Post]:
    rng, text, town = pens.rng, pens.write(pens.rng.randrange(35, 110)), pens.rng.choice(_TOWNS)
    name, phones, age = rng.choice(_NAMES), (pens.take_phone(),) if rng.random() < 0.5 else (), rng.randrange(20, 50)
    posts = [
        _Post(control, "independent", pens.edit(text, 0.06), name, town, phones=phones, age=age)
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))
    ]
    if rng.random() < 0.3:
        pens.copied.append(rng.choice(posts).words)
    return posts


def _publish(
    rng: random.Random, key: str, post: _Post, phones: Sequence[str], pictures: Sequence[str], notice: str
) -> tuple[Advert, Extraction]:
    """Return the advert on its page and what reads out of it; a name or age is not always given."""
    day = post.day or _FIRST_DAY + timedelta(days=rng.randrange(420))
    seen = min(_LAST_DAY, day + timedelta(days=rng.randrange(1, 60)))
    lead = f"{post.name.title()} in {post.town}. " if rng.random() < 0.6 else ""
    call = f" Call {' or '.join(phones)}." if phones else ""
    body = f"{lead}{' '.join(post.words)}{call}{' ' + notice if notice else ''}"
    advert = Advert(
        id=key, site=rng.choice(_SITES), account=post.account, title=" ".join(post.words[:4]), body=body,
        name=post.name.title() if rng.random() < 0.8 else "", age=str(post.age or ""), location=post.town,
        posted_at=f"{day.isoformat()}T00:00:00Z", seen_at=f"{seen.isoformat()}T00:00:00Z",
    )  # fmt: skip
    town = find_town(post.town)
    assert town is not None, post.town
    mentions = [
        *(_mention("phone", phone) for phone in phones), *(_mention("image", picture) for picture in pictures),
        _mention("place", town.name, lat=town.lat, lon=town.lon, forces=town.forces, region=town.region),
    ]  # fmt: skip
    return advert, Extraction(id=key, mentions=tuple(mentions), indicators=(), text=body)


def _mention(kind: str, value: str, **attrs: object) -> Mention:
    return Mention(
        kind=kind, value=value, raw="", field="body", start=0, end=0, extractor="truth", confidence=1.0, attrs=attrs
    )
