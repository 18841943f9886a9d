"""Any number under any composition of disguises is found once, with the right span; prose alone yields none."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from adverts.model import Advert, Mention
from enrichment.extractor import Extractor
from enrichment.extractors.phones import extract_phones
from enrichment.view import View

EXTRACTOR = Extractor("GB")
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
MISSPELT = ["zeero", "onne", "twoo", "thre", "fower", "fiv", "sixx", "sevn", "eigth", "nyne"]
LEET = ["zer0", "0ne", "tw0", "thr33", "f0ur", "f1ve", "s1x", "s3ven", "e1ght", "n1ne"]
LETTERS = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B"}
HOMOGLYPHS = {"0": "О", "1": "l", "3": "З", "4": "Ч"}
CHINESE = "零一二三四五六七八九"
FOREIGN = {
    "ro": "zero unu doi trei patru cinci șase șapte opt nouă",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "pt": "zero um dois três quatro cinco seis sete oito nove",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "hu": "nulla egy kettő három négy öt hat hét nyolc kilenc",
    "ru": "ноль один два три четыре пять шесть семь восемь девять",
    "tr": "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
}
DIGITS: dict[str, Callable[[str], str]] = {
    "plain": lambda digit: digit,
    "letter": lambda digit: LETTERS.get(digit, digit),
    "homoglyph": lambda digit: HOMOGLYPHS.get(digit, digit),
    "keycap": lambda digit: f"{digit}\ufe0f\u20e3",
    "fullwidth": lambda digit: chr(0xFF10 + int(digit)),
    "maths": lambda digit: chr(0x1D7CE + int(digit)),
    "circled": lambda digit: "⓪" if digit == "0" else chr(0x245F + int(digit)),
    "arabic": lambda digit: chr(0x0660 + int(digit)),
    "devanagari": lambda digit: chr(0x0966 + int(digit)),
    "combining": lambda digit: f"{digit}\u0336",
}
SPELT: dict[str, Callable[[str], str]] = {
    "word": lambda digit: WORDS[int(digit)],
    "capital": lambda digit: WORDS[int(digit)].upper(),
    "camel": lambda digit: WORDS[int(digit)].title(),
    "misspelt": lambda digit: MISSPELT[int(digit)],
    "leet": lambda digit: LEET[int(digit)],
    "chinese": lambda digit: CHINESE[int(digit)],
}
CLOSE = ["", " ", "-", ".", "*", "🍒", "\u200b", "/", "~", "_"]
WIDE = [" ", " . ", " - ", "...", " 💋 ", "\n", "  ", " / ", ") (", " <3 ", " ❤️ "]
PROSE_GB = [
    "", "Hello, I am Anna.", "One girl for two hours.", "I won and ate for two, to be fair.", "Open ten to nine.",
    "£120 an hour, £70 for thirty minutes.", "I am 23 and 5ft 6.", "Near CF10 1EP since 12/10/2025.",
    "💕 call me 💕", "No one to see, nothing for free.", "Size 10, 34DD, 165cm.", "09:00 - 23:00 every day.",
    "Leeds 7-9 March, York 10-12 March.", "First floor, flat 7, two minutes from the station.", "24/7, 100% real.",
    "Seven days a week, from one to ten.", "M1 4BT and S10 2TN.", "30 mins 60, 1 hour 100, 2 hours 180.",
    "Over 25s only, no under 30s.", "We are 21, 23 and 24.",
]  # fmt: skip
PROSE_US = [
    "", "Hi guys, I am Kim.", "80hh 120hr 200 2hr.", "$80 $120 $200.", "I'm 23, 5'4, 120 lbs, 34C-24-36.",
    "One on one or two on one, for you to see.", "10am-2am every day.", "24/7, 100% real, 100% me.",
    "No blocked calls!!!", "In town 3/5-3/9.", "21 22 23 24 25.", "2012, 2013 and 2014.", "Las Vegas 89109.",
    "Mon 8-12, Tue 1-5.", "Half hour 100, full hour 160.", "Five star service, one of a kind.",
]  # fmt: skip


class Written(NamedTuple):
    """A number in E.164 and a way to write it."""

    value: str
    text: str


@st.composite
def write_digits(draw: st.DrawFn, digits: str) -> str:
    """Return digits in a composition of up to three disguises, with one separator or two."""
    language = draw(st.sampled_from(["", "", "", *FOREIGN]))
    names = dict(zip("0123456789", FOREIGN[language].split(), strict=True)) if language else {}
    styles = draw(st.lists(st.sampled_from(sorted({**DIGITS, **SPELT})), min_size=1, max_size=3))
    is_spelt = (
        bool(language) or len({style in SPELT for style in styles}) > 1 or styles[0] in SPELT.keys() - {"chinese"}
    )
    separators = draw(st.lists(st.sampled_from(WIDE if is_spelt else [*CLOSE, *WIDE]), min_size=1, max_size=2))
    change: dict[str, Callable[[str], str]] = {**DIGITS, **SPELT, "foreign": lambda digit: names[digit]}
    parts = [change["foreign" if language else draw(st.sampled_from(styles))](digit) for digit in digits]
    return parts[0] + "".join(draw(st.sampled_from(separators)) + part for part in parts[1:])


@st.composite
def british(draw: st.DrawFn) -> Written:
    number = draw(st.sampled_from(["077009{:05}", "01614960{:03}", "02079460{:03}", "01632960{:03}", "01914980{:03}"]))
    digits = number.format(draw(st.integers(0, 999)))
    return Written(f"+44{digits[1:]}", draw(write_digits(digits)))


@st.composite
def american(draw: st.DrawFn) -> Written:
    area = draw(st.sampled_from(["212", "310", "415", "602", "702", "818", "904"]))
    digits = f"{area}55501{draw(st.integers(0, 99)):02}"
    return Written(f"+1{digits}", draw(write_digits(digits)))


@st.composite
def foreign(draw: st.DrawFn) -> Written:
    digits = draw(st.sampled_from(["40712345678", "353850123456", "48512345678", "33612345678", "14155550123"]))
    return Written(f"+{digits}", draw(st.sampled_from(["+", "+ ", "(+", "00"])) + " ".join((digits[:2], digits[2:])))


@st.composite
def doubled(draw: st.DrawFn) -> Written:
    """Return a British mobile that is read aloud: `oh double seven`, `treble four`, run together or not."""
    digits = f"077009{draw(st.integers(0, 99_999)):05}"
    words, at = [], 0
    while at < len(digits):
        same = len(digits[at:]) - len(digits[at:].lstrip(digits[at]))
        times = draw(st.integers(1, min(3, same)))
        oh = draw(st.sampled_from(["oh", "zero", "nought"]))
        name = oh if digits[at] == "0" else WORDS[int(digits[at])]
        words += [*{2: ["double"], 3: [draw(st.sampled_from(["treble", "triple"]))]}.get(times, []), name]
        at += times
    return Written(f"+44{digits[1:]}", draw(st.sampled_from([" ", "-", " - ", "\n"])).join(words))


def find_phones(body: str, region: str = "GB", title: str = "") -> list[Mention]:
    view = View(Advert(id="a", title=title, body=body), region, Counter())
    return list(extract_phones(view))


def check(written: Written, before: str, after: str, region: str) -> None:
    body = f"{before} Call {written.text}\n\n{after}"
    found = find_phones(body, region)
    assert [mention.value for mention in found] == [written.value]
    start, end = found[0].start, found[0].end
    assert body[start:end] == found[0].raw
    marks = "\u200b\ufe0f\u20e3\u0336()+ "
    assert found[0].raw.strip(marks) == written.text.strip(marks)


@settings(max_examples=400)
@given(british(), st.sampled_from(PROSE_GB), st.sampled_from(PROSE_GB))
def test_a_disguised_british_number_is_found_once_with_its_span(written: Written, before: str, after: str) -> None:
    check(written, before, after, "GB")


@settings(max_examples=400)
@given(american(), st.sampled_from(PROSE_US), st.sampled_from(PROSE_US))
def test_a_disguised_american_number_is_found_once_with_its_span(written: Written, before: str, after: str) -> None:
    check(written, before, after, "US")


@settings(max_examples=100)
@given(foreign(), st.sampled_from(PROSE_GB), st.sampled_from(PROSE_GB))
def test_a_foreign_number_is_found_by_its_prefix(written: Written, before: str, after: str) -> None:
    check(written, before, after, "GB")


@settings(max_examples=150)
@given(doubled(), st.sampled_from(PROSE_GB), st.sampled_from(PROSE_GB))
def test_a_number_read_aloud_is_found(written: Written, before: str, after: str) -> None:
    check(written, before, after, "GB")


@settings(max_examples=100)
@given(
    st.integers(0, 99_999),
    st.integers(3, 9),
    st.sampled_from(["call me", "no private calls", "ask for Kim", "text only"]),
)
def test_words_may_interrupt_a_number(last: int, place: int, words: str) -> None:
    digits = f"077009{last:05}"
    body = f"Ring {digits[:place]} ({words}) {digits[place:]} today"
    assert [mention.value for mention in find_phones(body)] == [f"+44{digits[1:]}"]
    assert find_phones(body)[0].attrs["disguise"] == ["interrupted", "separators"]


@settings(max_examples=100)
@given(
    st.integers(0, 99_999),
    st.integers(3, 9),
    st.sampled_from(sorted({**DIGITS, **SPELT}.keys() - {"letter", "homoglyph"})),
)
def test_a_number_may_be_split_over_title_and_body(last: int, place: int, style: str) -> None:
    digits = f"077009{last:05}"
    parts = [{**DIGITS, **SPELT}[style](digit) for digit in digits]
    title, body = f"Anna {' '.join(parts[:place])}", f"{' '.join(parts[place:])} is the rest"
    assert [mention.value for mention in find_phones(body, title=title)] == [f"+44{digits[1:]}"]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PROSE_GB), max_size=8), st.sampled_from([" ", "\n", " | "]))
def test_prose_without_a_number_yields_none(sentences: list[str], joint: str) -> None:
    body = joint.join(sentences)
    extraction = EXTRACTOR.extract(Advert(id="a", body=body))
    assert [mention for mention in extraction.mentions if mention.kind == "phone"] == []
    assert extraction.text == body


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PROSE_US), max_size=8), st.sampled_from([" ", "\n", " | "]))
def test_american_prose_without_a_number_yields_none(sentences: list[str], joint: str) -> None:
    assert find_phones(joint.join(sentences), "US") == []


HOSTILE = st.lists(
    st.sampled_from(
        ["0", "7", "07700", "900123", "7️⃣", "🄋", "ﬁ", "İ", "e\u0301", "\u200b", "\x00", "\x85", "\ud800", "½", "🔟",
         "seven", "double", "twenty", "zero", "O", "l", "for", "to", "+", "+44", "(0)", "(", " ", "\n\n", ".", "-", "/",
         "@", "£120", "hour", "in", "Leeds", "CF10 1EP", "LS1", "wa.me/447700900123", "https://", "anna@example.com",
         "anna at gmail dot com", "I'm 23", "no", "genuine", "she is", "telegram", "tg", "@anna", "on", "零七", "а",
         "n3w", "n.e.w", "g e n", "zero0", "soixante", "dix", "415", "555", "<3", "area code"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=300)
@given(st.text(max_size=300) | HOSTILE.map(" ".join) | HOSTILE.map("".join))
def test_any_text_has_exact_spans(text: str) -> None:
    advert = Advert(id="a", title=text[:40], body=text)
    extraction = EXTRACTOR.extract(advert)
    spans = [(found.field, found.start, found.end, found.raw) for found in extraction.mentions]
    spans += [(found.field, found.start, found.end, found.raw) for found in extraction.indicators]
    for field, start, end, raw in spans:
        assert raw
        assert getattr(advert, field)[start:end] == raw
