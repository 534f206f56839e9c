-- Cases of a register out of the staging table, each with its grid and its first event; known numbers stay.
WITH made AS (
    INSERT INTO case_file (
        county_code, place_id, number, category, subcategory, description, state, reach, reported_at, closed_at,
        area_code, grid, edition_id, stairwell, floor, source_sha, geom
    )
    SELECT left(:town, 6), :place, c.number, c.category, c.subcategory, c.description, c.state, 'grid',
           coalesce(c.reported_at, now()),
           CASE WHEN c.state = ANY (:closed) THEN coalesce(c.closed_at, c.reported_at, now()) END,
           g.area_code, g.code, g.edition_id, c.stairwell, c.floor, :sha, c.geom
      FROM case_file_given AS c
      LEFT JOIN LATERAL finest_grid(c.geom, NULL, c.stairwell, c.floor) AS g ON true
    ON CONFLICT (place_id, number, county_code) DO NOTHING
    RETURNING id, county_code, state, reported_at
)
INSERT INTO case_event (county_code, case_id, kind, state, who, at)
SELECT county_code, id, 'import', state, :who, reported_at FROM made
