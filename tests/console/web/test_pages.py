"""Every page over a real store and index: facts, JSON twins, escaping, audit entries, designed failures."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from adverts.audit import verify_audit
from adverts.ids import advert_id, capture_id
from adverts.store import Store
from adverts.store.schema import adverts, audit, indicator_hits
from console.web.network_reading import read_links
from console.web.pages.runs import RunRow, compare_counts
from console.web.reading import Rate, read_base_rates
from tests.builders import make_providers
from tests.console.web.market import EMAIL, HOSTILE, NETWORK
from tests.console.web.serving import REASON, Served, serve_store, sign_in

ADVERT = advert_id("northgate", "n00")
OTHER_ADVERT = advert_id("bazaar", "n01")
HOSTILE_ADVERT = advert_id("bazaar", "hostile")
CAPTURE = capture_id("northgate", "2026-02-20", "https://northgate.example.com/n00", 200)
PATHS = [
    *("/", "/search?q=cardiff", "/search?q=zzzz", f"/adverts/{ADVERT}", f"/adverts/{HOSTILE_ADVERT}", "/networks"),
    *(f"/networks/{NETWORK}", f"/networks/{NETWORK}?open=per-0", "/runs", "/runs/1", f"/captures/{CAPTURE}"),
    *("/rules", "/patterns", "/help", f"/compare?a={ADVERT}&b={OTHER_ADVERT}", "/personas"),
    *("/identifiers?q=kind:phone", "/search/map?q=cardiff"),
]


def last_entries(served: Served, count: int) -> list[Any]:
    with served.store.connect() as connection:
        return list(connection.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(count)))


@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_in_html_with_a_title_of_its_own(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    title = answer.text.partition("<title>")[2].partition(" · asw</title>")[0]
    assert title
    assert answer.text.count("<h1>") == 1
    assert 'lang="en-GB"' in answer.text


class Tags(HTMLParser):
    """Every tag of a page with its attributes, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.mark.parametrize("path", PATHS)
def test_no_page_needs_anything_from_outside_or_inline(client: httpx.Client, path: str) -> None:
    tags = Tags(client.get(path).text).found
    assert len(tags) > 20
    for tag, attributes in tags:
        assert tag not in ("style", "iframe", "img", "object", "base")
        assert tag != "script" or attributes["src"].startswith("/static/")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href", "action"):
            assert attributes.get(name, "/").startswith(("/", "#", "?"))
            assert not attributes.get(name, "").startswith("//")


@pytest.mark.parametrize("path", PATHS)
def test_ids_on_a_page_are_its_own_and_every_anchor_leads_somewhere(client: httpx.Client, path: str) -> None:
    tags = Tags(client.get(path).text).found
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = {attributes["href"][1:] for _, attributes in tags if attributes.get("href", "").startswith("#")}
    if path != "/patterns":
        assert anchors <= set(ids)


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/"])
def test_every_page_has_a_json_twin(client: httpx.Client, path: str) -> None:
    page, _, query = path.partition("?")
    by_name = client.get(f"{page}.json?{query}")
    by_accept = client.get(path, headers={"accept": "application/json"})
    assert by_name.status_code == by_accept.status_code == 200
    assert by_name.headers["content-type"] == "application/json"
    assert by_name.json() == by_accept.json()
    assert escape(by_name.json()["title"]) in client.get(path).text.replace("&#34;", "&quot;").replace(
        "&#39;", "&#x27;"
    )


def test_the_advert_page_and_its_twin_hold_the_same_facts(client: httpx.Client) -> None:
    facts = client.get(f"/adverts/{ADVERT}.json").json()
    html = client.get(f"/adverts/{ADVERT}").text
    for mention in facts["mentions"]:
        field = next(each for each in facts["fields"] if each["name"] == mention["field"])
        assert field["text"][mention["start"] : mention["end"]] == mention["raw"]
        assert f'id="{mention["key"]}"' in html
        assert f'href="#{mention["key"]}"' in html
    provenance = facts["provenance"]
    assert provenance["capture"] == CAPTURE
    assert provenance["sha256"] in html
    assert provenance["warc_file"] in html
    assert provenance["languages"] == ["en", "ro"]
    assert "English, Romanian" in html
    assert [version["first_seen"] for version in facts["versions"]] == ["2026-02-20", "2026-02-03"]
    assert {"kind": "removed", "text": "Cardiff"} in facts["versions"][0]["changes"]["Text"]
    assert "<del>Cardiff</del>" in html
    assert "07700 900 123" in html
    assert len(facts["links"]) == 9
    assert [link["weight"] for link in facts["links"]] == sorted(
        (link["weight"] for link in facts["links"]), reverse=True
    )


def test_each_value_leads_to_the_rule_that_found_it(client: httpx.Client) -> None:
    facts = client.get(f"/adverts/{ADVERT}.json").json()
    html = client.get(f"/adverts/{ADVERT}").text
    rules = {attributes.get("id") for _, attributes in Tags(client.get("/rules").text).found}
    for row in (*facts["mentions"], *facts["indicators"]):
        page, _, anchor = row["rule"].partition("#")
        assert page == "/rules"
        assert anchor in rules
        assert f'href="{row["rule"]}"' in html
    assert {row["rule"] for row in facts["indicators"]} == {"/rules#indicator-reassurance"}


def test_members_of_fields_are_highlighted_in_place(client: httpx.Client) -> None:
    facts = client.get(f"/adverts/{ADVERT}.json").json()
    html = client.get(f"/adverts/{ADVERT}").text
    fields = {field["name"]: field for field in facts["fields"]}
    assert fields["rates.0.duration"]["text"] == "1 hour"
    for name, text in (("rates.0.price", "£120"), ("services.0", "GFE"), ("phones.0", "07700 900 123")):
        (span,) = fields[name]["spans"]
        assert fields[name]["text"][span["start"] : span["end"]] == text
        assert f'href="#{span["key"]}"' in html
    assert "rates 1, price: 0 to 4" in html


def test_protected_characteristics_are_not_shown(client: httpx.Client) -> None:
    assert "Freedonian" not in client.get(f"/adverts/{ADVERT}").text
    assert "Freedonian" not in client.get(f"/adverts/{ADVERT}.json").text
    assert client.get(f"/adverts/{ADVERT}.json").json()["restricted_mentions"] == 1


def test_an_earlier_version_is_shown_as_such(client: httpx.Client) -> None:
    first = client.get(f"/adverts/{ADVERT}.json").json()["versions"][-1]["id"]
    answer = client.get(f"/adverts/{ADVERT}?version={first}")
    assert "This is an earlier version." in answer.text
    assert "Mia, new in Cardiff" in answer.text
    assert client.get(f"/adverts/{ADVERT}?version=ver-of-another").status_code == 404


def test_the_network_page_says_why_with_what_and_how_sure(client: httpx.Client) -> None:
    facts = client.get(f"/networks/{NETWORK}.json").json()
    html = client.get(f"/networks/{NETWORK}").text
    assert "Candidate linked network" in html
    assert "Indicators are not evidence of an offence" in html
    assert "Safeguarding" in html
    assert (facts["size"], len(facts["members"]), facts["persona_count"], len(facts["personas"])) == (10, 10, 3, 3)
    assert facts["link_count"] == 45
    assert facts["reasons"][0] == {
        "reason": "shared_email",
        "links": 45,
        "mean_weight": pytest.approx(6.3),
        "values": 1,
    }
    assert facts["weakest"]["weight"] == pytest.approx(2.8)
    assert facts["bridges"][0]["splits"] == [3, 7]
    assert [(near["target"]["title"], near["weight"]) for near in facts["border"]] == [("Ivy 0 in Cardiff", -0.4)]
    assert "Just outside" in html
    assert {spot["name"]: spot["adverts"] for spot in facts["spots"]} == {
        "Bristol": 3,
        "Cardiff": 3,
        "Newport": 3,
        "Swansea": 2,
    }
    assert [each["everywhere"] for each in facts["identifiers"]] == [10, 7, 3, None]
    order = [html.index(f'<h2 id="{name}"') for name in
             ("summary", "why", "who", "identifiers", "where", "drawing", "indicators", "members")]  # fmt: skip
    assert order == sorted(order)
    for word in ("OCG", "victim", "trafficker"):
        assert word not in html


def test_the_advert_that_a_reason_names_is_linked_to_while_it_may_be_shown(
    console: Served, client: httpx.Client
) -> None:
    pair = {"a": advert_id("northgate", "n20"), "b": advert_id("bazaar", "n21")}
    assert f'<a class="hash" href="/adverts/{ADVERT}">{ADVERT}</a>, 0 of' in client.get("/compare", params=pair).text
    withheld = sa.update(adverts).where(adverts.c.id == ADVERT)
    with console.store.begin() as connection:
        connection.execute(withheld.values(erased_at=datetime.now(UTC)))
    try:
        pages = [client.get("/compare", params=pair).text, client.get(f"/adverts/{pair['a']}").text]
        with console.store.connect() as connection:
            links = read_links(connection, NETWORK)
    finally:
        with console.store.begin() as connection:
            connection.execute(withheld.values(erased_at=None))
    for said in (*pages, str(links)):
        assert "in common with an advert that is withheld, 0 of them" in said
        assert ADVERT not in said


def test_a_persona_opens_into_its_adverts(client: httpx.Client) -> None:
    closed = client.get(f"/networks/{NETWORK}.json").json()["graph"]
    opened = client.get(f"/networks/{NETWORK}.json?open=per-0").json()["graph"]
    assert sorted(dot["node"]["shape"] for dot in closed["dots"]) == ["identifier"] * 2 + ["persona"] * 3
    assert (
        sorted(dot["node"]["shape"] for dot in opened["dots"]) == ["advert"] * 4 + ["identifier"] * 2 + ["persona"] * 2
    )
    assert any(line["edge"]["is_bridge"] for line in closed["lines"])


@pytest.mark.parametrize("order", ["triage", "size", "personas", "newest", "seen", "nonsense"])
def test_networks_come_in_every_order(client: httpx.Client, order: str) -> None:
    rows = client.get(f"/networks.json?order={order}&page=99").json()
    assert [row["id"] for row in rows["networks"]] == [NETWORK]
    assert rows["networks"][0]["held_by"][0]["caption"] == EMAIL


def test_a_network_was_first_seen_when_its_first_advert_was_wherever_it_is_shown(client: httpx.Client) -> None:
    page = client.get(f"/networks/{NETWORK}.json").json()
    (row,) = client.get("/networks.json").json()["networks"]
    seen = [(member["first_seen"], member["last_seen"]) for member in page["members"]]
    days = (min(first for first, _ in seen), max(last for _, last in seen))
    assert (page["first_seen"], page["last_seen"]) == (row["first_seen"], row["last_seen"]) == days


def test_each_hit_says_why_it_is_one_when_asked(client: httpx.Client) -> None:
    plain = client.get("/search", params={"q": "new cardiff"})
    assert "why=1" in plain.text
    assert 'class="why"' not in plain.text
    hits = client.get("/search.json", params={"q": "new cardiff", "why": "1"}).json()["hits"]
    for hit in hits:
        assert [each["part"] for each in hit["why"]] == ["new", "cardiff"]
        assert "title" in hit["why"][0]["fields"]
        assert hit["why"][0]["weight"] == 3
        assert hit["why"][0]["holders"] >= len(hits)
    shown = client.get("/search", params={"q": "new cardiff", "why": "1"}).text
    assert shown.count('class="why"') == len(hits)


@pytest.mark.parametrize("group", ["persona", "network"])
def test_reposts_are_one_line_that_opens_them(client: httpx.Client, group: str) -> None:
    facts = client.get("/search.json", params={"q": f"has:{group}", "group": group}).json()
    assert sum(1 + hit["more"] for hit in facts["hits"]) == facts["total"]
    assert facts["groups"] == len(facts["hits"]) < facts["total"]
    first = max(facts["hits"], key=lambda hit: hit["more"])
    opened = client.get("/search.json", params={"q": first["more_query"]}).json()
    assert opened["total"] == first["more"] + 1
    assert f"and {first['more']} more advert" in client.get(f"/search?q=has:{group}&group={group}").text


def test_a_search_is_built_of_lines_and_a_fault_stands_at_its_line(client: httpx.Client) -> None:
    facts = client.get("/search/build.json", params={"q": "new -place:Cardiff"}).json()
    assert [each["line"] for each in facts["lines"]] == [
        {"field": "", "value": "new", "negated": False},
        {"field": "place", "value": "Cardiff", "negated": True},
        {"field": "", "value": "", "negated": False},
    ]
    assert facts["total"] == client.get("/search.json", params={"q": "new -place:Cardiff"}).json()["total"]
    faulty = client.get("/search/build?sense=&field=price&value=cheap&sense=not&field=&value=new&do=search")
    assert faulty.status_code == 400
    assert "Line 1: value" in faulty.text
    assert 'aria-describedby="problem-1"' in faulty.text
    assert client.get("/search/build", params={"q": "(a"}).status_code == 400


def test_more_like_this_is_a_search_that_can_be_read(client: httpx.Client) -> None:
    answer = client.get(f"/search/like/{advert_id('northgate', 'n00')}")
    assert answer.status_code == 303
    found = client.get(answer.headers["location"]).text
    assert "phone:+447700900123 OR email:bookings@example.com" in found
    assert client.get("/search/like/ad-00000000000000000000").status_code == 404


def test_a_query_narrows_the_networks_and_a_fault_is_pointed_at(client: httpx.Client) -> None:
    found = client.get("/networks.json", params={"q": "adverts:>=2 -triage:dismissed"}).json()
    assert [row["id"] for row in found["networks"]] == [NETWORK]
    none = client.get("/networks", params={"q": "phones:>90"})
    assert (none.status_code, "No network matches" in none.text) == (200, True)
    links = re.findall(r'href="(/networks\?[^"]+)"', none.text)
    assert links
    assert all("q=phones" in link for link in links)
    fault = client.get("/networks", params={"q": "phonse:3"})
    assert (fault.status_code, "There is no field phonse" in fault.text, "phones:" in fault.text) == (400, True, True)


def test_one_person_with_several_adverts_is_set_apart_from_networks(client: httpx.Client) -> None:
    several, one = (client.get(f"/networks.json?show={show}").json() for show in ("several", "one"))
    assert (several["several"], several["one"]) == (1, 0) == (one["several"], one["one"])
    assert one["networks"] == []
    assert "Candidate linked network, 3 personas" in client.get(f"/search?q=network:{NETWORK}").text
    assert "One person, several adverts" in client.get("/patterns").text


def test_search_finds_filters_sorts_and_turns_pages(client: httpx.Client) -> None:
    everything = client.get("/search.json").json()
    assert (everything["total"], everything["pages"], len(everything["hits"])) == (56, 3, 20)
    last = client.get("/search.json?page=3").json()
    assert len(last["hits"]) == 16
    narrowed = client.get("/search.json?q=girls&site=lantern").json()
    assert {hit["site"] for hit in narrowed["hits"]} == {"lantern"}
    assert narrowed["chosen"][0]["value"] == "lantern"
    assert ["site", "lantern"] not in narrowed["chosen"][0]["params"]
    cheap = [hit["about"][-1] for hit in client.get("/search.json?sort=price").json()["hits"]]
    assert cheap == sorted(cheap)


def test_a_disguised_number_is_found_by_the_plain_one_and_shown_plainly(client: httpx.Client) -> None:
    found = client.get("/search", params={"q": "phone:07700900123"})
    assert "7 adverts" in found.text
    assert "07700 900 123" in found.text
    assert "<mark>girls</mark>" in client.get("/search?q=girls").text


def test_the_empty_address_of_a_filter_page_is_the_state(client: httpx.Client) -> None:
    html = client.get("/search?q=girls&site=lantern&sort=newest").text
    assert 'value="girls"' in html
    assert re.search(r'href="/search\?q=girls&amp;sort=newest"', html), (
        "the chip that removes the filter keeps the rest"
    )


@pytest.mark.parametrize(
    ("query", "marked", "problem"),
    [("colour:red x", "c", "There is no field colour."), ("(a", "(", "never closed"), ("a )", ")", "closes nothing")],
)
def test_a_syntax_error_points_at_its_character(client: httpx.Client, query: str, marked: str, problem: str) -> None:
    answer = client.get("/search", params={"q": query})
    assert answer.status_code == 400
    assert f'<span class="fault">{marked}</span>' in answer.text
    assert problem in answer.text


def test_hostile_text_stays_text_everywhere(client: httpx.Client) -> None:
    pages = [
        f"/adverts/{HOSTILE_ADVERT}",
        "/search?q=quotes",
        "/search",
        f"/search?q={HOSTILE}",
        f"/networks/{HOSTILE}",
    ]
    for path in pages:
        html = client.get(path).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    assert "&lt;script&gt;alert(" in client.get(f"/adverts/{HOSTILE_ADVERT}").text


def test_runs_show_failures_and_compare_with_the_run_before(client: httpx.Client) -> None:
    nights = client.get("/runs.json").json()["nights"]
    assert [night["night"] for night in nights] == ["2026-03-03", "2026-03-02", "2026-03-01", "2026-02-20"]
    partial = next(run for night in nights for run in night["runs"] if run["status"] == "partial")
    page = client.get(f"/runs/{partial['id']}")
    assert "429" in page.text
    compared = {
        row["name"]: (row["count"], row["before"])
        for row in client.get(f"/runs/{partial['id']}.json").json()["comparisons"]
    }
    assert compared["adverts/new"] == (20, 30)


def test_a_whole_nights_counts_are_summed_over_its_sites_in_an_operators_words() -> None:
    counts = {"crawl bazaar/adverts": 843, "crawl northgate/adverts": 1534, "crawl bazaar/advert/new": 14,
              "crawl bazaar/field/age/missing": 107, "enrich/version": 178, "link/networks": 821}  # fmt: skip
    row = RunRow(
        id=1, stage="nightly", site="", night=date(2026, 3, 1), status="done", started_at=datetime.now(UTC),
        finished_at=None, counts=counts, failures=[], code_version="0",
    )  # fmt: skip
    assert row.headlines == [("adverts", 2377), ("new", 14), ("versions enriched", 178), ("networks", 821)]
    groups = [row.group for row in compare_counts("nightly", counts, {})]
    assert sorted(set(groups)) == ["crawl bazaar", "crawl northgate", "enrich", "link"]
    assert [(row.group, row.label) for row in compare_counts("crawl", {"adverts": 1, "field/age/missing": 2}, {})] == [
        ("", "adverts"), ("field", "age/missing"),
    ]  # fmt: skip


def test_base_rates_count_adverts_in_force_only(console: Served) -> None:
    with console.store.connect() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(adverts).where(adverts.c.erased_at.is_(None)))
        shown = connection.scalars(
            sa.select(adverts.c.id)
            .join(indicator_hits, indicator_hits.c.version_id == adverts.c.version_id)
            .where(indicator_hits.c.indicator == "third_person", adverts.c.erased_at.is_(None))
            .distinct()
        ).all()
        assert shown
        assert read_base_rates(connection, ["third_person"]) == {"third_person": Rate(len(shown), total or 0)}


def test_a_capture_shows_its_bytes_and_whether_they_are_whole(client: httpx.Client) -> None:
    html = client.get(f"/captures/{CAPTURE}").text
    assert "&lt;h1&gt;Mia, back in Newport&lt;/h1&gt;" in html
    assert "The bytes have the hash that was stored" in html
    assert client.get(f"/captures/{CAPTURE}.json").json()["source"]["is_intact"] is True


def test_each_consultation_is_logged_with_who_and_why_and_without_words(console: Served, client: httpx.Client) -> None:
    client.get("/search", params={"q": "phone:07700900123"})
    client.get(f"/adverts/{ADVERT}.json")
    client.get(f"/networks/{NETWORK}")
    client.get(f"/captures/{CAPTURE}")
    entries = last_entries(console, 4)
    assert {(entry.verb, entry.actor, entry.reason) for entry in entries} == {("consultation", "PC 1234", REASON)}
    capture, network, advert, search = (entry.subject for entry in entries)
    assert (capture, network, advert) == (f"capture {CAPTURE}", f"network {NETWORK} adverts 10", f"advert {ADVERT}")
    assert re.fullmatch(r"search sha256:[0-9a-f]{64} length 17 hits 7", search)
    with console.store.connect() as connection:
        assert verify_audit(connection) == []


def test_pages_that_show_no_subject_are_not_logged(console: Served, client: httpx.Client) -> None:
    before = last_entries(console, 1)[0].id
    for path in ("/runs", "/help", "/patterns", "/nothing", "/adverts/ad-none", "/search?q=("):
        client.get(path)
    assert last_entries(console, 1)[0].id == before


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/adverts/ad-none",
        "/networks/net-none",
        "/captures/cap-none",
        "/runs/999",
        "/runs/abc",
        "/static/no.css",
    ],
)
def test_what_is_not_there_has_a_page_in_the_same_design(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "console.css" in answer.text
    assert client.get(path, headers={"accept": "application/json"}).json()["status"] == 404


def test_a_wrong_method_has_a_page_too(client: httpx.Client) -> None:
    answer = client.post("/networks")
    assert answer.status_code == 405
    assert "cannot be done here" in answer.text


def test_pages_are_fast(client: httpx.Client) -> None:
    for path in PATHS:
        client.get(path)  # templates compile at the first view
        started = time.perf_counter()
        client.get(path)
        assert time.perf_counter() - started < 1.0, path  # the budget is 100 ms; shared machines stall


@pytest.fixture
def bare(store: Store, tmp_path: Path) -> Iterator[tuple[Served, httpx.Client]]:
    """A console over an empty store without an index, signed in."""
    with serve_store(store, make_providers(), tmp_path) as served, httpx.Client(base_url=served.url) as opened:
        sign_in(opened, served)
        yield served, opened


def test_an_empty_console_says_what_to_do(bare: tuple[Served, httpx.Client]) -> None:
    _, client = bare
    search = client.get("/")
    assert search.status_code == 503
    assert "asw index" in search.text
    assert "asw link" in client.get("/networks").text
    assert "asw nightly" in client.get("/runs").text
    assert "No run has finished yet" in client.get("/runs").text


def test_a_store_that_fails_gives_a_page_not_a_trace(
    bare: tuple[Served, httpx.Client], capfd: pytest.CaptureFixture[str]
) -> None:
    served, client = bare
    with served.store.begin() as connection:
        connection.execute(sa.text("ALTER TABLE runs RENAME TO gone"))
    answer = client.get("/adverts/ad-none")
    assert answer.status_code in (500, 503)
    assert answer.headers["x-frame-options"] == "DENY"
    assert "RENAME" not in answer.text
    assert "Nothing in the store was changed." in answer.text
    assert "Traceback" not in capfd.readouterr().err
