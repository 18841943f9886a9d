import io
import json
from collections import Counter
from pathlib import Path

from adverts.model import Advert
from graph.batch import explain_templates, match_templates, write_clusters
from graph.clustering import cluster
from graph.rulings import Rulings, parse_decisions
from tests.graph.markets import Line, make_linkables, read_case


def test_files_are_written_whole(tmp_path: Path) -> None:
    found = write_clusters(make_linkables(read_case("rotation")), tmp_path / "new" / "out")
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == [
        "hubs.jsonl",
        "links.jsonl",
        "members.jsonl",
        "networks.jsonl",
    ]
    members = [json.loads(line) for line in (tmp_path / "new" / "out" / "members.jsonl").read_text().splitlines()]
    assert len(members) == 9
    assert set(members[0]) == {"id", "persona", "network"}
    assert [member["network"] for member in members if member["id"] in ("ad008", "ad009")] == [None, None]
    links = [json.loads(line) for line in (tmp_path / "new" / "out" / "links.jsonl").read_text().splitlines()]
    assert len(links) == len(found.links)
    assert set(links[0]["reasons"][0]) == {"reason", "weight", "value", "specificity", "detail"}


def test_templates_come_in_input_order_and_are_explained() -> None:
    text = "New in {}, a long massage by the river with tea and music, call {}"
    adverts = [
        Advert(id="z", body=text.format("Leeds", "07700 900123")),
        Advert(id="m", body="Something else altogether, thank you very much"),
        Advert(id="a", body=text.format("Hull", "07700 900456")),
        Advert(id="a", body=""),
    ]
    lines, templates = match_templates(adverts)
    assert [line["id"] for line in lines] == ["z", "m", "a", "a"]
    assert lines[0]["template"] == lines[2]["template"] == templates[0].id
    assert lines[1]["template"] is lines[3]["template"] is None
    (form,) = explain_templates(adverts, templates)
    assert form["text"] == "New in {place}, a long massage by the river with tea and music, call {phone}"
    assert form["size"] == 2


def test_a_text_has_one_template_by_itself_and_in_a_linking() -> None:
    text = "Calm company by the river, tea and music, {}, ask for me by name on any evening of the week"
    lines = [
        Line(id=name, text=text.format(f"{name} {name * 3} {name * 5}"), phones=("+447700900123",), posted=day)
        for name, day in (("z", "2026-03-01"), ("m", "2026-01-01"), ("a", "2026-02-01"))
    ]
    adverts = [Advert(id=line.id, body=line.text, posted_at=f"{line.posted}T10:00:00Z") for line in lines]
    (template,) = {answer["template"] for answer in match_templates(adverts)[0]}
    found = cluster(make_linkables(lines))
    linked = {reason.value for link in found.links for reason in link.reasons if reason.reason == "same_text"}
    assert linked == {template}


def test_bad_decisions_are_named_with_their_line_and_the_rest_is_kept() -> None:
    lines = [
        b'{"decision": "same", "a": "x", "b": "y"}\n',
        b"\n",
        b"not json\n",
        b'{"decision": "perhaps", "a": "x", "b": "y"}\n',
        b'{"decision": "different", "a": "x"}\n',
        b'{"decision": "hub"}\n',
        b'{"decision": "hub", "value": "+447700900001"}\n',
    ]
    rejects, errors = Counter[str](), io.StringIO()
    rulings = Rulings.sort(parse_decisions(lines, rejects, errors))
    assert rulings.same == {("x", "y")}
    assert rulings.hubs == {"+447700900001"}
    assert rejects == {"bad_decision": 4}
    assert [line.split(":")[0] for line in errors.getvalue().splitlines()] == [
        f"decisions, line {n}" for n in (3, 4, 5, 6)
    ]
