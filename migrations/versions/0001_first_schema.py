"""The first schema: provenance, retention, hold, audit and tombstones from the start."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit", "decisions")


def upgrade() -> None:
    """Create every table and make the append-only ones refuse change."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="Ids and counts, never content."),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("site", sa.String(length=64), server_default="", nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.Column("code_version", sa.String(length=64), nullable=False),
        sa.Column(
            "fingerprint",
            sa.String(length=64),
            server_default="",
            nullable=False,
            comment="Of all that it read, if told.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_stage_night", "runs", ["stage", "night", "site"], unique=False)
    op.create_table(
        "adverts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("last_seen", sa.Date(), nullable=False),
        sa.Column("version_id", sa.String(length=40), nullable=False, comment="The version in force."),
        sa.Column("touched", sa.Integer(), nullable=False, comment="The run that last changed what is shown."),
        sa.Column("subject_category", sa.String(length=32), server_default="not categorised", nullable=False),
        sa.Column("retention_class", sa.String(length=16), server_default="unreviewed", nullable=False),
        sa.Column("review_at", sa.Date(), nullable=True),
        sa.Column("hold", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_adverts_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adverts")),
        sa.UniqueConstraint("site", "ref", name=op.f("uq_adverts_site")),
    )
    op.create_index(op.f("ix_adverts_run_id"), "adverts", ["run_id"], unique=False)
    op.create_index(op.f("ix_adverts_touched"), "adverts", ["touched"], unique=False)
    op.create_table(
        "captures",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("warc_file", sa.Text(), nullable=False),
        sa.Column("warc_offset", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retention_class", sa.String(length=16), server_default="unreviewed", nullable=False),
        sa.Column("review_at", sa.Date(), nullable=True),
        sa.Column("hold", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_captures_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_run_id"), "captures", ["run_id"], unique=False)
    op.create_index("ix_captures_site_night", "captures", ["site", "night"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("a", sa.String(length=40), server_default="", nullable=False),
        sa.Column("b", sa.String(length=40), server_default="", nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_decisions_run_id")),
        sa.ForeignKeyConstraint(["undoes"], ["decisions.id"], name=op.f("fk_decisions_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_run_id"), "decisions", ["run_id"], unique=False)
    op.create_table(
        "index_state",
        sa.Column("index_name", sa.String(length=128), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column(
            "touched",
            sa.Integer(),
            nullable=False,
            comment="Documents touched up to this run are in the index.",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_index_state_run_id")),
        sa.PrimaryKeyConstraint("index_name", name=op.f("pk_index_state")),
    )
    op.create_index(op.f("ix_index_state_run_id"), "index_state", ["run_id"], unique=False)
    op.create_table(
        "networks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False, comment="The night it was first found."),
        sa.Column("summary", sa.JSON(), nullable=False, comment="adverts.model.Network without its adverts."),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("persona_count", sa.Integer(), nullable=False),
        sa.Column("retention_class", sa.String(length=16), server_default="unreviewed", nullable=False),
        sa.Column("review_at", sa.Date(), nullable=True),
        sa.Column("hold", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_networks_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
    )
    op.create_index(op.f("ix_networks_run_id"), "networks", ["run_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_links_run_id")),
        sa.ForeignKeyConstraint(["source"], ["adverts.id"], name=op.f("fk_links_source")),
        sa.ForeignKeyConstraint(["target"], ["adverts.id"], name=op.f("fk_links_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    op.create_index(op.f("ix_links_run_id"), "links", ["run_id"], unique=False)
    op.create_index(op.f("ix_links_source"), "links", ["source"], unique=False)
    op.create_index(op.f("ix_links_target"), "links", ["target"], unique=False)
    op.create_table(
        "members",
        sa.Column("advert_id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.String(length=40), nullable=False),
        sa.Column("network_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["advert_id"], ["adverts.id"], name=op.f("fk_members_advert_id")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_members_network_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_members_run_id")),
        sa.PrimaryKeyConstraint("advert_id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_network_id"), "members", ["network_id"], unique=False)
    op.create_index(op.f("ix_members_persona_id"), "members", ["persona_id"], unique=False)
    op.create_index(op.f("ix_members_run_id"), "members", ["run_id"], unique=False)
    op.create_table(
        "versions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("advert_id", sa.String(length=40), nullable=False),
        sa.Column("capture_id", sa.String(length=40), nullable=True, comment="Null for an imported record."),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False, comment="The advert as published: adverts.model.Advert."),
        sa.Column("retention_class", sa.String(length=16), server_default="unreviewed", nullable=False),
        sa.Column("review_at", sa.Date(), nullable=True),
        sa.Column("hold", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advert_id"], ["adverts.id"], name=op.f("fk_versions_advert_id")),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name=op.f("fk_versions_capture_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_versions_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_advert_id"), "versions", ["advert_id"], unique=False)
    op.create_index(op.f("ix_versions_run_id"), "versions", ["run_id"], unique=False)
    op.create_table(
        "enrichments",
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column(
            "extractor",
            sa.String(length=64),
            nullable=False,
            comment="Fingerprint of the extraction code and packs.",
        ),
        sa.Column("clean_text", sa.Text(), nullable=False, comment="The body with disguises undone."),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_enrichments_run_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_enrichments_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_enrichments")),
    )
    op.create_index(op.f("ix_enrichments_run_id"), "enrichments", ["run_id"], unique=False)
    op.create_table(
        "indicator_hits",
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("tier", sa.String(length=1), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_indicator_hits_run_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_indicator_hits_version_id")),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_indicator_hits")),
    )
    op.create_index(op.f("ix_indicator_hits_indicator"), "indicator_hits", ["indicator"], unique=False)
    op.create_index(op.f("ix_indicator_hits_run_id"), "indicator_hits", ["run_id"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.String(length=32), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("attrs", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False, comment="Protected characteristic: never scored."),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_mentions_run_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_mentions_version_id")),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_kind_value", "mentions", ["kind", "value"], unique=False)
    op.create_index(op.f("ix_mentions_run_id"), "mentions", ["run_id"], unique=False)

    for table in APPEND_ONLY:
        _refuse_change(table)


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError


def _refuse_change(table: str) -> None:
    message = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
