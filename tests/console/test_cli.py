"""The program as others call it: real processes, odd input, exit codes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from console.cli import COMMANDS, main

GOOD = {"id": "a1", "title": "Anna in Cardiff", "body": "New in town, call O77oo 900 one two three any time"}
TWIN = {"id": "a2", "title": "Anna in Newport", "body": "New in town, call 07700 900123 any time"}


def run_asw(
    home: Path, *arguments: str, given: bytes = b"", settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "ASW_HOME": str(home), **(settings or {})}
    command = [sys.executable, "-m", "console", *arguments]
    return subprocess.run(command, input=given, env=environment, capture_output=True, timeout=120)


def lines(*records: Any) -> bytes:
    return b"".join(record if isinstance(record, bytes) else json.dumps(record).encode() + b"\n" for record in records)


def read_lines(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


ODD = lines(
    GOOD,
    b"this is not JSON\n",
    {"id": "empty", "body": ""},
    {"id": "long", "body": "call 07700 900123 " + "word " * 40_000},
    b'{"id": "surrogate", "body": "x\\ud800 call 07700 900123"}\n',
    b'["a", "list"]\n',
    {"body": "no id"},
    b"\xff\xfe\n",
    TWIN,
)
ODD_IDS = ["a1", "empty", "long", "surrogate", "a2"]


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"asw {command}" in capsys.readouterr().out.split("example:")[1]


def test_extract_answers_every_good_line_in_order_and_names_every_bad_one(tmp_path: Path) -> None:
    done = run_asw(tmp_path, "extract", given=ODD)
    answers = read_lines(done.stdout)
    assert done.returncode == 1
    assert [answer["id"] for answer in answers] == ODD_IDS
    for number in (2, 6, 7, 8):
        assert f"line {number}:" in done.stderr.decode()
    phones = {answer["id"]: [m["value"] for m in answer["mentions"] if m["kind"] == "phone"] for answer in answers}
    assert phones == {name: [] if name == "empty" else ["+447700900123"] for name in ODD_IDS}


def test_extract_reports_spans_of_the_text_as_published(tmp_path: Path) -> None:
    done = run_asw(tmp_path, "extract", given=lines(GOOD))
    assert done.returncode == 0
    (answer,) = read_lines(done.stdout)
    for found in answer["mentions"]:
        if "parts" not in found:
            assert GOOD[found["field"]][found["start"] : found["end"]] == found["raw"]


def test_templates_answers_in_order_with_null_for_a_text_that_stands_alone(tmp_path: Path) -> None:
    text = "Friendly and relaxed company in {}. Quiet flat near the station, easy parking. Call {} between ten and six."
    given = lines(
        {"id": "1", "body": text.format("Leeds", "07700 900123")},
        b"oops\n",
        {"id": "2", "body": text.format("York", "07700 900456")},
        {"id": "3", "body": "Something else altogether, written by a different hand on another evening in spring."},
    )
    done = run_asw(tmp_path, "templates", "--explain", str(tmp_path / "explained.jsonl"), given=given)
    answers = {answer["id"]: answer["template"] for answer in read_lines(done.stdout)}
    assert done.returncode == 1
    assert "line 2:" in done.stderr.decode()
    assert list(answers) == ["1", "2", "3"]
    assert answers["1"] == answers["2"] is not None
    assert answers["3"] is None
    (explained,) = read_lines((tmp_path / "explained.jsonl").read_bytes())
    assert (explained["template"], explained["size"]) == (answers["1"], 2)
    assert "{" in explained["text"]


def test_cluster_writes_members_links_and_networks_and_honours_a_decision(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run_asw(tmp_path, "cluster", "--out", str(out), given=ODD)
    assert done.returncode == 1
    members = {line["id"]: line["network"] for line in read_lines((out / "members.jsonl").read_bytes())}
    assert sorted(members) == sorted(ODD_IDS)
    assert members["a1"] == members["a2"] is not None
    assert members["empty"] is None
    for link in read_lines((out / "links.jsonl").read_bytes()):
        assert link["weight"] == pytest.approx(sum(reason["weight"] for reason in link["reasons"]))
    assert read_lines((out / "networks.jsonl").read_bytes())
    decisions = tmp_path / "decisions.jsonl"
    decisions.write_bytes(lines({"decision": "different", "a": "a1", "b": "a2"}))
    run_asw(tmp_path, "cluster", "--out", str(out), "--decisions", str(decisions), given=lines(GOOD, TWIN))
    apart = {line["id"]: line["network"] for line in read_lines((out / "members.jsonl").read_bytes())}
    assert apart == {"a1": None, "a2": None}
    decisions.write_bytes(lines({"decision": "same", "a": "a1", "b": "nobody"}))
    done = run_asw(tmp_path, "cluster", "--out", str(out), "--decisions", str(decisions), given=lines(GOOD, TWIN))
    assert (done.returncode, b"nobody" in done.stderr) == (1, True)


def test_cluster_reads_a_csv_as_it_reads_json_lines(tmp_path: Path) -> None:
    given = b"id,body,phones\n" + b"".join(
        f'"{name}","New in town, {name}. Call me","07700 900123"\n'.encode() for name in ("a1", "a2")
    )
    done = run_asw(tmp_path, "cluster", "--out", str(tmp_path / "out"), given=given)
    assert done.returncode == 0, done.stderr
    first, second = read_lines((tmp_path / "out" / "members.jsonl").read_bytes())
    assert first["network"] == second["network"] is not None


def test_import_enrich_link_index_search_and_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({**GOOD, "site": "north"}, {**TWIN, "site": "south"}, b"oops\n"))
    imported = run_asw(tmp_path, "import", str(tmp_path / "a.jsonl"))
    assert imported.returncode == 1
    assert b"1 rows were not imported" in imported.stderr
    for stage in ("enrich", "link", "index"):
        done = run_asw(tmp_path, stage)
        assert done.returncode == 0, done.stderr
    found = json.loads(run_asw(tmp_path, "search", "phone:07700900123", "--facet", "site", "--json").stdout)
    assert found["total"] == 2
    why = json.loads(run_asw(tmp_path, "search", "anna town", "--explain", "--json").stdout)["hits"][0]["why"]
    assert [(each["part"], each["holders"]) for each in why] == [("anna", 2), ("town", 2)]
    every = read_lines(run_asw(tmp_path, "search", "town", "--all").stdout)
    assert sorted(document["title"] for document in every) == ["Anna in Cardiff", "Anna in Newport"]
    (person,) = (grouped := json.loads(run_asw(tmp_path, "search", "town", "--group", "persona", "--json").stdout))[
        "hits"
    ]
    assert (person["adverts"], grouped["groups"], grouped["looked_at"], grouped["total"]) == (2, 1, 2, 2)
    refused = run_asw(tmp_path, "search", "town", "--group", "persona", "--all")
    assert (refused.returncode, b"leave out --group" in refused.stderr) == (2, True)
    told = run_asw(tmp_path, "watch", "add", "town", "--name", "towns")
    assert (told.returncode, told.stdout.startswith(b"Watch 1.")) == (0, True)
    assert json.loads(run_asw(tmp_path, "watch", "list", "--json").stdout)[0]["query"] == "town"
    (listed,) = json.loads(run_asw(tmp_path, "personas", "phones:1 adverts:2", "--json").stdout)["personas"]
    assert listed["phone"] == ["+447700900123"]
    usual, every = (
        json.loads(run_asw(tmp_path, "networks", "phones:1 adverts:2", *more, "--json").stdout)
        for more in ([], ["--show", "all"])
    )
    assert (usual["networks"], usual["one"], every["networks"][0]["id"]) == ([], 1, listed["network"][0])
    table = run_asw(tmp_path, "identifiers", "kind:phone", "--sort", "largest").stdout.decode()
    assert re.search(r"1 identifiers, by largest\n.*\n.*phone +\+447700900123 +2 ", table, re.DOTALL)
    indexes = json.loads(run_asw(tmp_path, "index", "--status", "--json").stdout)["indexes"]
    assert [(each["documents"], each["state"]) for each in indexes] == [(2, "serves"), *[(1, "serves")] * 3]
    assert all(each["size"] > 0 for each in indexes)
    checked = json.loads(run_asw(tmp_path, "index", "--check", "--json").stdout)["counts"]["index"]
    assert checked == {
        "adverts/checked": 2, "personas/indexed": 1, "networks/indexed": 1, "identifiers/indexed": 1,
        "adverts/missing": 0, "adverts/stale": 0,
    }  # fmt: skip
    without = json.loads(run_asw(tmp_path, "search", "-phone:07700900123", "--json").stdout)
    assert without["total"] == 0
    advert = json.loads(run_asw(tmp_path, "advert", found["hits"][0]["id"], "--json").stdout)
    assert advert["network"] is not None
    learnt = json.loads(run_asw(tmp_path, "weights", "--json").stdout)
    assert [fact["fact"] for fact in learnt["facts"]] == ["name", "age", "town", "style"]
    assert {"habit": "ornament", "own": 0.0, "unlike": 0.0} in learnt["habits"]
    status = run_asw(tmp_path, "status", "--json")
    assert json.loads(status.stdout)["holds"]["adverts"] == 2


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "says"),
    [
        (["nonsense"], {}, 2, "invalid choice"),
        (["extract", "no-such-file"], {}, 2, "cannot be read"),
        (["extract", "--region", "TARIAN"], {}, 2, "TARIAN"),
        (["status"], {"ASW_PORT": "x"}, 2, "ASW_PORT"),
        (["status"], {"ASW_DATABASE": "postgresql://127.0.0.1:1/x"}, 1, "cannot be opened"),
        (["search", "anna"], {}, 1, "asw index"),
        (["search", "colour:red"], {}, 2, "colour"),
        (["network", "net-none"], {}, 1, "net-none"),
        (["advert", "ad-none"], {}, 1, "ad-none"),
        (["import", "nowhere.csv"], {}, 2, "is not a file"),
        (["simulate", "serve", "nowhere"], {}, 2, "nowhere"),
        (["cluster", "--out", "out", "--decisions", "nowhere"], {}, 2, "nowhere"),
    ],
)
def test_wrong_use_is_a_sentence_and_an_exit_code(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], code: int, says: str
) -> None:
    done = run_asw(tmp_path, *arguments, settings=settings)
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.returncode == code


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m console extract | head -n 1"
    given = lines(*({**GOOD, "id": str(number)} for number in range(2_000)))
    environment = {**os.environ, "ASW_HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", command], input=given, env=environment, capture_output=True, timeout=60)
    assert b"Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_indicators_are_shown_with_base_rates_also_those_that_nothing_shows(tmp_path: Path) -> None:
    source = tmp_path / "adverts.jsonl"
    source.write_bytes(lines(GOOD, TWIN, {"id": "a3", "title": "Plain", "body": "Hello"}))
    assert run_asw(tmp_path, "import", str(source), "--site", "partner").returncode == 0
    assert run_asw(tmp_path, "enrich").returncode == 0
    shown = json.loads(run_asw(tmp_path, "indicators", "--json").stdout)["indicators"]
    found = {row["indicator"]: (row["adverts"], row["of"], row["base_rate"], row["grade"]) for row in shown}
    assert found["obscured_number"] == (1, 3, 0.3333, "supported")
    assert found["movement"] == (2, 3, 0.6667, "contradicted")
    assert found["youth_wording"] == (0, 3, 0.0, "supported")
    words = run_asw(tmp_path, "indicators").stdout.decode()
    assert "33.3 %" in words
    assert "58.3 % one" in words


def test_a_pack_is_checked_with_a_sentence(tmp_path: Path) -> None:
    pack = tmp_path / "own.yaml"
    entry = {"id": "quiet", "label": "Quiet", "tier": "C", "grade": "untested", "source": "a test",
             "patterns": ["quiet street"], "must_match": ["a quiet street"], "must_not_match": ["a day"]}  # fmt: skip
    pack.write_text(json.dumps({"language": "en", "indicators": [entry]}), "utf-8")
    good = run_asw(tmp_path, "indicators", "--check", "--packs", str(tmp_path))
    assert (good.returncode, good.stdout.decode().strip()[-18:]) == (0, "all of them hold.".rjust(18))
    pack.write_text(json.dumps({"language": "en", "indicators": [{**entry, "must_match": ["a street"]}]}), "utf-8")
    bad = run_asw(tmp_path, "indicators", "--check", "--packs", str(tmp_path))
    assert (bad.returncode, bad.stderr.decode()) == (1, "quiet (en) misses its example 'a street'\n")
    pack.write_text("language: en\nindicators: [{id: quiet, patern: [x]}]", "utf-8")
    wrong = run_asw(tmp_path, "indicators", "--check", settings={"ASW_PACKS": str(tmp_path)})
    assert wrong.returncode == 2
    assert "own.yaml cannot be used" in wrong.stderr.decode()
