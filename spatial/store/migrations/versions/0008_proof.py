"""A published grid keeps the proof of its reason, and whether it was locked."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add both columns; what was published before has no proof, and is proved anew by a check."""
    op.execute("ALTER TABLE grid ADD COLUMN locked boolean NOT NULL DEFAULT false, ADD COLUMN proof jsonb")


def downgrade() -> None:
    """Take both away."""
    op.execute("ALTER TABLE grid DROP COLUMN proof, DROP COLUMN locked")
