"""One advert: what it says, what was found in it and where that came from, how it changed, what it is linked to."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from adverts.model import IDENTIFIER_KINDS, Advert, Json, Reason
from adverts.quarantine import is_shown, read_unread
from adverts.store.schema import adverts, captures, enrichments, indicator_hits, links, members, mentions, networks
from adverts.store.schema import versions as version_table
from console.decisions.ledger import Entry, read_decisions_about
from console.web.auditing import log_consultation
from console.web.captions import caption_of, search_url
from console.web.catalogue import IndicatorNote, note_of
from console.web.details import describe_details
from console.web.differences import Change, compare_texts
from console.web.fields import LABELS, Field, FieldGroup, build_fields, group_fields
from console.web.pages.errors import show_error
from console.web.reading import Card, Rate, count_carriers, read_base_rates, read_cards, read_reasons
from console.web.render import Page, get_console, render_page
from console.web.shown_networks import shown_personas, shown_size
from console.web.spans import Span
from console.web.texts import count_of

_MOST_MENTIONS: Final = 500
_MOST_VERSIONS: Final = 30
_MOST_LINKS: Final = 50
_UNREAD: Final = (
    "This advert, or what changed in it, is not yet read by asw enrich, which judges whether it may show a child. "
    "Until then nobody is shown what it says."
)
_UNREAD_TODO: Final = "Look again after the next night; runs name a version that could not be read."


class MentionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One extracted value and where it stands; `adverts` is how many adverts show it, `rule` where its rule is."""

    key: str
    kind: str
    value: str
    caption: str
    raw: str
    field: str
    start: int
    end: int
    extractor: str
    rule: str
    confidence: float
    attrs: Json
    parts: list[Json]
    adverts: int | None

    @property
    def places(self) -> list[tuple[str, int, int]]:
        """Return each field, start and end that the value stands at; several when it is split over fields."""
        parts = [(part["field"], part["start"], part["end"]) for part in self.parts]
        return parts or [(self.field, self.start, self.end)]

    @property
    def details(self) -> list[str]:
        """Return what else is known of the value, in words."""
        return describe_details(self.attrs)


class IndicatorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One documented sign in the text, what is known of it, how common it is here, where its wordings are."""

    key: str
    indicator: str
    tier: str
    raw: str
    field: str
    start: int
    end: int
    note: IndicatorNote
    rate: Rate
    rule: str


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Where the version shown comes from, down to the WARC record; `capture` is None for an imported record."""

    version: str
    run: int
    content_hash: str
    extractor: str
    languages: list[str]
    capture: str | None = None
    sha256: str = ""
    warc_file: str = ""
    warc_offset: int = 0
    captured_at: datetime | None = None


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version and what changed in it since the one before, field by field."""

    id: str
    first_seen: date
    capture: str | None
    is_shown: bool
    changes: dict[str, list[Change]]


class LinkRow(msgspec.Struct, frozen=True):
    """A link to another advert and the reasons that sum to its weight."""

    other: Card
    weight: float
    probability: float
    reasons: list[Reason]


class AdvertPage(Page, frozen=True, kw_only=True):
    """Everything known of one advert."""

    id: str
    site: str
    ref: str
    url: str
    first_seen: date
    last_seen: date
    is_current: bool
    subject_category: str
    fields: list[Field]
    rates: list[Json]
    services: list[str]
    mentions: list[MentionRow]
    restricted_mentions: int
    indicators: list[IndicatorRow]
    provenance: Provenance
    versions: list[VersionRow]
    links: list[LinkRow]
    rulings: list[Entry]
    persona: str | None
    network: str | None
    network_size: int
    network_personas: int

    @property
    def groups(self) -> list[FieldGroup]:
        """Return the fields by label, line by line."""
        return group_fields(self.fields)

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """Return the three facts that matter: figure, words, where it opens."""
        return [self._contact_fact(), self._network_fact(), self._life_fact()]

    def _contact_fact(self) -> tuple[str, str, str]:
        if not self.identifiers:
            return "No identifier", "was found in this version", "#mentions"
        most = self.identifiers[0]
        if (most.adverts or 0) > 1:
            return (
                most.caption, f"is on {count_of(most.adverts or 0, 'advert')}",
                search_url(most.kind, most.value) or f"#{most.key}",
            )  # fmt: skip
        return most.caption, "is on no other advert", f"#{most.key}"

    def _network_fact(self) -> tuple[str, str, str]:
        if self.network:
            personas = count_of(self.network_personas, "persona")
            several = f"in its candidate linked network, under {personas}"
            words = several if self.network_personas > 1 else "that look like one person's"
            return count_of(self.network_size, "advert"), words, f"/networks/{self.network}"
        if self.links:
            return count_of(len(self.links), "link"), "to other adverts, in no network with them", "#links"
        return "Stands alone", "nothing links it to another advert", "#links"

    def _life_fact(self) -> tuple[str, str, str]:
        days = (self.last_seen - self.first_seen).days + 1
        changes = len(self.versions) - 1
        words = f"from first to last sight, {count_of(changes, 'change')}" if changes else "in sight, never changed"
        return count_of(days, "day"), words, "#versions"

    @property
    def identifiers(self) -> list[MentionRow]:
        """Return the distinct identifiers: contacts before accounts and images, of a kind the most shared first."""
        first = {(row.kind, row.value): row for row in reversed(self.mentions) if row.kind in IDENTIFIER_KINDS}
        return sorted(
            first.values(), key=lambda row: (IDENTIFIER_KINDS.index(row.kind), -(row.adverts or 0), row.value)
        )


def show_advert(request: Request) -> Response:
    """Answer `/adverts/<id>`; `?version=` shows an earlier one."""
    console, version = get_console(request), request.query_params.get("version", "")
    with console.store.connect() as connection:
        page = build_advert_page(connection, request.path_params["id"], version, packs=console.settings.packs)
        unread = read_unread(connection, [request.path_params["id"]])
    if page is None:
        return show_error(request, 409, _UNREAD, _UNREAD_TODO) if unread else show_error(request, 404)
    log_consultation(request, f"advert {page.id}")
    return render_page(request, "advert.html", page)


def build_advert_page(
    connection: sa.Connection, advert_id: str, version_id: str = "", *, packs: Path | None = None
) -> AdvertPage | None:
    """Return the page of an advert, at one of its versions; None when there is no such advert or version.

    `packs` is the folder of a force's own indicator packs.
    """
    head = connection.execute(_head_query(advert_id)).first()
    if head is None:
        return None
    history = connection.execute(_version_query(advert_id)).all()
    shown = next((row for row in history if row.id == (version_id or head.version_id)), None)
    if shown is None:
        return None
    record = msgspec.convert(shown.record, Advert)
    found, restricted = _read_mentions(connection, shown.id)
    hits = _read_indicators(connection, shown.id, packs)
    return AdvertPage(
        title=record.title or f"{head.site} {head.ref}",
        id=head.id, site=head.site, ref=head.ref, url=head.url, first_seen=head.first_seen, last_seen=head.last_seen,
        is_current=shown.id == head.version_id, subject_category=head.subject_category,
        fields=build_fields(record, _collect_spans(found, hits)), services=list(record.services),
        rates=[msgspec.to_builtins(rate) for rate in record.rates], mentions=found,
        restricted_mentions=restricted, indicators=hits,
        provenance=_provenance(shown), versions=_build_versions(history, shown.id),
        links=_read_links(connection, head.id), rulings=read_decisions_about(connection, [head.id]),
        persona=head.persona_id, network=head.network_id,
        network_size=head.size or 0, network_personas=head.persona_count or 0,
    )  # fmt: skip


def _collect_spans(found: Sequence[MentionRow], hits: Sequence[IndicatorRow]) -> dict[str, list[Span]]:
    """Return the spans of mentions and indicators by field; a value in two fields is marked in both."""
    spans: dict[str, list[Span]] = {}
    for row in found:
        for name, start, end in row.places:
            spans.setdefault(name, []).append(Span(start, end, row.kind, row.kind, row.key))
    for hit in hits:
        label = hit.indicator.replace("_", " ")
        spans.setdefault(hit.field, []).append(Span(hit.start, hit.end, "indicator", label, hit.key))
    return spans


def _head_query(advert_id: str) -> sa.Select[Any]:
    return (
        sa.select(
            adverts,
            members.c.persona_id,
            members.c.network_id,
            shown_size().label("size"),
            shown_personas().label("persona_count"),
        )
        .outerjoin(members, members.c.advert_id == adverts.c.id)
        .outerjoin(networks, networks.c.id == members.c.network_id)
        .where(adverts.c.id == advert_id, is_shown())
    )


def _version_query(advert_id: str) -> sa.Select[Any]:
    capture_columns = (captures.c[name] for name in ("sha256", "warc_file", "warc_offset", "captured_at"))
    return (
        sa.select(version_table, enrichments.c.extractor, enrichments.c.languages, *capture_columns)
        .outerjoin(captures, captures.c.id == version_table.c.capture_id)
        .join(enrichments, enrichments.c.version_id == version_table.c.id)  # an earlier one may be unread as well
        .where(version_table.c.advert_id == advert_id, version_table.c.erased_at.is_(None))
        .order_by(version_table.c.first_seen.desc(), version_table.c.run_id.desc(), version_table.c.id)
        .limit(_MOST_VERSIONS)
    )


def _read_mentions(connection: sa.Connection, version: str) -> tuple[list[MentionRow], int]:
    query = sa.select(mentions).where(mentions.c.version_id == version).order_by(mentions.c.ordinal)
    rows = connection.execute(query.limit(_MOST_MENTIONS)).all()
    shown = [row for row in rows if not row.restricted]
    identifiers = sorted({(row.kind, row.value) for row in shown if row.kind in IDENTIFIER_KINDS})
    carriers = count_carriers(connection, identifiers)
    return [
        MentionRow(
            key=f"m{row.ordinal}", kind=row.kind, value=row.value, caption=caption_of(row.kind, row.value), raw=row.raw,
            field=row.field, start=row.start, end=row.end, extractor=row.extractor, rule=f"/rules#{row.extractor}",
            confidence=row.confidence, attrs=row.attrs, parts=row.parts, adverts=carriers.get((row.kind, row.value)),
        )
        for row in shown
    ], len(rows) - len(shown)  # fmt: skip


def _read_indicators(connection: sa.Connection, version: str, packs: Path | None) -> list[IndicatorRow]:
    query = sa.select(indicator_hits).where(indicator_hits.c.version_id == version).order_by(indicator_hits.c.ordinal)
    rows = connection.execute(query.limit(_MOST_MENTIONS)).all()
    rates = read_base_rates(connection, sorted({row.indicator for row in rows})) if rows else {}
    return [
        IndicatorRow(
            key=f"i{row.ordinal}", indicator=row.indicator, tier=row.tier, raw=row.raw, field=row.field,
            start=row.start, end=row.end, note=note_of(row.indicator, packs), rate=rates[row.indicator],
            rule=f"/rules#indicator-{row.indicator}",
        )
        for row in rows
    ]  # fmt: skip


def _provenance(row: sa.Row[Any]) -> Provenance:
    return Provenance(
        version=row.id, run=row.run_id, content_hash=row.content_hash, extractor=row.extractor,
        languages=row.languages,
        capture=row.capture_id, sha256=row.sha256 or "", warc_file=row.warc_file or "",
        warc_offset=row.warc_offset or 0, captured_at=row.captured_at,
    )  # fmt: skip


def _build_versions(history: Sequence[sa.Row[Any]], shown: str) -> list[VersionRow]:
    """Return the versions, newest first, each compared with the one before it in time."""
    before = [*history[1:], None]
    return [
        VersionRow(
            id=row.id, first_seen=row.first_seen, capture=row.capture_id, is_shown=row.id == shown,
            changes=compare_records(older.record, row.record) if older else {},
        )
        for row, older in zip(history, before, strict=True)
    ]  # fmt: skip


def compare_records(before: Json, after: Json) -> dict[str, list[Change]]:
    """Return what changed in each shown field, by its label; fields that stayed are left out."""
    pairs = {label: (str(before.get(name) or ""), str(after.get(name) or "")) for name, label in LABELS.items()}
    pairs["Contact"] = (_join(before.get("phones")), _join(after.get("phones")))
    pairs["Rates"] = (_join_rates(before.get("rates")), _join_rates(after.get("rates")))
    pairs["Services"] = (_join(before.get("services")), _join(after.get("services")))
    return {label: compare_texts(old, new) for label, (old, new) in pairs.items() if old != new}


def _join(values: Sequence[str] | None) -> str:
    return ", ".join(values or ())


def _join_rates(rates: Sequence[Json] | None) -> str:
    return ", ".join(
        " ".join(filter(None, (rate.get("duration"), rate.get("price"), rate.get("kind")))) for rate in rates or ()
    )


def _read_links(connection: sa.Connection, advert_id: str) -> list[LinkRow]:
    query = (
        sa.select(links)
        .where(sa.or_(links.c.source == advert_id, links.c.target == advert_id))
        .order_by(links.c.weight.desc(), links.c.id)
        .limit(_MOST_LINKS)
    )
    rows = connection.execute(query).all()
    others = [row.target if row.source == advert_id else row.source for row in rows]
    cards, reasons = read_cards(connection, others), read_reasons(connection, [row.reasons for row in rows])
    return [
        LinkRow(cards[other], row.weight, row.probability, told)
        for row, other, told in zip(rows, others, reasons, strict=True)
        if other in cards
    ]
