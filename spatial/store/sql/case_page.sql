-- Cases for pages and maps; conditions follow.
SELECT c.id, c.number, c.category, c.subcategory, c.description, c.state, c.reach, c.reported_at, c.due_at,
       c.closed_at, c.satisfied, c.area_code, c.grid, p.code AS town, p.sample, ST_AsBinary(c.geom) AS geometry
  FROM case_file AS c
  JOIN place AS p ON p.id = c.place_id AND p.county_code = c.county_code
