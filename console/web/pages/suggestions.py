"""What the search box offers while a query is typed, as JSON for the page's own script."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adverts.errors import StopRun
from console.web.render import get_console
from indexer.fields import ALL_OF, Whose
from indexer.suggesting import suggest_names, suggest_values


def suggest(request: Request) -> Response:
    """Answer `/search/suggest.json`: the fields, or with `?field=force&start=so` values of one; it names no advert."""
    params, console = request.query_params, get_console(request)
    name = params.get("field", "").lower()
    whose: Whose = next((each for each in ALL_OF if each == params.get("about")), "adverts")
    if not name:
        found = suggest_names(whose)
    else:
        withheld = console.read_withheld()
        try:
            found = suggest_values(console.providers[whose], name, params.get("start", ""), withheld)
        except StopRun:
            found = []  # the search itself says what is wrong
    return JSONResponse(msgspec.to_builtins(found))
