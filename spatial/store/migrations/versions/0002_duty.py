"""Staff, hazards and cases, the mark of sample data, and whose grid a point is in as a function."""

from alembic import op

from spatial.store.scripts import run_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables of duty."""
    for name in ("0002_tables.sql", "0002_finest_grid.sql"):
        run_file(op.get_bind(), name)


def downgrade() -> None:
    """Take them away, data and all."""
    run_file(op.get_bind(), "0002_down.sql")
