"""How many adverts a network had when it was ruled on: a dismissal does not speak for what it grew into."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of decisions so far the size is not known."""
    comment = "Adverts of the network that was ruled on; 0 where that is not known."
    op.add_column("decisions", sa.Column("size", sa.Integer, nullable=False, server_default="0", comment=comment))


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
