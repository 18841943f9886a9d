"""Forces by day: who has which ground before and after a merger."""

from adverts.territory import BRITISH_TRANSPORT_POLICE, Force, ForceTable, find_outcode, forces, iter_outcodes
from adverts.territory.forces import force_table


def make_table() -> ForceTable:
    rows = [
        ("A", "Old One", "One", "North", "England", "", "2027-03-31", "C"),
        ("B", "Old Two", "Two", "South", "England", "", "2027-03-31", "C"),
        ("C", "New", "New", "North", "England", "2027-04-01", "", ""),
        ("D", "Other", "Other", "South", "England", "", "", ""),
    ]
    return ForceTable(Force(*row) for row in rows)


def test_forces_of_a_day_are_those_that_exist() -> None:
    table = make_table()
    assert [force.name for force in table.list_valid("2027-03-31")] == ["One", "Two", "Other"]
    assert [force.name for force in table.list_valid("2027-04-01")] == ["New", "Other"]
    assert [force.name for force in table.list_valid()] == ["New", "Other"]


def test_shares_follow_the_successor_from_its_first_day() -> None:
    shares = {"One": 0.5, "Two": 0.3, "Other": 0.2}
    assert make_table().share_on(shares, "2027-03-31") == shares
    assert make_table().share_on(shares, "2027-04-01") == {"New": 0.8, "Other": 0.2}
    assert make_table().share_on(shares) == {"New": 0.8, "Other": 0.2}


def test_a_force_is_found_by_day() -> None:
    table = make_table()
    found = [table.find("One", day) for day in ("2026-01-01", "2028-01-01")]
    assert [force.name for force in found if force] == ["One", "New"]
    assert table.find("Nobody") is None


def test_without_a_merger_shares_stay_the_very_same() -> None:
    shares = {"Kent": 1.0}
    assert force_table().share_on(shares, "2026-01-01") is shares


def test_police_scotland_began_in_2013() -> None:
    assert "Police Scotland" not in {force.name for force in forces("2013-03-31")}
    assert "Police Scotland" in {force.name for force in forces("2013-04-01")}
    assert len(forces("2026-01-01")) == 45


def test_every_ended_force_names_a_successor() -> None:
    table = force_table()
    assert all(table.find(force.name) in forces() for force in forces("2026-01-01"))


def test_british_transport_police_has_no_ground() -> None:
    assert BRITISH_TRANSPORT_POLICE not in {force.name for force in forces()}
    assert all(BRITISH_TRANSPORT_POLICE not in area.forces for area in iter_outcodes())


def test_belfast_is_psni_on_any_day() -> None:
    area = find_outcode("BT7", "2026-05-01")
    assert area is not None
    assert (area.forces, area.region) == ({"PSNI": 1.0}, "Northern Ireland")
