"""Alembic's migrations; the engine runs them, there is no alembic.ini."""
