"""Places: what a mention says of relation, kind and territory, which namesake is meant, what is refused and why."""

import time
from typing import Any

import pytest

from adverts.model import Advert, Mention
from enrichment.extractor import Extractor


def read_places(body: str, kind: str = "place", **fields: Any) -> list[Mention]:
    mentions = Extractor().extract(Advert(id="a", body=body, **fields)).mentions
    return [mention for mention in mentions if mention.kind == kind]


def read_one(body: str, **fields: Any) -> Mention:
    (place,) = read_places(body, **fields)
    return place


@pytest.mark.parametrize(
    ("body", "relation"),
    [
        ("15 min from Leeds", {"role": "near", "minutes": 15}),
        ("ten minutes walk from Leeds", {"role": "near", "minutes": 10}),
        ("10 miles of Bath", {"role": "near", "miles": 10.0}),
        ("within 8km of Leeds", {"role": "near", "miles": 5.0}),
        ("5 min King's Cross station", {"role": "near", "minutes": 5}),
        ("30 min £80 in Leeds", {}),
        ("incall Cardiff", {"role": "incall"}),
        ("Cardiff outcalls only", {"role": "outcall"}),
        ("visiting Leeds", {"role": "visiting"}),
        ("near the Bullring", {"role": "near"}),
        ("I live in Leeds", {}),
        ("No outcalls. Leeds is my home", {}),
    ],
)
def test_a_place_states_its_relation(body: str, relation: dict[str, Any]) -> None:
    attrs = read_one(body).attrs
    assert {key: attrs[key] for key in ("role", "minutes", "miles") if key in attrs} == relation


def test_a_role_holds_for_a_list_and_ends_with_the_next() -> None:
    places = read_places("Outcalls to Leeds, York and Harrogate; incall Bradford")
    assert [(place.value, place.attrs["role"]) for place in places] == [
        ("Leeds", "outcall"), ("York", "outcall"), ("Harrogate", "outcall"), ("Bradford", "incall"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "fields", "authority"),
    [
        ("I am in Newport", {}, "Newport"),
        ("I am in Newport, Isle of Wight", {}, "Isle of Wight"),
        ("I am in Newport", {"category": "Isle of Wight"}, "Isle of Wight"),
        ("I am in Newport", {"postcode": "PO30 1AB"}, "Isle of Wight"),
        ("I am in Newport, PO30", {}, "Isle of Wight"),
        ("I am in Newport", {"phones": ("01983 960123",)}, "Isle of Wight"),
        ("I am in Newport", {"url": "https://site.example/escorts/isle-of-wight/12"}, "Isle of Wight"),
        ("Newport, Ryde, Cowes this week", {}, "Isle of Wight"),
        ("I am in Newport", {"location": "Telford"}, "Telford and Wrekin"),
        ("I am in Ashford", {}, "Ashford"),
        ("I am in Ashford (Surrey)", {}, "Spelthorne"),
        ("I am in Ashford", {"location": "Staines"}, "Spelthorne"),
        ("I am in Richmond", {}, "Richmond upon Thames"),
        ("I am in Richmond, North Yorkshire", {}, "North Yorkshire"),
        ("I am in Richmond", {"location": "Darlington"}, "North Yorkshire"),
        ("based in Gillingham, Dorset", {}, "Dorset"),
        ("based in Whitchurch", {"location": "Cardiff"}, "Cardiff"),
        ("based in Bangor, North Wales", {}, "Gwynedd"),
        ("based in Bangor", {"postcode": "LL57"}, "Gwynedd"),
        ("based in Washington, Tyne and Wear", {}, "Sunderland"),
    ],
)
def test_a_namesake_is_told_by_the_rest_of_the_advert(body: str, fields: dict[str, Any], authority: str) -> None:
    found = [place for place in read_places(body, **fields) if place.field == "body"]
    assert found[0].attrs["authority"] == authority


def test_bangor_is_in_northern_ireland_by_its_outcode() -> None:
    place = read_places("based in Bangor", postcode="BT20")[0]
    assert (place.attrs["forces"], place.attrs["region"]) == ({"PSNI": 1.0}, "Northern Ireland")


def test_a_place_has_point_authority_force_and_region() -> None:
    attrs = read_one("near the Trafford Centre").attrs
    assert (attrs["authority"], attrs["forces"], attrs["region"], attrs["type"]) == (
        "Trafford", {"Greater Manchester": 1.0}, "NWROCU", "landmark",
    )  # fmt: skip
    assert (attrs["lat"], attrs["lon"]) == (pytest.approx(53.467, abs=0.01), pytest.approx(-2.348, abs=0.01))


def test_a_street_lies_where_its_town_does() -> None:
    street, town = read_places("come to flat 3, 14 High St, Cardiff")
    assert (street.value, street.raw, street.attrs["type"]) == ("14 High Street", "14 High St", "street")
    assert street.attrs["forces"] == town.attrs["forces"]


def test_a_street_without_a_town_has_no_point() -> None:
    attrs = read_one("come to 14 High Street").attrs
    assert (attrs["lat"], attrs["forces"], attrs["region"]) == (None, {}, "")


def test_a_station_of_a_town_is_marked() -> None:
    attrs = read_one("opposite Derby train station").attrs
    assert (attrs["type"], attrs["role"]) == ("station", "near")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Birmingham, Alabama", "abroad"), ("off London Road", "street_name"), ("a Chelsea FC fan", "club"),
        ("see www.leeds.example.com", "in_address"), ("read in the bath", "perhaps_a_word"),
    ],
)  # fmt: skip
def test_a_refused_name_is_counted(body: str, reason: str) -> None:
    extractor = Extractor()
    extractor.extract(Advert(id="a", body=body))
    assert extractor.counts[f"place/{reason}"] >= 1
    assert extractor.counts["found/place"] == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("B12 vitamin", "lookalike"), ("M6 traffic is bad near M6 today", "motorway"), ("come b4 6", "time"),
        ("M8 is my mark", "no_sign_of_place"), ("alright m8", "unlikely_outcode"),
    ],
)  # fmt: skip
def test_a_refused_outcode_is_counted(body: str, reason: str) -> None:
    extractor = Extractor()
    extractor.extract(Advert(id="a", body=body))
    assert extractor.counts[f"postcode/{reason}"] >= 1
    assert extractor.counts["found/postcode"] == 0


def test_an_outcode_that_straddles_keeps_its_shares() -> None:
    (outcode,) = read_places("based in SG8", kind="postcode")
    assert outcode.attrs["forces"]["Hertfordshire"] == pytest.approx(0.54, abs=0.02)
    assert outcode.attrs["forces"]["Cambridgeshire"] == pytest.approx(0.44, abs=0.02)


def test_outcodes_of_a_range_have_it_as_their_text() -> None:
    found = read_places("covering M1-M3", kind="postcode")
    assert {(mention.value, mention.raw) for mention in found} == {("M1", "M1"), ("M2", "M1-M3"), ("M3", "M3")}


@pytest.mark.parametrize(
    "unit",
    ["a1 ", "M1 ", "M1/", "Leeds ", "leeds", "Reading and ", "12 High Street ", "1 a a a ", "CF 1 0 ", "12 st ",
     "5 min ", "5 min walk ", "#leeds", "é leeds ", "St. ", "outcall to ", "£"],
)  # fmt: skip
def test_a_long_body_costs_little(unit: str) -> None:
    body = unit * (300_000 // len(unit))
    read_places("warm")
    started = time.process_time()
    read_places(body)
    assert time.process_time() - started < 8  # places take 0.3 s of it at most; quadratic work takes minutes
