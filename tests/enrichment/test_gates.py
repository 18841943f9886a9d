"""The gates before costly rules let through all that the rules may find."""

import pytest

from adverts.model import Advert
from enrichment.extractor import Extractor
from enrichment.extractors import emails
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


SIGNS = ("@", " @ ", "(at)", "[ at ]", " at ", " AT  ", " arroba ", "(a)", "{ a }", "*at*", "-malpa-", "_@_", "\nat\n")
AFTER = ("gmail.com", "gmail", "hot mail dot com", "example dot com", "example punkt com", "yahoo")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("domain", AFTER)
def test_a_sign_is_found_wherever_all_places_would_be_tried(sign: str, domain: str) -> None:
    glued = f"annaat{domain.split(maxsplit=1)[0]}.com"
    text = f"that attic at 9 (a flat), chat at jo_1{sign}{domain} or {glued}, e-mail!".lower()
    assert [each.span() for each in emails._iter_signs(text)] == [each.span() for each in emails._at().finditer(text)]
    assert emails._gate().opens(f"jo_1{sign}{domain}".lower())


@pytest.mark.parametrize("host", ["example .com", "example . com", "example . co . uk", "www . example . net"])
def test_a_host_whose_dots_stand_apart_passes_the_gate(host: str) -> None:
    assert _values(f"see {host} today", "url") == ["".join(host.split())]


LINKS = (
    "T.ME/anna_99", "telegram.dog/anna_99", "tg://resolve?domain=anna_99", "wa.me/447700900123",
    "whatsapp://send?phone=447700900123", "snapchat.com/add/anna_99", "instagr.am/anna_99", "ig.me/m/anna_99",
    "x.com/anna_99", "onlyfans.com/anna_99", "kik.com/u/anna_99", "line.me/ti/p/~anna_99",
    "signal.me/#p/+447700900123", "weixin://dl/chat?anna_99",
)  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_a_link_of_every_service_is_a_handle(link: str) -> None:
    assert len(_values(f"in/outcalls, see {link}", "handle")) == 1


@pytest.mark.parametrize("label", ["WhatsApp", "whats ap", "wattsapp", "watsap", "wassap", "wapp", "WA", "signal"])
def test_a_labelled_number_is_a_handle(label: str) -> None:
    service = "signal" if "gnal" in label else "whatsapp"
    assert _values(f"{label}: 07700 900123", "handle") == [f"{service}:+447700900123"]


@pytest.mark.parametrize("sign", "£€$")
def test_a_price_beside_a_number_is_no_part_of_it(sign: str) -> None:
    assert _values(f"one hour {sign}70 07700 900123", "phone") == ["+447700900123"]
    assert _values(f"07700 900123 {sign}150 two hours", "phone") == ["+447700900123"]


def test_words_of_two_scripts_are_plain_beside_signs_of_money() -> None:
    assert _values("£100, e-mail аnnа@example.com", "email") == ["anna@example.com"]
