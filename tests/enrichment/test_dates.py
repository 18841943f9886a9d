"""Periods as adverts write them, resolved against the advert's day: Wednesday 7 May 2025."""

from datetime import date

import pytest

from adverts.model import Advert
from enrichment.dates import Calendar
from enrichment.extractor import Extractor
from enrichment.opening_hours import iter_hours

WEDNESDAY = date(2025, 5, 7)


def read(text: str, *, is_month_first: bool = False) -> list[tuple[str | None, str | None]]:
    periods = Calendar(WEDNESDAY, is_month_first).iter_periods(text, 0, len(text))
    return [(_show(period.first), _show(period.last)) for period in periods]


def _show(day: date | None) -> str | None:
    return day.isoformat() if day else None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("until friday", None, "2025-05-09"),
        ("until wednesday", None, "2025-05-07"),
        ("from monday until friday", "2025-05-12", "2025-05-16"),
        ("12-15 may", "2025-05-12", "2025-05-15"),
        ("12th to 15th of may", "2025-05-12", "2025-05-15"),
        ("may 12-15", "2025-05-12", "2025-05-15"),
        ("28th - 2nd june", "2025-05-28", "2025-06-02"),
        ("fri 9th - sun 11th may", "2025-05-09", "2025-05-11"),
        ("12/05 - 15/05", "2025-05-12", "2025-05-15"),
        ("from 30 dec to 3 jan", "2025-12-30", "2026-01-03"),
        ("20 march", "2025-03-20", "2025-03-20"),
        ("1 february", "2026-02-01", "2026-02-01"),
        ("till the 20th", None, "2025-05-20"),
        ("until the end of the month", None, "2025-05-31"),
        ("until end of this week", None, "2025-05-11"),
        ("this weekend", "2025-05-09", "2025-05-11"),
        ("this week", "2025-05-07", "2025-05-11"),
        ("next week", "2025-05-12", "2025-05-18"),
        ("next month", "2025-06-01", "2025-06-30"),
        ("next friday", "2025-05-16", "2025-05-16"),
        ("next monday", "2025-05-12", "2025-05-12"),
        ("tomorrow", "2025-05-08", "2025-05-08"),
        ("3 days", None, "2025-05-09"),
        ("two nights", None, "2025-05-09"),
        ("a week", None, "2025-05-13"),
        ("31st feb", None, None),
    ],
)
def test_periods(text: str, first: str | None, last: str | None) -> None:
    assert read(text) == [(first, last)]


def test_american_numbers_begin_with_the_month() -> None:
    assert read("until 6/9") == [(None, "2025-09-06")]
    assert read("until 6/9", is_month_first=True) == [(None, "2025-06-09")]


def test_without_a_reference_nothing_is_resolved() -> None:
    (period,) = Calendar(None).iter_periods("until friday", 0, 12)
    assert (period.first, period.last) == (None, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10am-8pm", "10:00-20:00"),
        ("10am to 2am", "10:00-02:00"),
        ("2-8pm", "14:00-20:00"),
        ("10-8pm", "10:00-20:00"),
        ("9.30am until 5.30pm", "09:30-17:30"),
        ("12pm - 12am", "12:00-00:00"),
        ("open 10-8", "10:00-20:00"),
        ("mon-fri 9-5", "09:00-17:00"),
        ("9 till late", "09:00-late"),
        ("11am till midnight", "11:00-00:00"),
        ("09:00-21:00", "09:00-21:00"),
    ],
)
def test_hours(text: str, value: str) -> None:
    assert [found.value for found in iter_hours(text)] == [value]


@pytest.mark.parametrize("text", ["10-8", "30-60", "open 24-7", "13am-15pm", "for 10-15 mins", "£10-12am", "10am-20%"])
def test_no_hours(text: str) -> None:
    assert list(iter_hours(text)) == []


def movements(body: str, **fields: str) -> list[tuple[str, dict[str, object]]]:
    mentions = Extractor().extract(Advert(id="a", body=body, **fields)).mentions  # type: ignore[arg-type]
    return [(mention.value, mention.attrs) for mention in mentions if mention.kind == "movement"]


def test_a_movement_knows_its_days_and_place() -> None:
    posted = "2025-05-07T22:10:00Z"
    assert movements("New in town! Visiting Leeds until Friday.", posted_at=posted) == [
        ("new_in_town", {}),
        ("visiting", {"until": "2025-05-09", "place": "Leeds"}),
    ]
    assert movements("From Monday until Friday in Leeds", posted_at=posted) == [
        ("stay", {"from": "2025-05-12", "until": "2025-05-16", "place": "Leeds"}),
    ]
    assert movements("leaving on Sunday", seen_at=posted) == [("leaving", {"until": "2025-05-11"})]


def test_a_movement_of_an_undated_advert_has_no_days() -> None:
    assert movements("Visiting Leeds until Friday", posted_at="yesterday") == [("visiting", {"place": "Leeds"})]


def test_where_one_came_from_is_no_place_of_the_movement() -> None:
    assert movements("just arrived from Leeds") == [("arrived", {})]


def test_a_disguise_before_a_place_moves_no_span() -> None:
    body = "Ring 0️⃣7️⃣7️⃣0️⃣0️⃣ 9️⃣0️⃣0️⃣ 1️⃣2️⃣3️⃣. In Leeds 12-15 May"
    (stay,) = (m for m in Extractor().extract(Advert(id="a", body=body)).mentions if m.kind == "movement")
    assert (stay.raw, body[stay.start : stay.end]) == ("Leeds 12-15 May", "Leeds 12-15 May")


@pytest.mark.parametrize("share", ["100% positive feedback", "feedback 100% positive"])
def test_a_share_of_good_reviews_is_no_count(share: str) -> None:
    mentions = Extractor().extract(Advert(id="a", body=share)).mentions
    assert [(m.value, m.attrs) for m in mentions if m.kind == "reviews"] == [("reviewed", {"positive": 100})]


def test_stars_are_a_rating() -> None:
    mentions = Extractor().extract(Advert(id="a", body="rated 4.9/5 reviews, 12 real reviews")).mentions
    assert [(m.value, m.attrs) for m in mentions if m.kind == "reviews"] == [
        ("reviewed", {"rating": 4.9}),
        ("12", {}),
    ]


def test_a_site_says_that_nobody_is_verified() -> None:
    advert = Advert(id="a", body="x", extra={"verified": "No", "reviews": 3})
    extractor = Extractor()
    (mention,) = extractor.extract(advert).mentions
    assert (mention.kind, mention.field, mention.raw) == ("verified", "extra.verified", "No")
    assert mention.attrs == {"negated": True}
    assert extractor.counts["reviews/invalid_field"] == 1
