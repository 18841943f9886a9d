"""How far a search index that is being built has come, so that a build which is killed goes on there."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; an index that is whole has none."""
    comment = "The last advert that an unfinished build holds; null when the index is whole."
    op.add_column("index_state", sa.Column("built_to", sa.String(40), nullable=True, comment=comment))


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
