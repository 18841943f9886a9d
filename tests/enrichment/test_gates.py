"""The gates before costly rules let through all that the rules may find."""

import pytest

from adverts.model import Advert
from enrichment.extractor import Extractor
from enrichment.gates import Gate
from enrichment.words import read_phrases

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


def _values(body: str, kind: str) -> list[str]:
    extraction = Extractor().extract(Advert(id="a", body=body))
    return [mention.value for mention in extraction.mentions if mention.kind == kind]


@pytest.mark.parametrize(("text", "opens"), [("", False), ("a dot", True), ("polkadots", True), ("do t @", False)])
def test_a_gate_opens_for_a_literal_anywhere(text: str, *, opens: bool) -> None:
    assert Gate(("dot", "www.")).opens(text) is opens


@pytest.mark.parametrize("before", range(60))
def test_a_wallet_is_found_at_every_distance_from_the_last_blank(before: int) -> None:
    assert _values("ab " * (before // 3) + "." * (before % 3) + WALLET, "wallet") == [f"btc:{WALLET}"]


@pytest.mark.parametrize("phrase", read_phrases("name_words")["introduces"])
def test_every_phrase_that_introduces_a_name_does(phrase: str) -> None:
    assert _values(f"well {phrase} Bella who has time", "name") == ["Bella"]
    bare = phrase.replace("'", "")
    assert _values(f"well {bare}: the sweet Bella who has time", "name") == ["Bella"]
