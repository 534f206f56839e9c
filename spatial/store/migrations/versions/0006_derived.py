"""Households are marked derived where a rule derived them, no longer where a building's count gave them."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Take the mark off what was stored before: which of it a rule had derived was not kept."""
    op.execute("UPDATE household SET derived = FALSE WHERE derived")


def downgrade() -> None:
    """Mark what names no stairwell, floor, room or status, as a building's count does."""
    op.execute("UPDATE household SET derived = TRUE WHERE num_nonnulls(stairwell, floor, room, status) = 0")
