"""Suspected under-18 adverts have a table of grounds and one of rulings, which only grows."""

import sqlalchemy as sa
from alembic import op

import adverts.store.schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and mark the versions of which nothing found is kept."""
    with op.batch_alter_table("enrichments") as table:
        table.add_column(
            sa.Column(
                "withheld",
                sa.Boolean(),
                server_default=sa.text("false"),
                nullable=False,
                comment="In quarantine: nothing that was found is kept.",
            )
        )
    _create_grounds()
    _create_rulings()
    _refuse_change("quarantine_rulings")


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError


def _create_grounds() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("advert_id", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.String(length=40), nullable=False, comment="The first version that showed it."),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="The rule's words; never the advert's."),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("opened_at", adverts.store.schema.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["advert_id"], ["adverts.id"], name=op.f("fk_quarantine_advert_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_quarantine_run_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_quarantine_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_advert_id"), "quarantine", ["advert_id"], unique=False)
    op.create_index(op.f("ix_quarantine_run_id"), "quarantine", ["run_id"], unique=False)


def _create_rulings() -> None:
    op.create_table(
        "quarantine_rulings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ground_id", sa.String(length=40), nullable=False),
        sa.Column("ruling", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", adverts.store.schema.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ground_id"], ["quarantine.id"], name=op.f("fk_quarantine_rulings_ground_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_rulings")),
    )
    op.create_index(op.f("ix_quarantine_rulings_ground_id"), "quarantine_rulings", ["ground_id"], unique=False)


def _refuse_change(table: str) -> None:
    """Let the database itself refuse to change or delete a row, as the first migration does for the audit log."""
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
