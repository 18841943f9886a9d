"""A query and its lines mean the same, whichever of the two is written first."""

import pytest
from hypothesis import given

from indexer.lines import Line, read_line, split_lines
from indexer.query import Query, join_and
from indexer.rendering import render_query
from indexer.syntax import QuerySyntaxError, parse_query
from tests.indexer.test_syntax import QUERIES


@given(QUERIES)
def test_the_lines_of_any_query_mean_that_query(query: Query) -> None:
    assert join_and(read_line(line) for line in split_lines(query)) == query


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("massage -duo", [Line("", "massage"), Line("", "duo", True)]),
        ("force:Gwent", [Line("force", "Gwent")]),
        ('force:Gwent OR force:"South Wales"', [Line("force", 'Gwent OR "South Wales"')]),
        ("-(place:a OR place:b) x", [Line("place", "a OR b", True), Line("", "x")]),
        ("place:a OR force:b", [Line("", "place:a OR force:b")]),
        ("-(a b)", [Line("", "a b", True)]),
        ("has:email near:CF10", [Line("has", "email"), Line("near", "CF10,5km")]),
        ('place:"a OR b"', [Line("place", '"a OR b"')]),
    ],
)
def test_lines_are_as_few_as_they_can_be(text: str, lines: list[Line]) -> None:
    assert split_lines(parse_query(text)) == lines


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line("force", "South Wales"), 'force:"South Wales"'),
        (Line("force", "South Wales OR Gwent"), 'force:"South Wales" OR force:Gwent'),
        (Line("title", "new in town"), 'title:"new in town"'),
        (Line("phone", "07700 900 123"), "phone:+447700900123"),
        (Line("seen", "last 30 days"), "seen:30d"),
        (Line("price", "80..120", True), "-price:80..120"),
        (Line("place", 'the "old" town'), 'place:"the \\"old\\" town"'),
        (Line("", "a OR b"), "a OR b"),
        (Line("force", "  "), ""),
    ],
)
def test_a_value_is_written_as_it_is_said(line: Line, text: str) -> None:
    assert render_query(read_line(line)) == text


@pytest.mark.parametrize("line", [Line("price", "cheap"), Line("nothing", "a"), Line("", "(a"), Line("phone", "abc")])
def test_a_fault_is_named(line: Line) -> None:
    with pytest.raises(QuerySyntaxError):
        read_line(line)
