-- The seam proof on what is stored, EPSG:4326, bit by bit: every edge of the parts, turned counter-clockwise,
-- cancels against an opposite one or lies on the whole. One row a whole: kind town (outlines of the basic
-- grids against the rim), published (a basic grid in force against its frozen outline), ground (faces of
-- the newest ground against its outline), nesting (children against their parent; of grids on floors above
-- one another the lowest stands for the ground).
-- Parameters: code of a town or a basic grid; rim, hexadecimal EWKB of what its outlines tile.
WITH area AS MATERIALIZED (
    SELECT code, outline FROM place
     WHERE level = 'basic' AND (code = :code OR parent = :code) AND outline IS NOT NULL
), newest AS (
    SELECT DISTINCT ON (p.code) p.code, g.id, g.outline
      FROM ground AS g JOIN place AS p ON p.id = g.place_id JOIN area ON area.code = p.code
     ORDER BY p.code, g.id DESC
), held AS MATERIALIZED (
    SELECT g.code, g.parent, g.level, g.floors, g.geom
      FROM grid AS g
      JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
      JOIN area ON area.code = g.area_code
     WHERE e.valid @> today()
), standing AS (
    SELECT c.* FROM held AS c
     WHERE c.parent IS NOT NULL
       AND (c.floors IS NULL OR NOT EXISTS (
           SELECT 1 FROM held AS s
            WHERE s.parent = c.parent AND s.code <> c.code AND s.geom && c.geom
              AND (s.floors IS NULL OR lower(s.floors) < lower(c.floors))
              AND ST_Covers(s.geom, ST_PointOnSurface(c.geom))))
), side AS (
    SELECT 'town' AS kind, CAST(:code AS text) AS whole, 1 AS sign, outline AS geom FROM area
    UNION ALL SELECT 'town', CAST(:code AS text), -1, ST_GeomFromEWKB(decode(:rim, 'hex'))
    UNION ALL SELECT 'published', h.code, 1, h.geom FROM held AS h WHERE h.level = 0
    UNION ALL SELECT 'published', a.code, -1, a.outline FROM area AS a JOIN held AS h ON h.code = a.code
    UNION ALL SELECT 'ground', n.code, 1, f.geom FROM newest AS n
                JOIN face AS f ON f.ground_id = n.id AND f.plan_id IS NULL
    UNION ALL SELECT 'ground', code, -1, outline FROM newest
    UNION ALL SELECT 'nesting', parent, 1, geom FROM standing
    UNION ALL SELECT 'nesting', h.code, -1, h.geom FROM held AS h
               WHERE EXISTS (SELECT 1 FROM standing AS s WHERE s.parent = h.code)
), segment AS (
    SELECT kind, whole, sign, (ST_DumpSegments(ST_ForcePolygonCCW(geom))).geom AS line FROM side
), ends AS (
    SELECT kind, whole, sign, ST_X(ST_StartPoint(line)) AS ax, ST_Y(ST_StartPoint(line)) AS ay,
           ST_X(ST_EndPoint(line)) AS bx, ST_Y(ST_EndPoint(line)) AS by
      FROM segment
), turned AS (
    SELECT kind, whole, sign, CASE WHEN (ax, ay) < (bx, by) THEN sign ELSE -sign END AS balance,
           CASE WHEN (ax, ay) < (bx, by) THEN ARRAY[ax, ay, bx, by] ELSE ARRAY[bx, by, ax, ay] END AS at
      FROM ends
), edge AS (
    SELECT kind, whole, at, sum(balance) AS balance, count(*) FILTER (WHERE sign = 1) AS used,
           count(*) FILTER (WHERE sign = -1) AS rim
      FROM turned GROUP BY kind, whole, at
)
SELECT kind, whole, sum(used)::bigint AS edges, count(*) FILTER (WHERE used = 2)::bigint AS paired,
       count(*) FILTER (WHERE rim > 0)::bigint AS rim,
       count(*) FILTER (WHERE balance <> 0 OR used > 2)::bigint AS faults,
       ST_AsBinary(ST_Collect(ST_SetSRID(ST_MakeLine(ST_MakePoint(at[1], at[2]), ST_MakePoint(at[3], at[4])), 4326))
                   FILTER (WHERE balance <> 0 OR used > 2)) AS geometry
  FROM edge GROUP BY kind, whole ORDER BY kind, whole
