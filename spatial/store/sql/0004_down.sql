-- Undo migration 0004; published.sql makes the views anew.
DROP VIEW published.grids;
DROP VIEW published.grid_history;
ALTER TABLE grid DROP COLUMN bounds;
