"""A move keeps the key that its page gave it: an edit sent twice is carried out once."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the key; older moves have none."""
    op.execute("ALTER TABLE move ADD COLUMN client_id text")
    op.execute("CREATE UNIQUE INDEX ix_move_client_id ON move (plan_id, who, client_id, county_code)")


def downgrade() -> None:
    """Take it away."""
    op.execute("ALTER TABLE move DROP COLUMN client_id")
