"""lantern: the site that is empty without JavaScript. Its own script asks a JSON endpoint and scrolls without end."""

from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.websites.catalogue import Card, Catalogue, cut_page
from simulator.websites.pages import make_robots, read_number, render_page, render_text, show_picture

_PAGE_SIZE: Final = 24
_ROBOTS: Final = "User-agent: *\nDisallow: /api/stats\n"


class Lantern:
    """The site's pages and endpoints over the catalogue of the night."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.app = Starlette(routes=[
            make_robots(_ROBOTS),
            Route("/", self.show_shell),
            Route("/town/{town}", self.show_shell),
            Route("/lantern.js", self.show_script),
            Route("/api/towns", self.list_towns),
            Route("/api/adverts", self.list_adverts),
            Route("/api/stats", self.show_stats),
            Route("/pictures/{name}", show_picture),
        ])  # fmt: skip

    def show_night(self, catalogue: Catalogue, _: int) -> None:
        """Show another night from the next request on."""
        self.catalogue = catalogue

    async def show_shell(self, request: Request) -> Response:
        """The empty page that the script fills."""
        town = request.path_params.get("town")
        known = town is None or town in self.catalogue.towns
        return render_page("lantern_shell.html", 200 if known else 404, town=town or "")

    async def show_script(self, _: Request) -> Response:
        """The site's own script."""
        return Response(render_text("lantern.js"), media_type="text/javascript")

    async def list_towns(self, _: Request) -> Response:
        """Every town with how many adverts it has."""
        towns = [
            {"slug": slug, "title": group.title, "adverts": len(group.cards)}
            for slug, group in self.catalogue.towns.items()
        ]
        return JSONResponse({"towns": towns})

    async def list_adverts(self, request: Request) -> Response:
        """One page of a town's adverts; `next` is null on the last."""
        group = self.catalogue.towns.get(request.query_params.get("town", ""))
        page = read_number(request, "page")
        cards, more = cut_page(group.cards, page, _PAGE_SIZE) if group else ([], False)
        return JSONResponse({"adverts": [_to_json(card) for card in cards], "next": page + 1 if more else None})

    async def show_stats(self, _: Request) -> Response:
        """Visitor counting that robots.txt asks crawlers to leave alone."""
        return JSONResponse({})


def _to_json(card: Card) -> dict[str, object]:
    return {"ref": card.ref, **{key: getattr(card.content, key) for key in card.content.__struct_fields__},
            "rates": [msgspec.structs.asdict(rate) for rate in card.content.rates]}  # fmt: skip
