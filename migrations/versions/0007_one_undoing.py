"""A decision is undone once, whoever asks at the same time."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let no second entry undo the same one."""
    op.create_index("ix_decisions_undoes", "decisions", ["undoes"], unique=True)


def downgrade() -> None:
    """Never: a store goes forward only; restore a backup instead."""
    raise NotImplementedError
