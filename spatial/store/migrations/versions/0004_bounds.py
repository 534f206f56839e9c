"""The four bounds of published grids, and their texts in the views."""

from alembic import op

from spatial.store.scripts import run_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column, and its texts at the end of the views."""
    run_file(op.get_bind(), "0004_bounds.sql")


def downgrade() -> None:
    """Take both away; the views are made anew as they were."""
    run_file(op.get_bind(), "0004_down.sql")
    run_file(op.get_bind(), "published.sql")
