"""lantern: empty without JavaScript; a town's adverts appear as cards while one scrolls."""

from pathlib import PurePosixPath

from selectolax.lexbor import LexborHTMLParser, LexborNode

from adverts.errors import SkipItem
from spiders.select import Facts, pair_texts, read_attribute, read_each, read_links, read_text, select_maybe, select_one
from spiders.site import Browser, Found, GoodNight, Page, Politeness, Route, Site, simulated

_END = "#end"
_FIELDS = ("name", "age", "nationality", "location", "postcode", "category", "account")


def parse_home(tree: LexborHTMLParser, url: str) -> Page:
    """Return the towns."""
    return Page(links=read_links(select_one(tree, "ul.towns", "towns"), "a", url))


def parse_town(tree: LexborHTMLParser, url: str) -> Page:
    """Return every card of a town, and whether the page had come to its end."""
    found, skipped = read_each(tree.css("article.card"), lambda card: _read_card(card, url))
    if select_maybe(tree, _END, "end") is None:
        skipped.append(SkipItem("page_incomplete", "the page had not come to its end"))
    return Page(found=found, skipped=skipped)


def _read_card(card: LexborNode, url: str) -> Found:
    facts = Facts(pair_texts(card.css("dt"), card.css("dd")))
    ref = read_attribute(card, "data-ref")
    return Found({
        "ref": ref,
        "url": f"{url}#advert-{ref}",
        "title": read_text(select_one(card, "h2", "title")),
        "body": read_text(select_one(card, "p.body", "body")),
        "images": [PurePosixPath(read_attribute(image, "src")).stem for image in card.css("img")],
        "phones": list(facts.pop_all("phone")),
        "services": list(facts.pop_all("service")),
        "posted_at": facts.pop("posted"),
        **{name: facts.pop(name) for name in _FIELDS},
        "rates": [_read_rate(row) for row in card.css("p.rate")],
        "extra": facts.pop_rest(),
    })  # fmt: skip


def _read_rate(row: LexborNode) -> dict[str, str]:
    return {name: read_text(select_maybe(row, f".{name}", name)) for name in ("duration", "price", "kind")}


SITE = Site(
    name="lantern",
    address=simulated(2),
    start=["/"],
    routes=[
        Route(r"/", parse_home, Browser(end=_END)),
        Route(r"/town/[a-z0-9-]+", parse_town, Browser(end=_END)),
    ],
    politeness=Politeness(delay=0, concurrency=8, autothrottle=False, browser_pages=4),  # loopback, as above
    good_night=GoodNight(
        least_adverts=10, fill={"title": 1.0, "body": 0.99, "location": 0.9, "phones": 0.3, "account": 1.0}
    ),
)
