"""Moves know whether they take back or bring back, and which move; plans have a name."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Every undo so far takes back an ordinary move."""
    op.execute(
        """
        ALTER TABLE plan ADD COLUMN name text;
        ALTER TABLE move ADD COLUMN origin integer, ADD COLUMN depth integer, ADD COLUMN about jsonb;
        UPDATE move SET origin = coalesce(undoes, rev), depth = (undoes IS NOT NULL)::integer, about = '{}';
        ALTER TABLE move
            ALTER COLUMN origin SET NOT NULL,
            ALTER COLUMN depth SET NOT NULL,
            ALTER COLUMN about SET NOT NULL;
        CREATE UNIQUE INDEX ix_move_undoes ON move (plan_id, undoes, county_code);
        """
    )


def downgrade() -> None:
    """What was brought back again counts as done anew."""
    op.execute(
        """
        DROP INDEX ix_move_undoes;
        UPDATE move SET undoes = NULL WHERE depth > 1;
        ALTER TABLE move DROP COLUMN origin, DROP COLUMN depth, DROP COLUMN about;
        ALTER TABLE plan DROP COLUMN name;
        """
    )
