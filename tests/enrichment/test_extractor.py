"""The extractor as a whole: order, odd input, split numbers, linear time, cheap import, fingerprint."""

import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import pairwise

import pytest

from adverts.model import Advert, Extraction, Mention, Rate
from enrichment.extractor import Extractor
from enrichment.extractors import EXTRACTORS
from enrichment.view import View


def test_mentions_follow_the_text() -> None:
    advert = Advert(
        id="a", title="In Leeds", body="£120 an hour. Call 07700 900123 in York", phones=("07700 900456",),
        rates=(Rate(duration="1 hour", price="£130"),),
    )  # fmt: skip
    mentions = Extractor().extract(advert).mentions
    assert [mention.kind for mention in mentions] == ["place", "price", "phone", "place", "phone", "price"]
    assert [mention.attrs["hourly"] for mention in mentions if mention.kind == "price"] == [False, True]


def test_a_split_number_names_both_its_parts() -> None:
    advert = Advert(id="a", title="Anna 07700", body="900123 today")
    phone = next(mention for mention in Extractor().extract(advert).mentions if mention.kind == "phone")
    assert (phone.value, phone.raw, phone.field) == ("+447700900123", "07700", "title")
    assert phone.parts == ({"field": "title", "start": 5, "end": 10}, {"field": "body", "start": 0, "end": 6})
    assert phone.attrs["disguise"] == ["split"]


def test_disguises_are_kept() -> None:
    advert = Advert(id="a", body="O77oo nine 0️⃣0️⃣123")
    phone = Extractor().extract(advert).mentions[0]
    assert phone.attrs == {"country": "GB", "class": "reserved", "disguise": ["keycaps", "letters", "words"]}


def test_text_is_the_body_with_disguises_undone() -> None:
    advert = Advert(id="a", body="Two girls? No, one. Ring oh seven seven double oh 900 123, 𝐀𝐧𝐧𝐚")
    assert Extractor().extract(advert).text == "Two girls? No, one. Ring 0 7 7 00 900 123, Anna"


def test_what_is_refused_is_counted_by_reason() -> None:
    extractor = Extractor()
    extractor.extract(
        Advert(id="a", body="ref: 07700900123, see https://example.com/07700900123, card 4929123412341234")
    )
    assert extractor.counts["phone/labelled_id"] == 1
    assert extractor.counts["phone/in_address"] == 1
    assert extractor.counts["phone/too_long"] == 1


@pytest.mark.parametrize(
    "unit",
    ["a", "1 ", "one ", "07700 ", "£10 ", "a at b dot ", "\u200b", "é", "aа", "M1 1AA ", "in Leeds, ", "@", "i am 20 ",
     "no genuine ", "www.", "x: ", "double ", "(", "\n", "7 ", "%2B4", "@a on ",
     "hh ", "1 hour ", "5'", "incall ", "size 8-", "20 and ", "ty ", "£",
     "a dot b at "],
)  # fmt: skip
def test_a_long_body_takes_linear_time(unit: str) -> None:
    extractor = Extractor()
    extractor.extract(Advert(id="warm", body="x"))
    started = time.process_time()
    extractor.extract(Advert(id="a", title="Anna 07700", body=unit * (200_000 // len(unit))))
    assert time.process_time() - started < 8  # measured 0.1 to 1.4 s; quadratic work takes minutes


def test_an_empty_body_yields_nothing() -> None:
    extraction = Extractor().extract(Advert(id="a", body=""))
    assert (extraction.mentions, extraction.indicators, extraction.text) == ((), (), "")


def test_the_fingerprint_knows_the_region() -> None:
    assert Extractor("GB").fingerprint == Extractor("gb").fingerprint
    assert Extractor("GB").fingerprint != Extractor("US").fingerprint


def test_importing_the_package_loads_no_spacy() -> None:
    code = "import enrichment, sys; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_odd_characters_keep_spans_exact() -> None:
    body = "\x0007700\x00900123 \ufffd İ ﬁne in Leeds 👩‍👩‍👧 ￿"
    mentions = Extractor().extract(Advert(id="a", body=body)).mentions
    assert [mention.value for mention in mentions] == ["+447700900123", "Leeds"]
    assert all(body[mention.start : mention.end] == mention.raw for mention in mentions)


def test_a_lone_surrogate_breaks_nothing() -> None:
    body = "\ud800 07700 900123 in Leeds \udfff"
    extraction = Extractor().extract(Advert(id="a", body=body))
    assert [body[mention.start : mention.end] for mention in extraction.mentions] == ["07700 900123", "Leeds"]
    assert extraction.text.encode()


def test_a_number_is_no_part_of_another() -> None:
    body = "07 7/447700900123-LS1+900123 in CF10"
    mentions = Extractor().extract(Advert(id="a", body=body)).mentions
    spans = [(mention.start, mention.end) for mention in mentions]
    assert spans == sorted(spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(body[mention.start : mention.end] == mention.raw for mention in mentions)


def test_uk_places_are_not_looked_for_elsewhere() -> None:
    advert = Advert(id="a", body="In Manchester M1 call 415-555-0123")
    assert [mention.kind for mention in Extractor("US").extract(advert).mentions] == ["phone"]


def test_a_region_is_no_village() -> None:
    mentions = Extractor().extract(Advert(id="a", title="x", location="Cardiff, South Wales")).mentions
    assert [mention.value for mention in mentions] == ["Cardiff"]


def test_an_advert_that_breaks_an_extractor_counts_nothing_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = EXTRACTORS["prices"]

    def fail_on_b(view: View) -> Iterable[Mention]:
        if view.advert.id == "b":
            raise ValueError("spoilt")
        return original(view)

    monkeypatch.setitem(EXTRACTORS, "prices", fail_on_b)
    extractor = Extractor()
    first, broken, last = extractor.read(Advert(id=key, body="Call 07700 900123, £100 an hour") for key in "abc")
    assert isinstance(broken, ValueError)
    assert isinstance(first, Extraction)
    assert isinstance(last, Extraction)
    assert first.mentions == last.mentions
    assert (extractor.counts["found/phone"], extractor.counts["found/price"]) == (2, 2)


def test_adverts_are_read_in_company_as_they_are_alone() -> None:
    adverts = [Advert(id=str(n), title=f"Mia {n}", body=f"Ring 07700 9001{n:02}, £{n}0 an hour") for n in range(150)]
    assert Extractor().read(adverts) == [Extractor().extract(advert) for advert in adverts]
