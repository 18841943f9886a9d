"""A hash of what each link says, so that a night compares a number and not a million reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next linking fills it, as it writes each link that has none."""
    comment = "A hash of weight and reasons; null for a link of before there was one."
    op.add_column("links", sa.Column("told", sa.BigInteger, nullable=True, comment=comment))


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
