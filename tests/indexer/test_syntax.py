"""Text to query and back; every fault names its place."""

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverts.errors import StopRun
from indexer.fields import FIELDS
from indexer.query import (
    All,
    And,
    Fuzzy,
    Has,
    Lately,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Suffix,
    Term,
    Text,
    Wildcard,
    join_and,
    join_or,
)
from indexer.rendering import render_query
from indexer.syntax import QuerySyntaxError, parse_query

A, B, C = Text("a"), Text("b"), Text("c")

READ: Final[list[tuple[str, Query]]] = [
    ("", All()),
    ("  \n ", All()),
    ("an*a", Wildcard(("an", "a"))),
    ("*nna", Wildcard(("", "nna"))),
    ("a**b*", Wildcard(("a", "b", ""))),
    ("title:*n*", Wildcard(("", "n", ""), "title")),
    ("anna~", Fuzzy("anna")),
    ("isabella~", Fuzzy("isabella", edits=2)),
    ("name:isabella~1", Fuzzy("isabella", "name", 1)),
    ('"anna~"', Phrase("anna~")),
    ("phone:*900123", Suffix("900123", "phone")),
    ("phone:07700*123", Wildcard(("+447700", "123"), "phone")),
    ("phone:07700 900 123~ anna", Fuzzy("+447700900123", "phone") & Text("anna")),
    ("email:*@example.com", Suffix("@example.com", "email")),
    ("site:*gate", Wildcard(("", "gate"), "site")),
    ("seen:last 30 days -duo", Lately("seen", 30) & ~Text("duo")),
    ("seen:30d", Lately("seen", 30)),
    ('first_seen:"last 2 weeks"', Lately("first_seen", 14)),
    ("new:7d", Lately("first_seen", 7)),
    ("-gone:1m", ~(Term("status", "gone") & Lately("last_seen", 30))),
    ("changed:PHONE", Term("changed", "phone")),
    ("a b", A & B),
    ("a OR b", A | B),
    ("a b OR c", (A & B) | C),
    ("a (b OR c)", A & (B | C)),
    ("((a))", A),
    ("-a", ~A),
    ("--a", A),
    ("-(a b)", ~(A & B)),
    ("a -b c", A & ~B & C),
    ("a or b", A & Text("or") & B),
    ('a OR"b"', A | Phrase("b")),
    ("ORB a", Text("ORB") & A),
    ("a-b", Text("a-b")),
    ('"OR"', Phrase("OR")),
    ("“new in town”", Phrase("new in town")),
    (r'"a \"b\" \\ c"', Phrase('a "b" \\ c')),
    ("ann*", Prefix("ann")),
    ("TITLE:ann*", Prefix("ann", "title")),
    ('title:"a b"', Phrase("a b", "title")),
    ("title:a", Text("a", "title")),
    ('site:"a*"', Term("site", "a*")),
    ("site:*", Has("site")),
    ("has:email", Has("email")),
    ("email:x@example.com", Term("email", "x@example.com")),
    ("handle:telegram:@ann", Term("handle", "telegram:ann")),
    ("tier:a", Term("tier", "A")),
    ("postcode:cf101ep", Term("postcode", "CF10 1EP")),
    ("phone:07700 900 123 a", Term("phone", "+447700900123") & A),
    ("(phone:07700 900123)", Term("phone", "+447700900123")),
    ("phone:07700900123 120", Term("phone", "+447700900123") & Text("120")),
    ("phone:07700 900 123 -a", Term("phone", "+447700900123") & ~A),
    ("phone:0770*", Prefix("+44770", "phone")),
    ("phone:07700 9*", Prefix("+4477009", "phone")),
    ("phone:+1 212*", Prefix("+1212", "phone")),
    ("phone:*", Has("phone")),
    ('phone:"+44 (0)7700-900.123"', Term("phone", "+447700900123")),
    ("price:80..120", Range("price", 80.0, 120.0)),
    ("price:£80.50", Range("price", 80.5, 80.5)),
    ("age:<25", Range("age", upper=25, strict=True)),
    ("age:>=25", Range("age", lower=25)),
    ("seen:2026-01..", Range("seen", lower=date(2026, 1, 1))),
    ("seen:..2024-02", Range("seen", upper=date(2024, 2, 29))),
    ("seen:2026", Range("seen", date(2026, 1, 1), date(2026, 12, 31))),
    ("seen:>2026-02", Range("seen", lower=date(2026, 2, 28), strict=True)),
    ("seen:<=2026-02", Range("seen", upper=date(2026, 2, 28))),
    ("near:cf10", Near("CF10", 5.0)),
    ("near:swansea,2.5km", Near("Swansea", 2.5)),
    ('near:"milton keynes, 10 km"', Near("Milton Keynes", 10.0)),
]

FAULTS: Final = [
    ("phon:1", 0, "no field phon", "phone:"),
    ("a b zzz:1", 4, "no field zzz", "quotation marks"),
    ("http://example.com", 0, "no field http", ""),
    ("phone:07700", 6, "not a whole phone number", "phone:07700*"),
    ("phone:abc", 6, "not a whole phone number", ""),
    ("phone:x7*", 6, "not the beginning of a number", ""),
    ("phone:", 6, "value is missing", "without a space"),
    ("phone: 07700900123", 6, "value is missing", "without a space"),
    ('site:""', 5, "value is missing", ""),
    ("a OR", 4, "missing here", ""),
    ("OR a", 0, "missing here", '"OR"'),
    ("a OR OR b", 5, "missing here", ""),
    ("()", 1, "missing here", ""),
    ("(a b", 0, "never closed", "closing bracket"),
    ("a) b", 1, "closes nothing", ""),
    ('a "b', 2, "never closed", "closing quotation mark"),
    ('site:"b', 5, "never closed", ""),
    ("a & b", 2, "no letter or digit", ""),
    ("phone:*anna", 6, "not the end of a number", "phone:*900123"),
    ("new:soon", 4, "not a number of days", "new:7d"),
    ("gone:0d", 5, "not between 1 and 36,500 days", ""),
    ("seen:last 9999 years", 5, "not between 1 and", ""),
    ("nationality:x", 12, "protected characteristic", ""),
    ("url:x", 4, "cannot be searched", ""),
    ("point:1,2", 6, "cannot be searched", ""),
    ("status:live", 7, "never live", "status:seen or status:gone"),
    ("tier:D", 5, "never D", "tier:A"),
    ("age:x", 4, "not a whole number", ""),
    ("age:18.5", 4, "not a whole number", ""),
    ("age:*5", 4, "not a whole number", ""),
    ("price:..", 6, "not a number", ""),
    ("price:120..80", 6, "ends before it begins", "price:80..120"),
    ("price:1e9", 6, "not a number", ""),
    ("seen:2026-13", 5, "not a day of the calendar", ""),
    ("seen:2026-02-30", 5, "not a day of the calendar", ""),
    ("seen:yesterday", 5, "not a day, month or year", "seen:2026-01.."),
    ("near:ZZ99,5km", 5, "no outcode or town ZZ99", "near:CF10"),
    ("near:CF10,0km", 5, "distance must lie", ""),
    ("near:CF10,x", 5, "no outcode or town", ""),
    ("has:emial", 4, "no field emial", "has:email"),
    ("has:nationality", 4, "no field nationality", ""),
    ("postcode:ZZ99", 9, "not a UK postcode", ""),
    ("(" * 60 + "a", 50, "too many brackets", ""),
    ("-" * 60 + "a", 50, "too many brackets", ""),
    ("a" * 5_000, 0, "longer than 4,000", ""),
    ("a* " * 300, 600, "more than 200 words", "quotation marks"),
]


@pytest.mark.parametrize(("text", "query"), READ)
def test_a_text_reads_as_its_query_and_writes_back(text: str, query: Query) -> None:
    assert parse_query(text) == query
    assert parse_query(render_query(query)) == query


@pytest.mark.parametrize(("text", "position", "problem", "suggestion"), FAULTS)
def test_a_fault_names_its_place_and_what_to_write(text: str, position: int, problem: str, suggestion: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text)
    assert caught.value.position == position
    assert problem in caught.value.problem
    assert suggestion in f"{caught.value.problem} {caught.value.suggestion}"


def test_the_message_points_at_the_place_and_stops_the_command() -> None:
    with pytest.raises(StopRun) as caught:
        parse_query("anna\npohne:1")
    lines = str(caught.value).split("\n")
    assert lines[1:3] == ["  anna pohne:1", "       ^"]
    assert lines[3] == "Did you mean phone: or gone:?"
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Text("new town") & Term("site", "north gate"), '(new town) site:"north gate"'),
        (Text("re:zero"), '"re:zero"'),
        (Text("OR"), '"OR"'),
        (~Text("a b"), "-(a b)"),
        ((A & B) | ~(B | C), "a b OR -(b OR c)"),
        (Range("price", upper=99.5, strict=True), "price:<99.5"),
        (Range("seen", date(2026, 1, 1), date(2026, 1, 1)), "seen:2026-01-01"),
        (All(), ""),
    ],
)
def test_a_query_has_one_canonical_text(query: Query, text: str) -> None:
    assert render_query(query) == text


def test_joining_flattens_and_drops_what_says_nothing() -> None:
    assert join_and([A, B & C, All()]) == And((A, B, C))
    assert join_or([A, B | C]) == Or((A, B, C))
    assert join_and([]) == All()
    assert ~~A == A
    assert Not(A) == ~A


@pytest.mark.parametrize("bounds", [{}, {"lower": 1, "upper": 2, "strict": True}])
def test_a_range_without_meaning_is_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"bound"):
        Range("age", **bounds)  # type: ignore[arg-type]


_NAMES: Final = {
    kind: st.sampled_from(
        [
            field.name
            for field in FIELDS
            if field.kind == kind and field.searchable and field.read and field.belongs_to("adverts")
        ]
    )
    for kind in ("text", "keyword", "integer", "number", "date")
}
_FREE: Final = st.sampled_from(["site", "ref", "account", "category", "email", "place", "force", "network"])
_WORDS: Final = st.text("aZé9Ж'-.:*()\"“\\ OR", min_size=1, max_size=8).filter(
    lambda text: any(c.isalnum() for c in text)
)
_WORD: Final = st.text("aZé9Ж'.", min_size=1, max_size=8).filter(lambda text: any(c.isalnum() for c in text))
_VALUE: Final = st.text('aé9.:*()"“\\ -@', min_size=1, max_size=8).map(str.strip).filter(bool)
_NUMBERS: Final = st.tuples(st.integers(0, 999), st.integers(0, 999)).map(sorted)
_DAYS: Final = st.tuples(st.dates(date(2000, 1, 1)), st.dates(date(2000, 1, 1))).map(sorted)
_LEAVES: Final = st.one_of(
    st.builds(Text, _WORD, st.none() | _NAMES["text"]),
    st.builds(Phrase, _WORDS, st.none() | _NAMES["text"]),
    st.builds(Prefix, _WORD, st.none() | _NAMES["text"] | _FREE),
    st.builds(Term, _FREE, _VALUE),
    st.builds(Has, _NAMES["keyword"] | _NAMES["number"]),
    st.builds(Fuzzy, st.text("aZé9", min_size=1, max_size=8), st.none() | _NAMES["text"], st.sampled_from([1, 2])),
    st.builds(Lately, _NAMES["date"] | st.just("seen"), st.integers(1, 900)),
    st.builds(Suffix, st.sampled_from(["@example.com", "a.b"]), st.just("email")),
    st.builds(lambda name, pair: Range(name, *pair), _NAMES["integer"], _NUMBERS),
    st.builds(lambda pair: Range("price", pair[0] / 4, float(pair[1])), _NUMBERS),
    st.builds(lambda name, pair: Range(name, *pair), _NAMES["date"] | st.just("seen"), _DAYS),
    st.builds(lambda name, pair: Range(name, upper=pair[0], strict=True), _NAMES["date"], _DAYS),
    st.builds(Near, st.sampled_from(["CF10", "Swansea", "Milton Keynes"]), st.sampled_from([0.5, 5.0, 12.25])),
)
QUERIES: Final = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda query: ~query),
        st.lists(inner, min_size=2, max_size=4).map(join_and),
        st.lists(inner, min_size=2, max_size=4).map(join_or),
    ),
    max_leaves=12,
)


@given(QUERIES)
def test_every_query_reads_back_from_its_text(query: Query) -> None:
    assert parse_query(render_query(query)) == query


@given(st.text(max_size=60) | st.text('ab "“():-*.<>OR phone:07700 price: near: has: seen:', max_size=60))
def test_any_text_is_a_query_or_a_fault_within_it(text: str) -> None:
    query, fault = _try_parse(text)
    assert query is None or parse_query(render_query(query)) == query
    assert fault is None or 0 <= fault.position <= len(text)


def _try_parse(text: str) -> tuple[Query | None, QuerySyntaxError | None]:
    try:
        return parse_query(text), None
    except QuerySyntaxError as error:
        return None, error
