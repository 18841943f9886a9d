"""Saved searches, watched identifiers and networks, and what each of them gave."""

import sqlalchemy as sa
from alembic import op

from adverts.store.schema import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nothing is watched yet."""
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="search, identifier or network."),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), server_default="", nullable=False, comment="Canonical text; none for a network."),
        sa.Column("network_id", sa.String(length=40), server_default="", nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("authority", sa.Text(), server_default="", nullable=False, comment="Reference of who allowed it."),
        sa.Column("expires", sa.Date(), nullable=True, comment="Its last night; null for a saved search without end."),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False, comment="The network event up to which it was told."),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=128), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_watches_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    op.create_table(
        "watch_matches",
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("advert_id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.String(length=40), nullable=False, comment="The version that was told of."),
        sa.ForeignKeyConstraint(["advert_id"], ["adverts.id"], name=op.f("fk_watch_matches_advert_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_watch_matches_run_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name=op.f("fk_watch_matches_watch_id")),
        sa.PrimaryKeyConstraint("watch_id", "advert_id", name=op.f("pk_watch_matches")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False, comment="new or changed; of a network, its event."),
        sa.Column("advert_id", sa.String(length=40), nullable=True),
        sa.Column("network_id", sa.String(length=40), server_default="", nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("opened_by", sa.String(length=128), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["advert_id"], ["adverts.id"], name=op.f("fk_alerts_advert_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_alerts_run_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name=op.f("fk_alerts_watch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    for table, columns in (
        ("watches", ("run_id",)),
        ("watch_matches", ("run_id",)),
        ("alerts", ("run_id", "watch_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
