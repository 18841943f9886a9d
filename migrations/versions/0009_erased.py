"""What was erased is found without reading every advert: each search asks for it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep a list of the erased adverts alone."""
    is_erased = sa.text("erased_at IS NOT NULL")
    op.create_index(
        "ix_adverts_erased_at", "adverts", ["erased_at"], sqlite_where=is_erased, postgresql_where=is_erased
    )


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
