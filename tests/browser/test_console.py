"""The console in real Chromium: looks right in light and dark, wide and narrow; keys work; so does no script at all."""

import re

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from adverts.ids import advert_id, capture_id
from tests.browser.conftest import Desk
from tests.console.web.market import NETWORK

pytestmark = pytest.mark.browser

PAGES = {
    "search": "/search?q=new+in+cardiff",
    "advert": f"/adverts/{advert_id('northgate', 'n00')}",
    "networks": "/networks",
    "networks-found": "/networks?q=adverts:%3E%3D2",
    "networks-none": "/networks?q=phones:%3E90",
    "network": f"/networks/{NETWORK}",
    "runs": "/runs",
    "run": "/runs/13",
    "capture": f"/captures/{capture_id('northgate', '2026-02-20', 'https://northgate.example.com/n00', 200)}",
    "compare": f"/compare?a={advert_id('northgate', 'n00')}&b={advert_id('bazaar', 'n01')}",
    "decide": f"/decide?decision=confirm&a={NETWORK}",
    "decisions": "/decisions",
    "hubs": "/hubs",
    "personas": "/personas",
    "identifiers": "/identifiers?q=kind:phone",
    "map": "/search/map?q=cardiff",
    "alerts": "/alerts?q=new+in+cardiff",
    "build": "/search/build?q=new+-place:Cardiff",
    "help": "/help",
    "patterns": "/patterns",
}
CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const channel = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > .99) return colour;
    }
    return [255, 255, 255];
  };
  const faults = [];
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("svg") || !element.checkVisibility()) continue;
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faults.push(`${element.className || element.tagName} ${ratio.toFixed(2)}`);
  }
  return [...new Set(faults)];
}"""


SIDEWAYS = """() => [...document.querySelectorAll(".scroll")]
  .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.getAttribute("aria-label") || "table")"""
"""The tables of a page that have to be pushed sideways to be read."""


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_right(desk: Desk, name: str, scheme: str, width: int) -> None:
    messages: list[ConsoleMessage] = []
    requests: list[Request] = []
    with desk.browser.new_context(
        storage_state=desk.cookies, base_url=desk.served.url, viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:  # fmt: skip
        page = context.new_page()
        page.on("console", lambda message: messages.append(message))  # noqa: PLW0108 -- no built-ins here
        page.on("request", lambda request: requests.append(request))  # noqa: PLW0108
        answer = page.goto(PAGES[name])
        page.screenshot(path=desk.shots / f"{name}-{scheme}-{width}.png", full_page=True)
        assert answer is not None
        assert answer.status == 200
        assert [message.text for message in messages] == []
        assert {request.url.startswith(desk.served.url) for request in requests} == {True}
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SIDEWAYS) == []
        assert page.evaluate(CONTRAST) == []
        assert page.locator("h1").count() == 1


def test_the_choice_of_colours_wins_over_the_system(desk: Desk) -> None:
    with desk.browser.new_context(storage_state=desk.cookies, base_url=desk.served.url) as context:
        page = context.new_page()
        page.goto(PAGES["network"])
        light = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
        page.locator("details.menu summary").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Dark").click()
        assert page.url.endswith(PAGES["network"])
        assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") != light
        page.locator("details.menu summary").click()
        with page.expect_navigation():
            page.get_by_role("button", name="High contrast").click()
        assert page.evaluate(CONTRAST) == []


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    assert skip.bounding_box() is not None
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_focus_goes_from_the_bar_to_the_content_and_is_seen(page: Page) -> None:
    order = []
    for _ in range(12):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.closest('header, main, footer')?.tagName ?? 'BODY'"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") in ("solid", "auto")
    assert order[0] == "BODY"
    assert order[1] == "HEADER"
    assert order.index("MAIN") > order.index("HEADER")
    assert order == sorted(order, key=["BODY", "HEADER", "MAIN"].index)


def test_slash_goes_to_the_search_box_and_escape_leaves_it(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("gj")
    expect(page.locator("#q")).to_have_value("gj")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).not_to_be_focused()


def test_a_query_is_completed_by_keys_alone(page: Page) -> None:
    box, offered = page.locator("#q"), page.locator("#q-offered [role=option]")
    page.keyboard.press("/")
    page.keyboard.type("massage -for")
    expect(offered.first).to_contain_text("force:")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "q-offered-0")
    page.keyboard.press("Enter")
    expect(box).to_have_value("massage -force:")
    page.keyboard.type("wal")
    expect(offered).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(box).to_have_value('massage -force:"South Wales" ')
    expect(offered).to_have_count(0)


def test_a_search_is_built_line_by_line(page: Page) -> None:
    page.goto("/search/build")
    page.get_by_label("Line 1: field").select_option("force")
    page.get_by_label("Line 1: value").press_sequentially("wal")
    expect(page.locator("#value-1-offered [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Line 1: value")).to_have_value('"South Wales" ')
    page.get_by_label("Line 2: has or has not").select_option("not")
    page.get_by_label("Line 2: value").fill("ivy")
    page.get_by_role("button", name="Add a line and count").click()
    expect(page.get_by_text('force:"South Wales" -ivy')).to_be_visible()
    expect(page.get_by_label("Line 3: value")).to_have_value("")
    page.get_by_role("button", name="Search", exact=True).last.click()
    expect(page.locator("#q")).to_have_value('force:"South Wales" -ivy')
    page.get_by_role("link", name="Edit it line by line").click()
    expect(page.get_by_label("Line 2: has or has not")).to_have_value("not")


def test_what_is_offered_is_seen_and_goes_away_with_escape(page: Page, desk: Desk) -> None:
    for width, scheme in ((1280, "light"), (400, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.locator("#q").fill("place:")
        expect(page.locator("#q-offered [role=option]").first).to_be_visible()
        page.screenshot(path=desk.shots / f"offered-{scheme}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(CONTRAST) == []
        page.locator("#q").press("Escape")
        expect(page.locator("#q-offered")).to_be_hidden()
        expect(page.locator("#q")).to_be_focused()


@pytest.mark.parametrize(("key", "path"), [("n", "/networks"), ("r", "/runs"), ("s", "/search"), ("h", "/")])
def test_g_and_a_letter_go_to_a_section(page: Page, desk: Desk, key: str, path: str) -> None:
    page.goto("/help")
    page.keyboard.press("g")
    page.keyboard.press(key)
    page.wait_for_url(desk.served.url + path)


def test_question_mark_opens_help(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_url("**/help#keys")


def test_j_k_and_o_walk_and_open_the_results(page: Page) -> None:
    links = page.locator("article[data-row] h2 a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    target = links.nth(0).get_attribute("href")
    page.keyboard.press("o")
    page.wait_for_url(f"**{target}")


def test_the_link_leaves_the_address_bar(desk: Desk) -> None:
    with desk.browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{desk.served.url}/sign-in?token=used")
        assert page.url == f"{desk.served.url}/sign-in"
        expect(page.get_by_text("A link works once.")).to_be_visible()


def test_a_span_leads_to_its_mention(page: Page) -> None:
    page.goto(PAGES["advert"])
    span = page.locator("dd.body a.kind-phone").first
    target = span.get_attribute("href")
    assert target is not None
    span.click()
    assert page.url.endswith(target)
    expect(page.locator(target)).to_be_in_viewport()


def test_everything_works_without_script(desk: Desk) -> None:
    with desk.browser.new_context(
        storage_state=desk.cookies, base_url=desk.served.url, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto("/")
        page.locator("#q").fill("company")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("10 adverts"))
        page.locator(".facet li a", has_text="lantern").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("3 adverts"))
        page.locator(".chip-network").first.click()
        expect(page.get_by_role("heading", name="Why together")).to_be_visible()
        page.locator("#drawing ~ figure svg a").first.click()
        expect(page.get_by_role("link", name=re.compile(r"^Close P\d+, whose adverts are drawn"))).to_be_visible()
