"""Progress is quiet where nobody watches."""

import pytest

from adverts import progress


def test_nothing_is_printed_within_a_minute_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.show_progress("work", 10) as advance:
        advance(10)
    assert capsys.readouterr().err == ""


def test_a_line_is_printed_when_one_is_due(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LINE_EVERY", 0.0)
    with progress.show_progress("work", 2_000) as advance:
        advance(1_000)
    assert capsys.readouterr().err == "work: 1,000 of 2,000\n"
