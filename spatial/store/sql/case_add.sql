-- Register one case at a point, in the grid that the edition in force today gives it.
WITH point AS (
    SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom,
           nextval(pg_get_serial_sequence('case_file', 'id')) AS id
)
INSERT INTO case_file (
    id, county_code, place_id, number, category, subcategory, description, state, reach, area_code, grid,
    edition_id, stairwell, floor, due_at, geom
)
SELECT point.id, left(:town, 6), :place,
       :town || to_char(now() AT TIME ZONE 'Asia/Shanghai', '-YYYYMMDD-')
       || lpad(CAST(point.id AS text), greatest(6, length(CAST(point.id AS text))), '0'),
       :category, :subcategory, :description, 'registered', 'grid', coalesce(g.area_code, b.code), g.code, g.edition_id,
       :stairwell, :floor, :due, point.geom
  FROM point
  LEFT JOIN LATERAL finest_grid(point.geom, NULL, CAST(:stairwell AS text), CAST(:floor AS integer)) AS g ON true
  LEFT JOIN LATERAL (
      SELECT basic.code FROM place AS basic
       WHERE g.code IS NULL AND basic.level = 'basic' AND ST_Covers(basic.outline, point.geom)
       ORDER BY basic.code LIMIT 1
  ) AS b ON true
RETURNING id
