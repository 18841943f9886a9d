"""The territory tables reach every force, keep each region whole, and answer by name and by nearness."""

import pytest

from adverts.territory import (
    ATTRIBUTION,
    find_area_code,
    find_outcode,
    find_town,
    forces,
    iter_outcodes,
    iter_town_names,
    region_of,
)

SPOTS = {"station", "landmark", "airport", "hospital", "university", "stadium"}

REGIONS = {
    "NEROCU": {"Northumbria", "Durham", "Cleveland"},
    "NWROCU": {"Cheshire", "Cumbria", "Greater Manchester", "Lancashire", "Merseyside", "North Wales"},
    "YHROCU": {"West Yorkshire", "South Yorkshire", "North Yorkshire", "Humberside"},
    "EMSOU": {"Derbyshire", "Leicestershire", "Lincolnshire", "Northamptonshire", "Nottinghamshire"},
    "WMROCU": {"Staffordshire", "West Midlands", "West Mercia", "Warwickshire"},
    "ERSOU": {"Bedfordshire", "Cambridgeshire", "Essex", "Hertfordshire", "Kent", "Norfolk", "Suffolk"},
    "SEROCU": {"Hampshire", "Surrey", "Sussex", "Thames Valley"},
    "SWROCU": {"Avon and Somerset", "Devon and Cornwall", "Dorset", "Gloucestershire", "Wiltshire"},
    "TARIAN": {"South Wales", "Gwent", "Dyfed-Powys"},
    "London": {"Metropolitan Police", "City of London"},
    "Scotland": {"Police Scotland"},
    "Northern Ireland": {"PSNI"},
}


def test_each_region_has_its_members() -> None:
    found: dict[str, set[str]] = {}
    for force in forces():
        found.setdefault(force.region, set()).add(force.name)
    assert found == REGIONS


def test_every_force_is_reached_by_an_outcode() -> None:
    reached = {name for area in iter_outcodes() for name in area.forces}
    reached |= set((find_outcode("BT7") or pytest.fail("no BT7")).forces)
    assert reached == {force.name for force in forces()}


def test_shares_of_each_outcode_sum_to_one() -> None:
    assert all(abs(sum(area.forces.values()) - 1) < 0.01 for area in iter_outcodes())


def test_every_outcode_lies_in_the_british_isles() -> None:
    assert all(area.lat and area.lon and 49 < area.lat < 61 and -9 < area.lon < 2 for area in iter_outcodes())


def test_an_outcode_on_a_border_keeps_its_shares() -> None:
    area = find_outcode("sg8 ")
    assert area is not None
    assert area.forces["Hertfordshire"] == pytest.approx(0.54, abs=0.02)
    assert area.forces["Cambridgeshire"] == pytest.approx(0.44, abs=0.02)


@pytest.mark.parametrize("code", ["ZZ9", "BT99", "", "CF", "AB", "Q1"])
def test_an_outcode_that_does_not_exist_is_none(code: str) -> None:
    assert find_outcode(code) is None


@pytest.mark.parametrize(
    ("name", "force"),
    [
        ("Cardiff", "South Wales"), ("kingston-upon-hull", "Humberside"), ("Hull", "Humberside"),
        ("Leeds", "West Yorkshire"),
        ("Belfast", "PSNI"), ("Glasgow", "Police Scotland"), ("Didsbury", "Greater Manchester"),
        ("Mayfair", "Metropolitan Police"),
    ],
)  # fmt: skip
def test_a_town_is_found_with_its_force(name: str, force: str) -> None:
    area = find_town(name)
    assert area is not None
    assert max(area.forces, key=lambda key: area.forces[key]) == force


def test_an_ambiguous_town_is_the_biggest_or_the_nearest() -> None:
    biggest, by_the_sea = find_town("Newport"), find_town("Newport", near=find_outcode("PO30"))
    assert biggest is not None
    assert by_the_sea is not None
    assert (set(biggest.forces), set(by_the_sea.forces)) == ({"Gwent"}, {"Hampshire"})


def test_every_town_name_finds_itself() -> None:
    assert all(find_town(name) == area for name, area in iter_town_names())


def test_every_force_is_reached_by_a_town() -> None:
    reached = {name for _, area in iter_town_names() for name in area.forces}
    assert reached == {force.name for force in forces()}


def test_every_landmark_has_a_point_an_authority_and_a_force() -> None:
    spots = [area for _, area in iter_town_names() if area.kind in SPOTS]
    assert len({area.name for area in spots}) > 150
    assert {force for area in spots for force in area.forces} <= {force.name for force in forces()}
    assert all(area.lat and area.lon and area.authority and area.region for area in spots)


@pytest.mark.parametrize(
    ("name", "kind", "authority"),
    [
        ("Bullring", "landmark", "Birmingham"), ("kings cross station", "station", "Camden"),
        ("Jesmond", "district", "Newcastle upon Tyne"), ("Titanic Quarter", "landmark", "Belfast"),
        ("Harrogate", "town", "North Yorkshire"), ("St. Helens", "town", "St. Helens"),
    ],
)  # fmt: skip
def test_a_place_has_its_kind_and_authority(name: str, kind: str, authority: str) -> None:
    area = find_town(name)
    assert area is not None
    assert (area.kind, area.authority) == (kind, authority)


@pytest.mark.parametrize(
    ("digits", "town"), [("1633960123", "Newport"), ("1983960123", "Isle of Wight"), ("1614960123", "Manchester")]
)
def test_an_area_code_is_found(digits: str, town: str) -> None:
    area = find_area_code(digits)
    assert area is not None
    assert area.name == town


def test_no_area_code_no_town() -> None:
    assert find_area_code("7700900123") is None


def test_regions_of_names_that_have_none_are_empty() -> None:
    assert (region_of("Kent"), region_of("British Transport Police"), region_of("Nobody")) == ("ERSOU", "", "")


def test_the_attribution_names_both_sources() -> None:
    assert "Open Government Licence" in ATTRIBUTION
    assert "GeoNames" in ATTRIBUTION
