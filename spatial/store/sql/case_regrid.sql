-- Give open cases the grids in force today, by area and edition.
UPDATE case_file AS c SET area_code = g.area_code, grid = g.code, edition_id = g.edition_id
  FROM case_file AS old
  JOIN place AS p ON p.id = old.place_id AND p.county_code = old.county_code
 CROSS JOIN LATERAL finest_grid(old.geom, NULL, old.stairwell, old.floor) AS g
 WHERE c.id = old.id AND c.county_code = old.county_code AND NOT old.state = ANY (:closed)
   AND (p.code = :area OR g.area_code = :area)
   AND (g.code, g.edition_id) IS DISTINCT FROM (old.grid, old.edition_id)
