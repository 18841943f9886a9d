"""The languages of each version's text, so that they can be shown and searched."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what an older extractor read has none until `asw enrich` reads it again."""
    op.add_column(
        "enrichments",
        sa.Column(
            "languages",
            sa.JSON(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="ISO 639-1 codes, the main one first; none where the text is too short to tell.",
        ),
    )


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
