-- Undo migration 0002, data and all.
DROP FUNCTION finest_grid;
DROP TABLE case_event;
DROP TABLE case_file;
DROP TABLE hazard;
DROP TABLE staff;
ALTER TABLE place DROP COLUMN sample;
