"""Every table of the store. Each row points to the run that wrote it; migrations build exactly this (a test compares).

Who owns which table: spiders `captures adverts versions`; enrichment `enrichments mentions indicator_hits
quarantine`; graph `links networks members network_events hubs`; indexer `index_state`; console `decisions
quarantine_rulings watches watch_matches alerts`; all of them `runs audit`.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC on every engine; SQLite alone would lose the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive datetime, turn any other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime in the store needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Return the datetime with its zone."""
        if not isinstance(value, datetime):
            return None
        return value if value.tzinfo else value.replace(tzinfo=UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _run() -> sa.Column[int]:
    return sa.Column("run_id", sa.ForeignKey("runs.id"), nullable=False, index=True)


def _keeping() -> list[sa.Column[Any]]:
    """Columns that say how long a row may live: its class, when to review it, a hold, and the mark of its erasure."""
    return [
        sa.Column("retention_class", sa.String(16), nullable=False, server_default="unreviewed"),
        sa.Column("review_at", sa.Date),
        sa.Column("hold", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("erased_at", UtcDateTime),
    ]


runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("site", sa.String(64), nullable=False, server_default=""),
    sa.Column("night", sa.Date, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("failures", sa.JSON, nullable=False),
    sa.Column("code_version", sa.String(64), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False, server_default="", comment="Of all that it read, if told."),
    sa.Index("ix_runs_stage_night", "stage", "night", "site"),
)

captures = sa.Table(
    "captures",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    _run(),
    sa.Column("site", sa.String(64), nullable=False),
    sa.Column("night", sa.Date, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("warc_file", sa.Text, nullable=False),
    sa.Column("warc_offset", sa.BigInteger, nullable=False),
    sa.Column("captured_at", UtcDateTime, nullable=False),
    *_keeping(),
    sa.Index("ix_captures_site_night", "site", "night"),
)

adverts = sa.Table(
    "adverts",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    _run(),
    sa.Column("site", sa.String(64), nullable=False),
    sa.Column("ref", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("first_seen", sa.Date, nullable=False),
    sa.Column("last_seen", sa.Date, nullable=False),
    sa.Column("version_id", sa.String(40), nullable=False, comment="The version in force."),
    sa.Column("touched", sa.Integer, nullable=False, index=True, comment="The run that last changed what is shown."),
    sa.Column("subject_category", sa.String(32), nullable=False, server_default="not categorised"),
    *_keeping(),
    sa.UniqueConstraint("site", "ref"),
    sa.Index(
        "ix_adverts_erased_at",
        "erased_at",
        sqlite_where=sa.text("erased_at IS NOT NULL"),
        postgresql_where=sa.text("erased_at IS NOT NULL"),
    ),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    _run(),
    sa.Column("advert_id", sa.ForeignKey("adverts.id"), nullable=False, index=True),
    sa.Column("capture_id", sa.ForeignKey("captures.id"), nullable=True, comment="Null for an imported record."),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("first_seen", sa.Date, nullable=False),
    sa.Column("record", sa.JSON, nullable=False, comment="The advert as published: adverts.model.Advert."),
    *_keeping(),
)

enrichments = sa.Table(
    "enrichments",
    metadata,
    sa.Column("version_id", sa.ForeignKey("versions.id"), primary_key=True),
    _run(),
    sa.Column("extractor", sa.String(64), nullable=False, comment="Fingerprint of the code that found the mentions."),
    sa.Column(
        "packs", sa.String(64), nullable=False, server_default="", comment="Fingerprint of what found the indicators."
    ),
    sa.Column("clean_text", sa.Text, nullable=False, comment="The body with disguises undone."),
    sa.Column(
        "languages",
        sa.JSON,
        nullable=False,
        server_default=sa.text("'[]'"),
        comment="ISO 639-1 codes, the main one first; none where the text is too short to tell.",
    ),
    sa.Column(
        "withheld",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="In quarantine: nothing that was found is kept.",
    ),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    _run(),
    sa.Column("advert_id", sa.ForeignKey("adverts.id"), nullable=False, index=True),
    sa.Column("version_id", sa.ForeignKey("versions.id"), nullable=False, comment="The first version that showed it."),
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, comment="The rule's words; never the advert's."),
    sa.Column("field", sa.String(32), nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
)

quarantine_rulings = sa.Table(
    "quarantine_rulings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("ground_id", sa.ForeignKey("quarantine.id"), nullable=False, index=True),
    sa.Column("ruling", sa.String(16), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False, server_default=""),
    sa.Column("author", sa.String(128), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
)

mentions = sa.Table(
    "mentions",
    metadata,
    sa.Column("version_id", sa.ForeignKey("versions.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
    _run(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Column("field", sa.String(32), nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("extractor", sa.String(32), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("attrs", sa.JSON, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("restricted", sa.Boolean, nullable=False, comment="Protected characteristic: never scored."),
    sa.Index("ix_mentions_kind_value", "kind", "value"),
)

indicator_hits = sa.Table(
    "indicator_hits",
    metadata,
    sa.Column("version_id", sa.ForeignKey("versions.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
    _run(),
    sa.Column("indicator", sa.String(64), nullable=False, index=True),
    sa.Column("tier", sa.String(1), nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Column("field", sa.String(32), nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    _run(),
    sa.Column("source", sa.ForeignKey("adverts.id"), nullable=False, index=True),
    sa.Column("target", sa.ForeignKey("adverts.id"), nullable=False, index=True),
    sa.Column("weight", sa.Float, nullable=False),
    sa.Column("probability", sa.Float, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column(
        "told",
        sa.BigInteger,
        nullable=True,
        comment="A hash of weight and reasons; null for a link of before there was one.",
    ),
)

networks = sa.Table(
    "networks",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    _run(),
    sa.Column("first_night", sa.Date, nullable=False, comment="The night it was first found."),
    sa.Column("summary", sa.JSON, nullable=False, comment="adverts.model.Network without its adverts."),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("persona_count", sa.Integer, nullable=False),
    *_keeping(),
)

members = sa.Table(
    "members",
    metadata,
    sa.Column("advert_id", sa.ForeignKey("adverts.id"), primary_key=True),
    _run(),
    sa.Column("persona_id", sa.String(40), nullable=False, index=True),
    sa.Column("network_id", sa.ForeignKey("networks.id"), nullable=True, index=True),
    sa.Column("template", sa.String(16), nullable=True, comment="The text template that its wording is an edit of."),
)

network_events = sa.Table(
    "network_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _run(),
    sa.Column("night", sa.Date, nullable=False),
    sa.Column("network_id", sa.String(40), nullable=False, index=True, comment="It may be no more."),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("other", sa.String(40), nullable=False, server_default="", index=True),
    sa.Column("facts", sa.JSON, nullable=False, comment="graph.events.Event: adverts, count, cause, forces."),
)

hubs = sa.Table(
    "hubs",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    _run(),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("adverts", sa.Integer, nullable=False),
    sa.Column("names", sa.Integer, nullable=False),
    sa.Column("sites", sa.Integer, nullable=False),
    sa.Column("towns", sa.Integer, nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _run(),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("a", sa.String(40), nullable=False, server_default=""),
    sa.Column("b", sa.String(40), nullable=False, server_default=""),
    sa.Column("value", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "size",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Adverts of the network that was ruled on; 0 where that is not known.",
    ),
    sa.Column("author", sa.String(128), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.Column("undoes", sa.ForeignKey("decisions.id"), nullable=True),
    sa.Index("ix_decisions_undoes", "undoes", unique=True),
)

watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _run(),
    sa.Column("kind", sa.String(16), nullable=False, comment="search, identifier or network."),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("query", sa.Text, nullable=False, server_default="", comment="Canonical text; none for a network."),
    sa.Column("network_id", sa.String(40), nullable=False, server_default=""),
    sa.Column("author", sa.String(128), nullable=False),
    sa.Column("authority", sa.Text, nullable=False, server_default="", comment="Reference of who allowed it."),
    sa.Column("expires", sa.Date, comment="Its last night; null for a saved search without end."),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("reached", sa.Integer, nullable=False, comment="The network event up to which it was told."),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("ended_by", sa.String(128), nullable=False, server_default=""),
)

watch_matches = sa.Table(
    "watch_matches",
    metadata,
    sa.Column("watch_id", sa.ForeignKey("watches.id"), primary_key=True),
    sa.Column("advert_id", sa.ForeignKey("adverts.id"), primary_key=True),
    _run(),
    sa.Column("version_id", sa.String(40), nullable=False, comment="The version that was told of."),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _run(),
    sa.Column("watch_id", sa.ForeignKey("watches.id"), nullable=False, index=True),
    sa.Column("night", sa.Date, nullable=False),
    sa.Column("what", sa.String(16), nullable=False, comment="new or changed; of a network, its event."),
    sa.Column("advert_id", sa.ForeignKey("adverts.id"), nullable=True),
    sa.Column("network_id", sa.String(40), nullable=False, server_default=""),
    sa.Column("opened_at", UtcDateTime),
    sa.Column("opened_by", sa.String(128), nullable=False, server_default=""),
)

index_state = sa.Table(
    "index_state",
    metadata,
    sa.Column("index_name", sa.String(128), primary_key=True),
    _run(),
    sa.Column("touched", sa.Integer, nullable=False, comment="Documents touched up to this run are in the index."),
    sa.Column(
        "built_to",
        sa.String(40),
        nullable=True,
        comment="The last advert that an unfinished build holds; null when the index is whole.",
    ),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("verb", sa.String(16), nullable=False),
    sa.Column("subject", sa.Text, nullable=False, comment="Ids and counts, never content."),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False, server_default=""),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
