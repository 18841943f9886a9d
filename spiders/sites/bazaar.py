"""bazaar: tables never closed, one advert under many addresses, the telephone on a second page."""

from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from adverts.errors import SkipItem
from spiders.select import Facts, pair_texts, read_attribute, read_links, read_text, select_maybe, select_one
from spiders.site import Found, GoodNight, Page, Politeness, Route, Site, simulated

_NOTHING = "no number left"


def parse_index(tree: LexborHTMLParser, url: str) -> Page:
    """Return the lists by town and by kind."""
    return Page(links=read_links(tree, "table ul a", url))


def parse_list(tree: LexborHTMLParser, url: str) -> Page:
    """Return the adverts of a list, each under its one plain address, and the list's next page."""
    adverts = [_plain_address(link) for link in read_links(tree, "a.ad", url)]
    return Page(links=[*dict.fromkeys(adverts), *read_links(tree, "a.more", url)])


def parse_advert(tree: LexborHTMLParser, url: str) -> Page:
    """Return one advert that lacks its telephone numbers, and where they are."""
    table = select_one(tree, "table#ad", "table")
    facts = Facts(pair_texts(table.css("td.k:has(b)"), table.css("td.v")))
    offers = facts.pop("offers")
    fields = {
        "ref": read_text(select_one(tree, "#no", "number")),
        "url": url,
        "title": read_text(select_one(table, "h3", "title")),
        "body": _read_lines(select_one(table, "td.txt", "body")),
        "images": [PurePosixPath(read_attribute(image, "src")).stem for image in table.css("img")],
        "services": [line for line in map(str.strip, offers.splitlines()) if line],
        "account": facts.pop("member"),
        "posted_at": facts.pop("date"),
        "location": facts.pop("town / area"),
        "postcode": facts.pop("post code"),
        "category": facts.pop("section"),
        **{name: facts.pop(name) for name in ("name", "age", "nationality")},
        "rates": [_read_rate(cell) for cell in table.css("td.rate")],
        "extra": facts.pop_rest(),
    }
    contact = select_one(table, "a.contact", "contact")
    return Page(found=[Found(fields, rest=urljoin(url, read_attribute(contact, "href")))])


def parse_contact(tree: LexborHTMLParser, _: str) -> Page:
    """Return the telephone numbers of one advert."""
    lines = select_one(tree, "ul#contact", "contact").css("li")
    phones = [read_text(line) for line in lines if line.attributes.get("class") == "tel"]
    if not phones and [read_text(line) for line in lines] != [_NOTHING]:
        raise SkipItem("contact_odd", "the contact page has no number and doesn't say so")
    return Page(found=[Found({"ref": read_text(select_one(tree, "#no", "number")), "phones": phones})])


def _plain_address(link: str) -> str:
    references = parse_qs(urlsplit(link).query).get("id", [])
    if len(references) != 1:
        raise SkipItem("link_odd", "a link to an advert has no single id")
    return urljoin(link, "/ad.php?" + urlencode({"id": references[0]}))


def _read_lines(cell: LexborNode) -> str:
    for line_break in cell.css("br"):
        line_break.replace_with("\n")
    return read_text(cell)


def _read_rate(cell: LexborNode) -> dict[str, str]:
    row = cell.parent
    assert row is not None
    return {
        "duration": read_text(select_one(row, "td.k", "duration")).rstrip(":"),
        "price": read_text(select_one(cell, "span", "price")),
        "kind": read_text(select_maybe(cell, "i", "kind")),
    }


SITE = Site(
    name="bazaar",
    address=simulated(1),
    start=["/"],
    routes=[
        Route(r"/", parse_index),
        Route(r"/uk/list\.php\?.*", parse_list),
        Route(r"/ad\.php\?id=[^&]+", parse_advert),
        Route(r"/contact\.php\?.*", parse_contact),
    ],
    encoding="windows-1252",  # what browsers read "iso-8859-1" as
    politeness=Politeness(delay=0, concurrency=12, autothrottle=False),  # loopback; a real site gets the defaults
    good_night=GoodNight(
        least_adverts=10, fill={"title": 1.0, "body": 0.99, "location": 0.9, "phones": 0.3, "account": 1.0}
    ),
)
