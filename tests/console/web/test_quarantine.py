"""Only the named role sees quarantined adverts; all others get one and the same refusal; each act is logged."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from adverts.model import Member
from adverts.store import Store
from adverts.store.schema import audit, enrichments, quarantine_rulings, versions
from console.web.pages.quarantine import RECIPIENTS
from tests.builders import NIGHT, fill_networks, fill_unread, make_advert, make_providers
from tests.console.web.quarantined import LIST, OFFICER, PAGE, PLAIN, YOUNG, capture_of, fill_quarantine
from tests.console.web.serving import REASON, Served, read_csrf, serve_store, sign_in

CARD = f"/quarantine/{YOUNG.id}"
SURFACES = {
    "search": "/search?q=leeds",
    "advert": f"/adverts/{YOUNG.id}",
    "capture": f"/captures/{capture_of(PAGE)}",
    "list capture": f"/captures/{capture_of(LIST)}",
    "runs": "/runs",
    "networks": "/networks",
}


@pytest.fixture
def served(store: Store, tmp_path: Path) -> Iterator[Served]:
    """A console over a store with one suspected advert, which its index still holds."""
    providers = make_providers()
    fill_quarantine(store, providers, tmp_path)
    with serve_store(store, providers, tmp_path, officers=OFFICER) as running:
        yield running


@contextmanager
def open_as(served: Served, user: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url) as client:
        assert sign_in(client, served, user).status_code == 303
        yield client


@pytest.fixture
def officer(served: Served) -> Iterator[httpx.Client]:
    with open_as(served, OFFICER) as client:
        yield client


@pytest.fixture
def analyst(served: Served) -> Iterator[httpx.Client]:
    with open_as(served, "PC 1234") as client:
        yield client


def send(client: httpx.Client, html: str = "", **fields: str) -> httpx.Response:
    """Send a form of the card, or of one that was opened before, with what the card itself puts into it."""
    html = html or client.get(CARD).text
    grounds, last = (
        sorted({each.partition('"')[0] for each in html.split(f'name="{name}" value="')[1:]})
        for name in ("ground", "last")
    )
    return client.post(CARD, data={"csrf": read_csrf(html), "ground": grounds, "last": last, **fields})


def read_audit(store: Store) -> list[tuple[str, str, str, str, str]]:
    columns = [audit.c[name] for name in ("verb", "actor", "subject", "reason", "recipient")]
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(audit.c.id))]


@pytest.mark.parametrize("path", [CARD, "/quarantine", "/quarantine/ad-00000000000000000000"])
@pytest.mark.parametrize("twin", ["", ".json"])
def test_anybody_else_is_refused_and_learns_nothing(analyst: httpx.Client, path: str, twin: str) -> None:
    answer = analyst.get(path + twin)
    assert answer.status_code == 403
    assert "child-protection officer" in answer.text
    assert not any(word in answer.text for word in (YOUNG.ref + " ", "Sky", "17,", "still at school"))
    assert answer.text.replace(path, "") == analyst.get("/quarantine/none" + twin).text.replace("/quarantine/none", "")


@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("twin", [False, True])
def test_no_other_page_gives_it_out(analyst: httpx.Client, name: str, twin: bool) -> None:
    path, _, query = SURFACES[name].partition("?")
    answer = analyst.get(f"{path}{'.json' if twin else ''}?{query}")
    assert answer.status_code == (404 if "capture" in name or name == "advert" else 200)
    assert "Sky" not in answer.text
    assert YOUNG.id not in answer.text.replace(SURFACES["advert"], "")  # an error page names its own address
    if name == "search":
        assert PLAIN.id in answer.text


def test_a_search_does_not_count_it(analyst: httpx.Client) -> None:
    answer = analyst.get("/search.json?q=leeds").json()
    assert (answer["total"], answer["unread"]) == (1, 0)
    (site,) = (facet for facet in answer["facets"] if facet["name"] == "site")
    assert [(choice["value"], choice["count"]) for choice in site["choices"]] == [("northgate", 1)]


def test_a_network_that_lost_an_advert_says_nothing_of_what_it_was(officer: httpx.Client, store: Store) -> None:
    young, plain = (Member(id=each.id, persona=f"per-{each.ref}", network="net-1") for each in (YOUNG, PLAIN))
    fill_networks(store, [young, plain])
    for path in ("/networks/net-1", "/networks?show=one"):
        html = officer.get(path).text
        assert "aits for <code>asw link</code>" in html
        assert "No sign" not in html
        assert YOUNG.id not in html
    assert "Left out until" in officer.get("/networks/net-1").text
    assert officer.get("/networks/net-1.json").json()["size"] == 1


def test_an_unread_advert_is_named_as_such_on_each_page(analyst: httpx.Client, store: Store) -> None:
    text = make_advert("plain", title="Nova in Leeds", body="Other words. Call 07700 900123", seen_at="2026-03-02")
    fill_unread(store, [text])
    for path in (f"/adverts/{PLAIN.id}", f"/adverts/{PLAIN.id}.json"):
        answer = analyst.get(path)
        assert answer.status_code == 409
        assert "not yet read by asw enrich" in answer.text
        assert not any(word in answer.text for word in ("Nova", "Mia", "Other words", "Warm company"))
    answer = analyst.get("/search?q=leeds")
    assert "1 advert of this page is held back until" in answer.text.replace("\u202f", " ")
    assert PLAIN.id not in answer.text
    assert analyst.get("/search.json?q=leeds").json()["unread"] == 1
    assert "1 advert is held back until" in analyst.get("/runs").text.replace("\u202f", " ")
    assert analyst.get("/runs.json").json()["unread"] == 1


def test_a_capture_of_an_unread_advert_stays_closed(officer: httpx.Client, store: Store) -> None:
    assert send(officer, act="release", reason="a song title").status_code == 303
    assert officer.get(f"/captures/{capture_of(LIST)}").status_code == 200
    fill_unread(store, [make_advert("plain", title="Nova in Leeds", body="Other words", seen_at="2026-03-02")])
    answer = officer.get(f"/captures/{capture_of(LIST)}")
    assert answer.status_code == 409
    assert "not yet read by asw enrich" in answer.text
    assert "Mia" not in answer.text


def test_an_unread_advert_closes_no_capture_that_names_only_a_part_of_its_address(
    officer: httpx.Client, store: Store
) -> None:
    assert send(officer, act="release", reason="a song title").status_code == 303
    fill_unread(store, [make_advert(name, title="Nova in Leeds", body="Other words") for name in ("a", "pla")])
    assert officer.get(f"/captures/{capture_of(LIST)}").status_code == 200


def test_an_earlier_version_that_was_not_read_stays_closed(officer: httpx.Client, store: Store) -> None:
    with store.begin() as connection:
        first = sa.select(versions.c.id).where(versions.c.advert_id == YOUNG.id, versions.c.first_seen < NIGHT)
        unread = connection.execute(first).scalar_one()
        connection.execute(sa.delete(enrichments).where(enrichments.c.version_id == unread))
    assert send(officer, act="release", reason="a song title").status_code == 303
    assert officer.get(f"/adverts/{YOUNG.id}").status_code == 200
    assert "Quiet flat" not in officer.get(f"/adverts/{YOUNG.id}").text
    assert officer.get(f"/adverts/{YOUNG.id}?version={unread}").status_code == 404


def test_everybody_sees_how_many_wait(analyst: httpx.Client) -> None:
    assert "1\u202fquarantined" in analyst.get("/runs").text or "1 quarantined advert" in analyst.get("/runs").text
    assert analyst.get("/runs.json").json()["awaiting"] == 1
    assert "/quarantine" not in analyst.get("/runs").text


def test_the_officer_sees_the_list_and_the_card(officer: httpx.Client, store: Store) -> None:
    listed = officer.get("/quarantine.json").json()
    assert listed["counts"] == {"open": 1, "referred": 0, "released": 0}
    assert [card["id"] for card in listed["cards"]] == [YOUNG.id]
    card = officer.get(f"{CARD}.json").json()
    assert [(each["rule"], each["words"]) for each in card["grounds"]] == [
        ("stated_age", "I'm 17"), ("at_school", "still at school"),
    ]  # fmt: skip
    assert card["grounds"][0]["sha256"]
    assert card["grounds"][0]["warc_file"] == "warc/northgate-2026-03-01.warc.gz"
    assert card["subject"]["url"] == PAGE
    assert "Record as referred" in officer.get(CARD).text
    assert ("consultation", OFFICER, f"quarantine card of advert {YOUNG.id}", REASON, "") in read_audit(store)
    assert ("consultation", OFFICER, "quarantine list 1 of 1", REASON, "") in read_audit(store)


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_a_referral_is_a_disclosure(officer: httpx.Client, store: Store, recipient: str) -> None:
    answer = send(officer, act="refer", recipient=recipient, reason="log 12")
    assert answer.status_code == 303
    assert read_audit(store)[-1] == ("disclosure", OFFICER, f"advert {YOUNG.id} referred", "log 12", recipient)
    card = officer.get(CARD).text
    assert f"Referred to {recipient}" in card
    assert "Put back into quarantine" in card
    assert officer.get(f"/adverts/{YOUNG.id}").status_code == 404


def test_a_release_opens_the_advert_and_can_be_taken_back(officer: httpx.Client, store: Store) -> None:
    assert send(officer, act="release", reason="a song title").status_code == 303
    assert officer.get(f"/adverts/{YOUNG.id}").status_code == 200
    assert officer.get(f"/captures/{capture_of(LIST)}").status_code == 200
    verb, _, subject, reason, _ = read_audit(store)[-3]
    assert (verb, subject, reason) == ("alteration", f"advert {YOUNG.id} released from quarantine", "a song title")
    assert send(officer, act="reopen", reason="read again").status_code == 303
    assert officer.get(f"/adverts/{YOUNG.id}").status_code == 404
    rulings = officer.get(f"{CARD}.json").json()["rulings"]
    assert [(each["ruling"], each["grounds"]) for each in rulings] == [("reopened", 2), ("released", 2)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"act": "refer", "reason": "log 12"}, "Choose whom you referred"),
        ({"act": "refer", "reason": "", "recipient": "IWF"}, "Enter the reason"),
        ({"act": "release", "reason": " "}, "Enter the reason"),
    ],
)
def test_a_form_that_lacks_something_records_nothing(
    officer: httpx.Client, store: Store, fields: dict[str, str], words: str
) -> None:
    answer = send(officer, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    with store.connect() as connection:
        assert connection.execute(sa.select(quarantine_rulings)).all() == []


@pytest.mark.parametrize("stale", [{"ground": "ground-0"}, {"last": "7"}, {"last": "x"}, {"last": "9" * 30}])
def test_a_form_of_a_card_that_moved_on_records_nothing(
    officer: httpx.Client, store: Store, stale: dict[str, str]
) -> None:
    answer = send(officer, act="release", reason="a song title", **stale)
    assert answer.status_code == 409
    assert "Somebody ruled on this advert, or another ground was found" in answer.text
    with store.connect() as connection:
        assert connection.execute(sa.select(quarantine_rulings)).all() == []


def test_a_stale_card_does_not_release_what_another_officer_referred(officer: httpx.Client, store: Store) -> None:
    opened = officer.get(CARD).text
    assert send(officer, act="refer", reason="log 12", recipient="NCA CEOP").status_code == 303
    answer = send(officer, opened, act="release", reason="a song title")
    assert answer.status_code == 409
    assert "Somebody ruled on this advert" in answer.text
    assert "Referred to NCA CEOP" in answer.text
    assert 'value="a song title"' in answer.text
    assert [each["ruling"] for each in officer.get(f"{CARD}.json").json()["rulings"]] == ["referred"]
    assert send(officer, answer.text, act="release", reason="a song title").status_code == 303


def test_an_act_that_the_card_does_not_offer_is_refused(officer: httpx.Client, store: Store) -> None:
    answer = send(officer, act="reopen", reason="read again")
    assert answer.status_code == 409
    assert "cannot be done to an advert in this state" in answer.text
    assert send(officer, act="release", reason="a song title").status_code == 303
    assert send(officer, act="refer", reason="log 12", recipient="IWF").status_code == 409
    assert len(officer.get(f"{CARD}.json").json()["rulings"]) == 1


def test_nobody_else_can_rule_nor_a_form_without_its_mark(served: Served, officer: httpx.Client, store: Store) -> None:
    assert officer.post(CARD, data={"act": "release", "reason": "x"}).status_code == 400
    assert send(officer, act="nonsense", reason="x").status_code == 400
    with store.connect() as connection:
        assert connection.execute(sa.select(quarantine_rulings)).all() == []


def test_an_analyst_cannot_rule(analyst: httpx.Client, store: Store) -> None:
    csrf = read_csrf(analyst.get("/runs").text)
    answer = analyst.post(CARD, data={"csrf": csrf, "act": "release", "reason": "x", "ground": "y"})
    assert answer.status_code == 403
    with store.connect() as connection:
        assert connection.execute(sa.select(quarantine_rulings)).all() == []


def test_an_unknown_card_is_not_there(officer: httpx.Client) -> None:
    assert officer.get(f"/quarantine/{PLAIN.id}").status_code == 404
    assert officer.get("/quarantine/nonsense.json").status_code == 404
