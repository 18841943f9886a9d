"""What became of each network from night to night is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it begins with the next linking that changes anything."""
    op.create_table(
        "network_events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("network_id", sa.String(length=40), nullable=False, comment="It may be no more."),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("other", sa.String(length=40), server_default="", nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False, comment="graph.events.Event: adverts, count, cause, forces."),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_network_events_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_events")),
    )
    for column in ("run_id", "network_id", "other"):
        op.create_index(op.f(f"ix_network_events_{column}"), "network_events", [column], unique=False)


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
