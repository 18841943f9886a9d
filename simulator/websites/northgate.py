"""northgate: the clean site. Towns and categories, numbered pages, one page an advert with definition lists."""

from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.websites.catalogue import Catalogue, cut_page
from simulator.websites.pages import make_robots, read_number, render_page, show_picture

_PAGE_SIZE: Final = 25
_ROBOTS: Final = """User-agent: *
Disallow: /archive/
Disallow: /seller/
Disallow: /report/
Crawl-delay: 0.002
"""


class Northgate:
    """The site's pages over the catalogue of the night."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.app = Starlette(routes=[
            Route("/", self.show_home),
            make_robots(_ROBOTS),
            Route("/in/{town}/{category}/", self.show_list),
            Route("/advert/{ref}", self.show_advert),
            Route("/archive/", self.show_archive),
            Route("/images/{name}", show_picture),
        ])  # fmt: skip

    def show_night(self, catalogue: Catalogue, _: int) -> None:
        """Show another night from the next request on."""
        self.catalogue = catalogue

    async def show_home(self, _: Request) -> Response:
        """Towns, each with its categories."""
        return render_page("northgate_home.html", groups=self.catalogue.shelves.values())

    async def show_list(self, request: Request) -> Response:
        """One category of one town, 25 adverts a page."""
        group = self.catalogue.shelves.get("{town}/{category}".format(**request.path_params))
        page = read_number(request, "page")
        cards, more = cut_page(group.cards, page, _PAGE_SIZE) if group else ([], False)
        if not group or not cards:
            return render_page("northgate_missing.html", 404)
        return render_page("northgate_list.html", group=group, cards=cards, page=page, more=more)

    async def show_advert(self, request: Request) -> Response:
        """One advert."""
        card = self.catalogue.find(request.path_params["ref"])
        if card is None:
            return render_page("northgate_missing.html", 404)
        return render_page("northgate_advert.html", ref=card.ref, advert=card.content)

    async def show_archive(self, _: Request) -> Response:
        """A list that robots.txt asks crawlers to leave alone."""
        return render_page("northgate_missing.html")
