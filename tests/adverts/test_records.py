"""Advert records survive odd input: a bad line is named and counted, the others go on."""

import io
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverts.errors import SkipItem, StopRun
from adverts.model import Rate
from adverts.records import encode_line, iter_records, parse_line, parse_record


def test_every_known_field_is_read_as_published() -> None:
    line = {
        "id": "a1", "site": "north", "title": "Anna", "body": "hello", "phones": ["07700 900 123"], "age": 25,
        "rates": [{"duration": "1 hour", "price": "£120", "kind": "incall"}], "services": ["massage"],
    }  # fmt: skip
    advert = parse_line(encode_line(line))
    assert (advert.id, advert.title, advert.age, advert.phones) == ("a1", "Anna", "25", ("07700 900 123",))
    assert advert.rates == (Rate(duration="1 hour", price="£120", kind="incall"),)
    assert advert.extra == {}


def test_unknown_fields_are_kept_under_extra() -> None:
    advert = parse_record({"id": "a", "body": "x", "hair": "red", "extra": {"eyes": "green"}})
    assert advert.extra == {"hair": "red", "eyes": "green"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json", "not_json"),
        (b'"text"', "not_an_object"),
        (b'{"body": "x"}', "no_id"),
        (b'{"id": "a"}', "no_text"),
        (b'{"id": "a", "body": {"x": 1}}', "wrong_type"),
        (b'{"id": "a", "body": "x", "rates": "free"}', "wrong_type"),
        (b'{"id": "a", "body": "\xff"}', "not_utf8"),
        (b"[" * 100_000, "not_json"),
    ],
)
def test_a_bad_line_says_why(line: bytes, reason: str) -> None:
    with pytest.raises(SkipItem) as caught:
        parse_line(line)
    assert caught.value.reason == reason


def test_bad_lines_are_named_by_number_and_the_rest_is_done() -> None:
    lines = [b'{"id": "a", "body": ""}\n', b"\n", b"oops\n", b'{"id": "b", "title": "t"}\n']
    rejects: Counter[str] = Counter()
    errors = io.StringIO()
    assert [advert.id for advert in iter_records(lines, rejects, errors)] == ["a", "b"]
    assert rejects == {"not_json": 1}
    assert errors.getvalue().startswith("line 3: the line is not JSON")


def test_lone_surrogates_inside_unknown_fields_can_be_written_too() -> None:
    advert = parse_line(b'{"id": "a", "body": "x", "seen": ["\\ud800"], "\\ud800": 1}')
    assert advert.extra == {"seen": ["\ufffd"], "\ufffd": 1}
    encode_line(advert)


def test_lone_surrogates_become_one_replacement_each_so_that_spans_stay_true() -> None:
    advert = parse_line(b'{"id": "a", "body": "x\\ud800y\\udc00z \\ud83d\\ude00"}')
    assert advert.body == "x\ufffdy\ufffdz \U0001f600"
    assert encode_line({"body": advert.body}).decode() == '{"body":"x\ufffdy\ufffdz \U0001f600"}\n'


@given(
    st.dictionaries(st.text(), st.recursive(st.none() | st.text() | st.integers() | st.floats(), st.lists), max_size=4)
)
def test_any_json_object_is_an_advert_or_a_named_skip(fields: dict[str, object]) -> None:
    line = json.dumps({"id": "a", "body": "b"} | fields).encode()
    rejects: Counter[str] = Counter()
    kept = [encode_line(advert) for advert in iter_records([line], rejects, io.StringIO())]
    assert len(kept) + rejects.total() == 1


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "body", "age", "phones", "rates", "extra", "hair"]),
        st.none()
        | st.sampled_from(
            ["", "24", ["07700 900123", ""], [{"price": "£100", "kind": ""}, {"tip": "1"}], {"eyes": "green"}]
        )
        | st.integers(),
    )
)
def test_a_line_is_the_record_of_its_fields_however_plain_it_is(fields: dict[str, object]) -> None:
    try:
        expected: object = parse_record(fields)
    except SkipItem as skip:
        expected = str(skip)
    try:
        found: object = parse_line(json.dumps(fields).encode())
    except SkipItem as skip:
        found = str(skip)
    assert found == expected


def test_a_csv_is_read_by_its_headings_and_its_lists_are_split() -> None:
    lines = [
        b"\xef\xbb\xbfid,body,phones,rates,note\r\n",
        b'a,"two\n',
        b'lines",07700 900123; 07700 900124,\xc2\xa3100;\xc2\xa3180,kept\r\n',
        b",no id,,,\r\n",
    ]
    rejects, errors = Counter[str](), io.StringIO()
    (advert,) = iter_records(lines, rejects, errors)
    assert (advert.id, advert.body) == ("a", "two\nlines")
    assert advert.phones == ("07700 900123", "07700 900124")
    assert [rate.price for rate in advert.rates] == ["£100", "£180"]
    assert advert.extra == {"note": "kept"}
    assert (dict(rejects), errors.getvalue()) == ({"no_id": 1}, "line 4: the record has no id\n")


@pytest.mark.parametrize(
    "lines", [(b"ID,Body\n", b"a,text\n"), (b"id;body\n", b"a;text\n"), (b"id\tbody\n", b"a\ttext\n")]
)
def test_a_table_is_read_in_the_writing_of_any_spreadsheet(lines: tuple[bytes, ...]) -> None:
    (advert,) = iter_records(lines, Counter(), io.StringIO())
    assert (advert.id, advert.body) == ("a", "text")


@pytest.mark.parametrize("heading", [b"ref,body\n", b"Number;Text;Phone\n"])
def test_a_table_without_ids_says_what_it_lacks_and_has(heading: bytes) -> None:
    with pytest.raises(StopRun, match=r"no column is called `id`.*(ref, body|number, text, phone)"):
        list(iter_records([heading, b"1,hello\n", b"2,hello\n"], Counter(), io.StringIO()))


def test_a_csv_that_is_not_utf8_says_what_to_do() -> None:
    with pytest.raises(StopRun, match="CSV UTF-8"):
        list(iter_records([b"id,body\n", b"a,caf\xe9\n"], Counter(), io.StringIO()))


def test_a_simulated_world_is_refused_in_one_sentence() -> None:
    line = b'{"site": "north", "ref": "1", "record": {"id": "1", "body": "x"}}\n'
    with pytest.raises(StopRun, match="inside `record`"):
        list(iter_records([line] * 3, Counter(), io.StringIO()))
