-- Give open cases the grids in force today, by area and edition; another code leaves a trace in the case's record.
WITH changed AS (
    UPDATE case_file AS c SET area_code = g.area_code, grid = g.code, edition_id = g.edition_id
      FROM case_file AS old
      JOIN place AS p ON p.id = old.place_id AND p.county_code = old.county_code
     CROSS JOIN LATERAL finest_grid(old.geom, NULL, old.stairwell, old.floor) AS g
     WHERE c.id = old.id AND c.county_code = old.county_code AND NOT old.state = ANY (:closed)
       AND (p.code = :area OR g.area_code = :area)
       AND (g.code, g.edition_id) IS DISTINCT FROM (old.grid, old.edition_id)
    RETURNING c.id, c.county_code, c.state, old.grid AS was, c.grid AS now
), told AS (
    INSERT INTO case_event (county_code, case_id, kind, state, who, at, note)
    SELECT county_code, id, 'regrid', state, :who, clock_timestamp(), coalesce(was, '—') || ' → ' || now
      FROM changed WHERE now IS DISTINCT FROM was
     ORDER BY id
)
SELECT count(*) FROM changed
