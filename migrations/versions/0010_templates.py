"""Each advert's text template stands beside its network, so that a search can ask for it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next linking fills it."""
    comment = "The text template that its wording is an edit of."
    op.add_column("members", sa.Column("template", sa.String(16), nullable=True, comment=comment))


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
