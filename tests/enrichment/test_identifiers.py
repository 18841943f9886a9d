"""Identifiers in odd records: blanks, repeats, NUL, hostile length; spans and counts hold."""

import time

import pytest

from adverts.model import Advert, Mention
from enrichment.extractor import Extractor

KINDS = ("email", "url", "handle", "wallet", "account", "image")


def read(extractor: Extractor | None = None, **fields: object) -> list[Mention]:
    advert = Advert(id="a", **fields)  # type: ignore[arg-type]
    return [mention for mention in (extractor or Extractor()).extract(advert).mentions if mention.kind in KINDS]


def test_blanks_and_repeats_in_the_record_are_no_identifiers() -> None:
    extractor = Extractor()
    images = ("", "  ", "AB12", "ab12", " cd34\n", "https://example.com/a.jpg", "\x00")
    mentions = read(extractor, title="x", site="northgate", account=" \t", images=images)
    assert [(mention.value, mention.field, mention.raw) for mention in mentions] == [
        ("ab12", "images.2", "AB12"),
        ("cd34", "images.4", "cd34"),
    ]
    assert extractor.counts["image/repeated"] == 1
    assert extractor.counts["image/not_a_hash"] == 1


def test_an_account_keeps_its_case_and_loses_what_no_database_takes() -> None:
    (mention,) = read(title="x", site="northgate", account=" Anna\x00B ")
    assert (mention.value, mention.raw, mention.start, mention.end) == ("northgate:Anna B", "Anna\x00B", 1, 7)


def test_a_spelt_address_says_so() -> None:
    plain, spelt = read(body="anna@example.com, bell at example dot com")
    assert (plain.attrs["disguise"], spelt.attrs["disguise"]) == ([], ["spelt"])
    assert plain.confidence > spelt.confidence
    (host,) = read(body="annabell dot example dot com")
    assert (host.kind, host.attrs) == ("url", {"disguise": ["spelt"]})


def test_what_is_refused_is_counted() -> None:
    extractor = Extractor()
    read(extractor, body="whatsapp: Annabell. town.call me. 18NUEQtNyRm3Pu79rnHRPkEEvVCDi6bEFv")
    assert extractor.counts["handle/invalid"] == 1
    assert extractor.counts["url/not_a_host"] == 1
    assert extractor.counts["wallet/checksum"] == 1


def test_a_labelled_number_is_phone_and_handle_of_one_span() -> None:
    advert = Advert(id="a", body="WhatsApp O77oo 900 123")
    phone, handle = Extractor().extract(advert).mentions
    assert (phone.kind, handle.kind, handle.value) == ("phone", "handle", "whatsapp:+447700900123")
    assert (phone.start, phone.end, phone.raw) == (handle.start, handle.end, handle.raw)


@pytest.mark.parametrize(
    "unit",
    ["a@", "a@a.co ", "anna at b dot ", "(at)", "snap: a ", "snap:anna1 ", "on tg ", "my snap is anna ", "t.me/annab ",
     "anna1 gmail ", "gmail: anna_1 ", "a.com ", "http://", "a dot com ", "18NUEQtNyRm3Pu79rnHRPkEEvVCDi6bEFv ",
     "0x" + "aB" * 20 + " ", "4" * 95 + " ", "same on snap ", "👻", "a.b-c_", "a" * 25 + " ", " .com", " underscore "],
)  # fmt: skip
def test_a_hostile_body_is_read_in_bounds(unit: str) -> None:
    extractor = Extractor()
    read(extractor, body="anna@example.com")
    started = time.process_time()
    body = unit * (100_000 // len(unit))
    mentions = read(extractor, body=body)
    assert time.process_time() - started < 4  # the whole extractor: measured 0.1 to 0.6 s
    assert all(body[mention.start : mention.end] == mention.raw for mention in mentions)
