"""Whether who reported a case was satisfied."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the answer."""
    op.execute("ALTER TABLE case_file ADD COLUMN satisfied boolean")


def downgrade() -> None:
    """Take it away, answers and all."""
    op.execute("ALTER TABLE case_file DROP COLUMN satisfied")
