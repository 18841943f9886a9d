"""The console as one Starlette application: routes, guards, error pages."""

from collections.abc import Callable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adverts.settings import Settings
from adverts.store import Store
from console.web.guards import HostGuard, SessionGuard
from console.web.pages import (
    advert,
    alerts,
    build,
    capture,
    compare,
    decisions,
    errors,
    glossary,
    groups,
    hubs,
    market_map,
    network,
    networks,
    patterns,
    quarantine,
    rules,
    runs,
    search,
    sign_in,
    suggestions,
)
from console.web.render import STATIC, Console, make_templates
from console.web.sessions import Sessions
from indexer.providers.base import Providers

Endpoint = Callable[..., Any]

PAGES: Final[tuple[tuple[str, Endpoint], ...]] = (
    ("/search/build", build.show_build),
    ("/search/map", market_map.show_map),
    ("/search", search.show_search),
    ("/adverts/{id}", advert.show_advert),
    ("/personas", groups.show_personas),
    ("/identifiers", groups.show_identifiers),
    ("/networks", networks.show_networks),
    ("/networks/{id}", network.show_network),
    ("/alerts", alerts.show_alerts),
    ("/hubs", hubs.show_hubs),
    ("/compare", compare.show_compare),
    ("/decisions", decisions.show_decisions),
    ("/decide", decisions.show_decide),
    ("/quarantine", quarantine.show_quarantine),
    ("/quarantine/{id}", quarantine.show_card),
    ("/runs", runs.show_runs),
    ("/runs/{id:int}", runs.show_run),
    ("/captures/{id}", capture.show_capture),
    ("/rules", rules.show_rules),
    ("/patterns", patterns.show_patterns),
    ("/help", glossary.show_help),
)
"""Every page that shows facts; each has a JSON twin at the same address with `.json`."""


def create_app(store: Store, providers: Providers, settings: Settings, token: str) -> Starlette:
    """Return the console over a store and its search indexes; `token` is the one that signs the first browser in."""
    app = Starlette(
        routes=[
            Route("/", search.show_search),
            *(Route(path + suffix, endpoint) for path, endpoint in PAGES for suffix in (".json", "")),
            Route("/search/suggest.json", suggestions.suggest),
            Route("/search/like/{id}", search.find_like),
            Route("/alerts/{id:int}", alerts.open_one),
            Route("/watch", alerts.watch, methods=["POST"]),
            Route("/watches/{id:int}/end", alerts.end, methods=["POST"]),
            Route("/decide", decisions.decide, methods=["POST"]),
            Route("/decisions/{id:int}/undo", decisions.undo, methods=["POST"]),
            Route("/quarantine/{id}", quarantine.rule_card, methods=["POST"]),
            Route("/sign-in", sign_in.show_sign_in, methods=["GET"]),
            Route("/sign-in", sign_in.sign_in, methods=["POST"]),
            Route("/sign-out", sign_in.sign_out, methods=["POST"]),
            Route("/theme", sign_in.choose_theme, methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(HostGuard), Middleware(SessionGuard)],
        exception_handlers={HTTPException: errors.show_http_error},
    )
    app.state.console = Console(store, providers, settings, Sessions(token), make_templates())
    return app
