"""Lexicons are checked on load, found as whole words in any accent, denied where the text denies them."""

import time
from pathlib import Path

import pytest

from adverts.errors import StopRun
from adverts.model import Advert, Mention
from enrichment.extractor import Extractor
from enrichment.lexicon import find_terms, load_lexicon, load_lexicons
from enrichment.negation import mark_negated


def extract(body: str, **fields: str | tuple[str, ...]) -> list[Mention]:
    return list(Extractor().extract(Advert(id="a", body=body, **fields)).mentions)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- {name: x}", "forms"),
        ("- {name: x, forms: [a], colour: red}", "colour"),
        ("- [", "flow"),
        ('- {name: x, forms: ["!"]}', "without a letter"),
        ("- {name: x, forms: [a]}\n- {name: y, forms: [a]}", "'a' of 'y' is 'x' already"),
        ("- {name: x, forms: [a]}\n- {name: y, forms: [b], unless: [a]}", "'a' under unless of 'y' is a form of 'x'"),
        ("- {name: x, forms: ['a|b a|b a|b a|b a|b a|b a|b']}", "more than 64"),
    ],
)
def test_a_wrong_lexicon_is_named_with_its_fault(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StopRun, match=rf"(?s)wrong\.yaml.*{fault}"):
        load_lexicon(path)


def test_a_table_of_names_is_a_lexicon(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("name,group\nZoë,\nHope,word\n", encoding="utf-8")
    terms = load_lexicons(tmp_path)["names"]
    assert [(term.name, term.group) for term in terms] == [("Zoë", ""), ("Hope", "word")]


def test_terms_are_whole_words_in_any_accent() -> None:
    text = "owother, masaż erotyczny, masaz erotyczny; g.f.e!"
    hits = find_terms(text)["services"]
    assert [(hit.term.name, text[hit.start : hit.end]) for hit in hits] == [
        ("sensual massage", "masaż erotyczny"),
        ("sensual massage", "masaz erotyczny"),
        ("GFE", "g.f.e"),
    ]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("no bareback", {"bareback"}),
        ("no anal or bareback", {"anal", "bareback"}),
        ("no anal, rimming or bareback please", {"anal", "rimming", "bareback"}),
        ("no anal, gfe welcome", {"anal"}),
        ("no rush, gfe", set()),
        ("not rushed. gfe", set()),
        ("rimming: no, gfe: yes", {"rimming"}),
        ("rimming not offered", {"rimming"}),
        ("i don't do bareback", {"bareback"}),
        ("no texts. owo", set()),
        ("bez bareback", {"bareback"}),
    ],
)
def test_denials(text: str, denied: set[str]) -> None:
    terms = find_terms(text)
    marked = mark_negated(text, terms, terms["services"])
    assert {hit.term.name for hit, is_negated in marked if is_negated} == denied


def test_only_the_bareback_family_is_a_health_note() -> None:
    found = {mention.value: mention.attrs for mention in extract("OWO, CIM, GFE. No bareback.")}
    assert found["bareback"] == {"group": "health", "negated": True, "health": True}
    assert not any("health" in found[name] for name in ("OWO", "CIM", "GFE"))


def test_a_listed_service_that_no_term_knows_is_kept() -> None:
    mentions = extract("x", services=("G.F.E", "Tarot  Reading", "  "))
    assert [(mention.field, mention.value, mention.confidence) for mention in mentions] == [
        ("services.0", "GFE", 0.97),
        ("services.1", "tarot reading", 0.6),
    ]


def test_a_nationality_field_becomes_the_term_or_stays_as_stated() -> None:
    assert [mention.value for mention in extract("x", nationality="brasil")] == ["Brazilian"]
    assert [mention.value for mention in extract("x", nationality="half british half martian")] == [
        "Half British Half Martian"
    ]


@pytest.mark.parametrize(
    "unit",
    ["no owo ", "owo, ", "english and ", "i'm half ", "british ", "no a, ", "i speak ", "half-", "gfe/", "no ",
     "from brazil ", "i'm a sexy young new hot ", "latina\t\t\t\t\t\t\t"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(unit: str) -> None:
    extract("warm")
    started = time.process_time()
    extract(unit * (100_000 // len(unit)))
    assert time.process_time() - started < 4  # measured below 1 s; quadratic work takes minutes


def test_a_text_that_repeats_one_word_endlessly_keeps_its_other_words() -> None:
    hits = find_terms("mon " * 30_000 + "i speak romanian, available tue")
    values = [hit.term.name for subject in hits.values() for hit in subject]
    assert len([hit for hit in hits["calendar"] if hit.start < 120_000]) == 1_000
    assert {"Romanian"} <= set(values)
