"""Two adverts side by side: what differs word by word, what links them, and what was ruled about them."""

from typing import Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from adverts.model import Reason
from adverts.store.schema import adverts, links, versions
from console.decisions.ledger import Entry, read_decisions_about
from console.web.auditing import log_consultation
from console.web.differences import Change, compare_texts
from console.web.pages.errors import show_error
from console.web.reading import Card, read_cards, read_reasons
from console.web.render import Page, get_console, render_page

_FIELDS: Final = {"title": "Title", "body": "Text", "name": "Name", "age": "Age", "location": "Location"}


class ComparePage(Page, frozen=True, kw_only=True):
    """Two adverts; `weight` is None when nothing links them. `fields` has what turns the first's into the second's."""

    one: Card
    other: Card
    fields: dict[str, list[Change]]
    weight: float | None
    probability: float | None
    reasons: list[Reason]
    rulings: list[Entry]


def show_compare(request: Request) -> Response:
    """Answer `/compare?a=&b=`: the differences of two adverts word by word, and the reasons that link them."""
    asked = [request.query_params.get(name, "") for name in ("a", "b")]
    with get_console(request).store.connect() as connection:
        page = _build_page(connection, *asked)
    if page is None:
        return show_error(request, 404)
    log_consultation(request, f"compare {page.one.id} {page.other.id}")
    return render_page(request, "compare.html", page)


def _build_page(connection: sa.Connection, a: str, b: str) -> ComparePage | None:
    """Return the page; None when an advert is not there or may not be shown, or both are one."""
    cards = read_cards(connection, [a, b])
    if len(cards) < 2:
        return None
    query = (
        sa.select(adverts.c.id, versions.c.record)
        .join(versions, versions.c.id == adverts.c.version_id)
        .where(adverts.c.id.in_(list(cards)))
    )
    records = {row.id: row.record for row in connection.execute(query)}
    texts = {name: (records[a].get(name, ""), records[b].get(name, "")) for name in _FIELDS}
    link = connection.execute(sa.select(links).where(links.c.source == min(a, b), links.c.target == max(a, b))).first()
    return ComparePage(
        title=f"{cards[a].title} and {cards[b].title} compared", one=cards[a], other=cards[b],
        fields={_FIELDS[name]: compare_texts(*pair) for name, pair in texts.items() if any(pair)},
        weight=link.weight if link else None, probability=link.probability if link else None,
        reasons=read_reasons(connection, [link.reasons])[0] if link else [],
        rulings=[entry for entry in read_decisions_about(connection, [a, b]) if {entry.a, entry.b} == {a, b}],
    )  # fmt: skip
