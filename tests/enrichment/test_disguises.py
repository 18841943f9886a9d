"""Any number under any composition of disguises is found once, with the right span; prose alone yields none."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from adverts.model import Advert, Mention
from enrichment.extractor import Extractor

EXTRACTOR = Extractor("GB")
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
LETTERS = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B"}
SEPARATORS = st.sampled_from(["", " ", "-", ".", " . ", "*", "🍒", " 💋 ", "\u200b", "/", "~", "  "])
PROSE = st.sampled_from(
    [
        "", "Hello, I am Anna.", "One girl for two hours.", "I won and ate for two, to be fair.", "Open ten to nine.",
        "£120 an hour, £70 for thirty minutes.", "I am 23 and 5ft 6.",
        "Near CF10 1EP since 12/10/2025.", "💕 call me 💕",
        "No one to see, nothing for free.",
        "Size 10, 34DD, 165cm.", "09:00 - 23:00 every day.",
    ]
)  # fmt: skip
CHANGES: dict[str, Callable[[str], str]] = {
    "plain": lambda digit: digit,
    "word": lambda digit: WORDS[int(digit)],
    "letter": lambda digit: LETTERS.get(digit, digit),
    "keycap": lambda digit: f"{digit}\ufe0f\u20e3",
    "fullwidth": lambda digit: chr(0xFF10 + int(digit)),
    "maths": lambda digit: chr(0x1D7CE + int(digit)),
    "circled": lambda digit: "⓪" if digit == "0" else chr(0x245F + int(digit)),
    "arabic": lambda digit: chr(0x0660 + int(digit)),
}


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """Return a drama mobile in E.164 and one way to write it."""
    digits = f"077009{draw(st.integers(0, 99_999)):05}"
    first = draw(st.sampled_from(sorted(CHANGES)))
    second = draw(st.sampled_from(sorted(CHANGES)))
    separator = draw(SEPARATORS)
    parts = [CHANGES[draw(st.sampled_from([first, second]))](digit) for digit in digits]
    if "letter" in (first, second) and separator == "" and "word" in (first, second):
        separator = " "  # letters run together with words are no words
    if "word" in (first, second) and separator == "\u200b":
        separator = " "
    return f"+44{digits[1:]}", separator.join(parts)


def find_phones(body: str) -> list[Mention]:
    advert = Advert(id="a", body=body)
    return [mention for mention in EXTRACTOR.extract(advert).mentions if mention.kind == "phone"]


@settings(max_examples=400, deadline=None)
@given(disguised(), PROSE, PROSE)
def test_a_disguised_number_is_found_once_with_its_span(number: tuple[str, str], before: str, after: str) -> None:
    value, written = number
    body = f"{before} Call {written}\n\n{after}"
    found = find_phones(body)
    assert [mention.value for mention in found] == [value]
    assert found[0].raw.strip("\u200b\ufe0f\u20e3") == written.strip("\u200b\ufe0f\u20e3")
    assert body[found[0].start : found[0].end] == found[0].raw


@settings(max_examples=200, deadline=None)
@given(st.lists(PROSE, max_size=8))
def test_prose_without_a_number_yields_none(sentences: list[str]) -> None:
    body = " ".join(sentences)
    advert = Advert(id="a", body=body)
    extraction = EXTRACTOR.extract(advert)
    assert [mention for mention in extraction.mentions if mention.kind == "phone"] == []
    assert extraction.text == body


HOSTILE = st.lists(
    st.sampled_from(
        ["0", "7", "07700", "900123", "7️⃣", "🄋", "ﬁ", "İ", "e\u0301", "\u200b", "\x00", "\x85", "\ud800", "½", "🔟",
         "seven", "double", "twenty", "zero", "O", "l", "for", "to", "+", "+44", "(0)", "(", " ", "\n\n", ".", "-", "/",
         "@", "£120", "hour", "in", "Leeds", "CF10 1EP", "LS1", "wa.me/447700900123", "https://", "anna@example.com",
         "anna at gmail dot com", "I'm 23", "no", "genuine", "she is", "telegram", "tg", "@anna", "on", "零七", "а"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | HOSTILE.map(" ".join) | HOSTILE.map("".join))
def test_any_text_has_exact_spans(text: str) -> None:
    advert = Advert(id="a", title=text[:40], body=text)
    extraction = EXTRACTOR.extract(advert)
    spans = [(found.field, found.start, found.end, found.raw) for found in extraction.mentions]
    spans += [(found.field, found.start, found.end, found.raw) for found in extraction.indicators]
    for field, start, end, raw in spans:
        assert raw
        assert getattr(advert, field)[start:end] == raw
