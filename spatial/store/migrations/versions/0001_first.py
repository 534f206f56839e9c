"""The first tables, their rules and the published views."""

from alembic import op

from spatial.store.scripts import run_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    for name in ("0001_extensions.sql", "0001_tables.sql", "0001_rules.sql", "published.sql"):
        run_file(op.get_bind(), name)


def downgrade() -> None:
    """Take everything away, data and all; the extensions stay."""
    run_file(op.get_bind(), "0001_down.sql")
