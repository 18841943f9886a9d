"""Extraction of a stream keeps the order, names bad lines and goes on, on one process and on several."""

import io
import json

import pytest

from enrichment import pool
from enrichment.batch import extract_lines


def make_line(number: int) -> bytes:
    return json.dumps({"id": f"a{number}", "body": f"Call 07700 900{number % 1000:03}"}).encode() + b"\n"


@pytest.mark.parametrize("processes", [1, 2])
def test_output_is_in_input_order(processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHUNK", 10)
    monkeypatch.setattr(pool, "SMALL", 20)
    out, errors = io.BytesIO(), io.StringIO()
    counts = extract_lines(map(make_line, range(95)), out, errors, processes=processes)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == [f"a{number}" for number in range(95)]
    assert answers[7]["mentions"][0]["value"] == "+447700900007"
    assert (counts["record"], counts["rejected"], errors.getvalue()) == (95, 0, "")


def test_bad_lines_are_named_and_the_rest_done() -> None:
    lines = [
        make_line(1),
        b"not json\n",
        b'{"id": "b"}\n',
        b"\n",
        b'{"id": "c", "body": "\\ud800 \\u0000"}\n',
        make_line(2),
    ]
    out, errors = io.BytesIO(), io.StringIO()
    counts = extract_lines(lines, out, errors)
    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == ["a1", "c", "a2"]
    assert [line.partition(":")[0] for line in errors.getvalue().splitlines()] == ["line 2", "line 3"]
    assert counts["rejected"] == 2
