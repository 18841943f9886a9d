"""Log lines hold listed keys only, so that personal data cannot reach them by accident."""

import json

import pytest

from adverts.logs import configure_logs, get_logger


def test_an_unlisted_key_is_dropped_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    get_logger("enrich").info("read", count=3, phone="+447700900123")
    line = json.loads(capsys.readouterr().err)
    assert (line["stage"], line["count"], line["dropped_keys"]) == ("enrich", 3, ["phone"])
    assert "447700" not in json.dumps(line)


def test_lines_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("error")
    get_logger("enrich").info("read")
    assert capsys.readouterr().err == ""
