"""The terrain of a town."""

from alembic import op

from spatial.store.scripts import run_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of heights."""
    run_file(op.get_bind(), "0003_terrain.sql")


def downgrade() -> None:
    """Take it away, heights and all."""
    op.execute("DROP TABLE terrain")
