"""Hubs: the values that too many share to link anybody by them, each with why it is taken for one."""

from typing import Final

import msgspec
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from adverts.store.schema import hubs, mentions
from console.web.auditing import log_consultation
from console.web.captions import label_of
from console.web.reading import carrier_query
from console.web.render import Page, get_console, render_page

_MOST: Final = 500


class HubRow(msgspec.Struct, frozen=True, kw_only=True):
    """One hub, and how many adverts, names, sites and places share it."""

    kind: str
    value: str
    caption: str
    why: str
    adverts: int
    names: int
    sites: int
    towns: int


class HubsPage(Page, frozen=True, kw_only=True):
    """The hubs, those that most adverts share on top; `total` counts those beyond the page too."""

    total: int
    hubs: list[HubRow]


def show_hubs(request: Request) -> Response:
    """Answer `/hubs`: what links nobody although many share it, and why."""
    names = [name for name in HubRow.__struct_fields__ if name != "caption"]
    query = sa.select(*(hubs.c[name] for name in names)).order_by(hubs.c.adverts.desc(), hubs.c.kind, hubs.c.value)
    query = query.where(_is_carried())
    with get_console(request).store.connect() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(hubs).where(_is_carried())) or 0
        rows = [
            HubRow(**row._mapping, caption=label_of(row.kind, row.value))
            for row in connection.execute(query.limit(_MOST))
        ]
    log_consultation(request, f"hubs {len(rows)} of {total}")
    return render_page(request, "hubs.html", HubsPage(title="Hubs", total=total, hubs=rows))


def _is_carried() -> sa.ColumnElement[bool]:
    """Return the condition that an advert which may be given out shows the hub, or that it is in no advert's text."""
    carriers = carrier_query().where(mentions.c.kind == hubs.c.kind, mentions.c.value == hubs.c.value)
    return sa.or_(hubs.c.kind.in_(("template", "account")), sa.exists(carriers))
