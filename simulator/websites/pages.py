"""What the three sites share: templates, a picture that shows nobody, plain answers."""

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

_PICTURE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="200"><rect width="160" height="200" fill="#d9d4cc"/>'
    '<text x="80" y="104" font-family="sans-serif" font-size="12" fill="#6b655c" text-anchor="middle">no picture</text>'
    "</svg>"
)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("simulator.websites"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def render_text(template: str, **context: Any) -> str:
    """Return a template filled in; every value is escaped."""
    return _environment().get_template(template).render(context)


def render_page(template: str, status: int = 200, **context: Any) -> Response:
    """Return a page in UTF-8."""
    return HTMLResponse(render_text(template, **context), status_code=status)


async def show_picture(_: Request) -> Response:
    """Answer any picture's address with the same grey card."""
    return Response(_PICTURE, media_type="image/svg+xml")


def make_robots(text: str) -> Route:
    """Return the route that answers with the site's robots.txt."""

    async def show_robots(_: Request) -> Response:
        return PlainTextResponse(text)

    return Route("/robots.txt", show_robots)


def read_number(request: Request, name: str) -> int:
    """Return a page number of the query; anything odd is page 1."""
    text = request.query_params.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() else 1
