"""northgate: clean pages, lists by town and category, one page an advert with definition lists."""

from pathlib import PurePosixPath

from selectolax.lexbor import LexborHTMLParser, LexborNode

from adverts.errors import SkipItem
from spiders.select import Facts, pair_texts, read_attribute, read_links, read_text, select_maybe, select_one
from spiders.site import Found, GoodNight, Page, Politeness, Route, Site, simulated

_RATE = ("duration", "price", "kind")


def parse_home(tree: LexborHTMLParser, url: str) -> Page:
    """Return the lists."""
    return Page(links=read_links(select_one(tree, "ul.shelves", "shelves"), "a", url))


def parse_list(tree: LexborHTMLParser, url: str) -> Page:
    """Return the adverts of a list and its next page."""
    adverts = read_links(select_one(tree, "ol.adverts", "list"), "li > a", url)
    return Page(links=[*adverts, *read_links(tree, "nav a[rel=next]", url)])


def parse_advert(tree: LexborHTMLParser, url: str) -> Page:
    """Return one advert."""
    article = select_one(tree, "main > article", "article")
    facts = Facts(pair_texts(article.css("dt"), article.css("dd")))
    fields = {
        "ref": read_attribute(article, "data-ref"),
        "url": url,
        "title": read_text(select_one(article, "h1", "title")),
        "body": read_text(select_one(article, "div.text", "body")),
        "images": [PurePosixPath(read_attribute(image, "src")).stem for image in article.css(".images img")],
        "phones": list(facts.pop_all("telephone")),
        "services": list(facts.pop_all("service")),
        "account": facts.pop("seller"),
        "posted_at": read_attribute(select_one(article, "time", "posted"), "datetime"),
        "location": facts.pop("town"),
        **{name: facts.pop(name) for name in ("name", "age", "nationality", "postcode", "category")},
        "rates": _read_rates(select_maybe(article, "table.rates", "rates")),
        "extra": facts.pop_rest(ignore={"posted"}),  # the day of the time above
    }
    return Page(found=[Found(fields)])


def _read_rates(table: LexborNode | None) -> list[dict[str, str]]:
    rows = table.css("tbody > tr") if table is not None else []
    return [_read_rate(row.css("td")) for row in rows]


def _read_rate(cells: list[LexborNode]) -> dict[str, str]:
    if len(cells) != len(_RATE):
        raise SkipItem("rate_odd", f"a row of prices has {len(cells)} cells")
    return dict(zip(_RATE, map(read_text, cells), strict=True))


SITE = Site(
    name="northgate",
    address=simulated(0),
    start=["/"],
    routes=[
        Route(r"/", parse_home),
        Route(r"/in/[a-z0-9-]+/[a-z0-9-]+/(\?page=\d+)?", parse_list),
        Route(r"/archive/", parse_list),
        Route(r"/advert/[^/?]+", parse_advert),
    ],
    politeness=Politeness(delay=0, concurrency=12, autothrottle=False),  # loopback; a real site gets the defaults
    good_night=GoodNight(
        least_adverts=10, fill={"title": 1.0, "body": 0.99, "location": 0.9, "phones": 0.3, "account": 1.0}
    ),
)
