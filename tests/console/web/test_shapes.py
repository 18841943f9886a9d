"""The pure parts: spans, differences, captions, drawings. Properties where a property says more than an example."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverts.values import Price
from console.web import texts
from console.web.captions import caption_of, kind_of_reason, search_url
from console.web.differences import compare_texts
from console.web.drawing.graph import Edge, Node, draw_graph
from console.web.drawing.map import Spot, draw_map
from console.web.drawing.timeline import Span as Lived
from console.web.drawing.timeline import draw_timeline
from console.web.spans import Span, cut_text
from indexer.query import Phrase, Term
from indexer.syntax import parse_query

ranges = st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=12)
words = st.lists(st.sampled_from(["new", "in", "town", "\n", " ", ",", "07700", "é", "🙂"]), max_size=60).map("".join)
spots = st.lists(
    st.builds(Spot, st.sampled_from(["Ely", "Kingston upon Hull", "Rhyl"]), st.floats(49.9, 60.8), st.floats(-7.5, 1.7),
              st.integers(1, 500)), min_size=1, max_size=40,
)  # fmt: skip


@given(st.text(max_size=40), ranges)
def test_pieces_join_to_the_text_and_stand_under_their_own_spans(text: str, found: list[tuple[int, int]]) -> None:
    spans = [Span(start, end, "phone", "phone", f"m{index}") for index, (start, end) in enumerate(found)]
    pieces = cut_text(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        inside = {span for span in spans if 0 <= span.start <= at < span.end <= len(text)}
        assert set(piece.spans) == inside
        assert piece.ends == (bool(inside) and piece.spans[0].end == at + len(piece.text))
        at += len(piece.text)


def test_the_narrowest_span_comes_first() -> None:
    wide, narrow = Span(0, 9, "price", "price", "a"), Span(2, 4, "name", "name", "b")
    assert cut_text("123456789", [wide, narrow])[1].spans == (narrow, wide)


def test_a_value_comes_before_the_sign_that_it_is() -> None:
    sign, value = Span(0, 9, "indicator", "obscured number", "i1"), Span(0, 9, "phone", "phone", "m1")
    assert cut_text("O77oo 900", [sign, value])[0].spans == (value, sign)


@given(words, words)
def test_differences_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    changes = compare_texts(before, after)
    assert "".join(change.text for change in changes if change.kind != "added") == before
    assert "".join(change.text for change in changes if change.kind != "removed") == after


def test_a_changed_word_is_one_change_and_long_texts_stay_quick() -> None:
    kinds = [(change.kind, change.text) for change in compare_texts("new in Cardiff today", "new in Leeds today")]
    assert kinds == [("same", "new in "), ("removed", "Cardiff"), ("added", "Leeds"), ("same", " today")]
    long = "word " * 40_000
    assert [change.kind for change in compare_texts(long, long + "x")] == ["removed", "added"]


@pytest.mark.parametrize(
    ("kind", "value", "caption"),
    [
        ("phone", "+447700900123", "07700 900 123"),
        ("phone", "not a number", "not a number"),
        ("price", "GBP 120/90", Price(Decimal(120), "GBP", 90).caption),
        ("price", "XAU 3", "XAU 3"),
        ("price", "GBP", "GBP"),
        ("age", "24", "24 years"),
        ("handle", "telegram:mia", "telegram: mia"),
        ("email", "mia@example.com", "mia@example.com"),
    ],
)
def test_values_read_as_people_write_them(kind: str, value: str, caption: str) -> None:
    assert caption_of(kind, value) == caption


@given(st.sampled_from(["email", "place", "name"]), st.text('ab1 "“\\:-()*@', max_size=20).map("x{}".format))
def test_every_value_leads_to_a_search_that_can_be_read(kind: str, value: str) -> None:
    query = parse_qs(urlsplit(search_url(kind, value)).query)["q"][0]
    assert parse_query(query) == (Phrase(value) if kind == "name" else Term(kind, value.strip()))


def test_reasons_name_the_kind_that_they_are_about() -> None:
    kinds = [kind_of_reason(name) for name in ("shared_phone", "shared_flat", "same_text", "prior", "same_name")]
    assert kinds == ["phone", "phone", "template", "", ""]


def test_times_are_london_times() -> None:
    assert texts.show_time(datetime(2026, 7, 1, 13, 5, tzinfo=UTC)) == "1 Jul 2026, 14:05"
    assert texts.show_time(datetime(2026, 11, 23, 14, 5, tzinfo=UTC)) == "23 Nov 2026, 14:05"
    assert texts.show_time(None) == texts.show_date(None) == texts.show_date("") == "–"
    assert texts.show_date("2026-03-01") == texts.show_date(date(2026, 3, 1)) == "1 Mar 2026"


@pytest.mark.parametrize(
    ("age", "text"),
    [(timedelta(seconds=4), "just now"), (timedelta(minutes=1), "1 minute ago"), (timedelta(hours=5), "5 hours ago"),
     (timedelta(days=400), "400 days ago")],
)  # fmt: skip
def test_ages_are_in_the_largest_unit(age: timedelta, text: str) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert texts.show_age(now - age, now) == text


def test_numbers_words_and_weights() -> None:
    assert texts.show_number(1_234_567) == "1\u202f234\u202f567"
    assert texts.count_of(1, "advert") == "1 advert"
    assert (texts.show_weight(3.2), texts.show_weight(-0.5)) == ("+3.20", "−0.50")
    assert [texts.show_duration(seconds) for seconds in (4.21, 200.4, 7_500, None)] == [
        "4.2 s",
        "3 min 20 s",
        "2 h 05 min",
        "–",
    ]
    assert texts.list_words(["a", "b", "c"]) == "a, b and c"
    assert texts.list_words(list("abcdef")) == "a, b, c, d and 2 more"
    assert texts.list_words([]) == ""


@given(spots)
def test_a_map_keeps_every_place_in_sight_and_labels_apart(places: list[Spot]) -> None:
    drawn = draw_map(places)
    assert drawn is not None
    assert len(drawn.marks) == len(places)
    labelled = [mark for mark in drawn.marks if mark.label_y is not None]
    for mark in drawn.marks:
        assert 0 <= mark.x <= drawn.width
        assert 0 <= mark.y <= drawn.height
    seats = [(mark.label_x, mark.label_y, mark.anchor) for mark in labelled]
    assert len(set(seats)) == len(seats)
    assert 0 < drawn.scale_width < drawn.width


def test_maps_and_timelines_of_nothing_are_nothing() -> None:
    assert draw_map([]) is None
    assert draw_timeline([]) is None
    assert draw_graph([], []) is None


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 900), st.integers(0, 400)), min_size=1, max_size=80))
def test_a_timeline_keeps_every_bar_inside_and_says_what_it_left_out(lives: list[tuple[int, int, int]]) -> None:
    start = date(2024, 1, 1)
    spans = [
        Lived(f"P{row}", start + timedelta(first), start + timedelta(first + days), f"ad-{index}", "title")
        for index, (row, first, days) in enumerate(lives)
    ]
    drawn = draw_timeline(spans)
    assert drawn is not None
    assert len({span.row for span in spans}) == len(drawn.rows) + drawn.hidden_rows
    shown = len(drawn.bars) + sum(row.hidden for row in drawn.rows)
    assert shown == len([span for span in spans if span.row in {row.label for row in drawn.rows}])
    assert 1 <= len(drawn.ticks) <= 10
    for bar in drawn.bars:
        assert drawn.left <= bar.x
        assert bar.x + bar.width <= drawn.width
        assert bar.y + drawn.bar <= drawn.height


def test_a_drawing_is_the_same_at_every_visit_and_crosses_nothing_needlessly() -> None:
    nodes = [Node(name, "persona", name) for name in "abc"] + [Node(f"+{name}", "identifier", name) for name in "abc"]
    edges = [Edge("a", "+c", 1.0), Edge("b", "+a", 0.2), Edge("c", "+b", 0.9, is_bridge=True)]
    first, second = draw_graph(nodes, edges), draw_graph(nodes[::-1], edges[::-1])
    assert first is not None
    assert first == second
    heights = {dot.node.id: dot.y for dot in first.dots}
    assert all(heights[edge.source] == heights[edge.target] for edge in edges)
    assert [line.is_weak for line in first.lines] == [False, True, False]


def test_the_adverts_of_an_opened_persona_stand_together() -> None:
    nodes = [Node(f"p{n}", "persona", f"P{n}") for n in range(6)] + [Node(f"a{n}", "advert", f"A{n}") for n in range(3)]
    nodes += [Node(f"i{n}", "identifier", f"I{n}") for n in range(9)]
    drawn = draw_graph(nodes, [Edge(node.id, f"i{(n * 4) % 9}", 1.0) for n, node in enumerate(nodes[:9])])
    assert drawn is not None
    left = [dot.node.shape for dot in drawn.dots if dot.node.shape != "identifier"]
    first = left.index("advert")
    assert left[first : first + 3] == ["advert"] * 3
    assert len(left) == 9


def test_an_image_and_a_template_open_who_has_them() -> None:
    assert search_url("image", "dd02") == "/search?q=image%3Add02"
    assert search_url("phone", "+447700900123", "net-1") == "/search?q=phone%3A%2B447700900123+network%3Anet-1"
    assert search_url("template", "t3f2") == "/search?q=template%3At3f2"


def test_a_drawing_too_large_keeps_the_best_connected() -> None:
    nodes = [Node(f"p{number}", "persona", "P") for number in range(90)] + [Node("hub", "identifier", "hub")]
    drawn = draw_graph(nodes, [Edge("p89", "hub", 1.0)])
    assert drawn is not None
    assert drawn.hidden == 62
    assert "p89" in {dot.node.id for dot in drawn.dots}
