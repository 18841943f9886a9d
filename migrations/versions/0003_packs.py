"""Indicators know the packs that found them, apart from the code that found the mentions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the packs' fingerprint; an empty one is judged again on the next run."""
    with op.batch_alter_table("enrichments") as table:
        table.alter_column("extractor", comment="Fingerprint of the code that found the mentions.")
        table.add_column(
            sa.Column(
                "packs",
                sa.String(length=64),
                server_default="",
                nullable=False,
                comment="Fingerprint of what found the indicators.",
            )
        )


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
