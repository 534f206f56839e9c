-- Cases and hazard points of a town or basic grid: by basic grid (area_code NULL: in none), by division, and all.
-- A case counts as due once its time is up; one that was not accepted or is void is never due.
WITH found AS (
    SELECT p.code, p.division, p.outline FROM place AS p
     WHERE p.level = 'basic' AND (p.code = :area OR p.parent = :area)
), town AS (
    SELECT id FROM place WHERE code = :area AND level = 'town'
), cases AS (
    SELECT f.code, f.division, c.state = ANY (:closed) AS closed, c.due_at <= now() AND c.state <> ALL (:undue) AS due,
           c.closed_at <= c.due_at AS on_time
      FROM case_file AS c
      LEFT JOIN found AS f ON f.code = c.area_code
     WHERE f.code IS NOT NULL OR c.place_id IN (SELECT id FROM town)
), points AS (
    SELECT DISTINCT ON (h.id) f.code, f.division, h.households
      FROM hazard AS h
      LEFT JOIN found AS f ON ST_Covers(f.outline, h.geom)
     WHERE h.state <> 'struck_off' AND (f.code IS NOT NULL OR h.place_id IN (SELECT id FROM town))
     ORDER BY h.id, f.code
), every AS (
    SELECT code, division, 1 AS n, closed, due, on_time, 0 AS hazards, 0 AS threatened FROM cases
    UNION ALL
    SELECT code, division, 0, false, false, false, 1, households FROM points
)
SELECT division, code AS area_code, GROUPING(division) = 1 AS whole, GROUPING(code) = 1 AS summed,
       coalesce(sum(n) FILTER (WHERE NOT closed), 0) AS cases_open,
       coalesce(sum(n) FILTER (WHERE closed), 0) AS cases_closed,
       coalesce(sum(n) FILTER (WHERE due), 0) AS cases_due,
       coalesce(sum(n) FILTER (WHERE due AND on_time), 0) AS cases_on_time,
       coalesce(sum(hazards), 0) AS hazards, coalesce(sum(threatened), 0) AS threatened
  FROM every
 GROUP BY GROUPING SETS ((division, code), (division), ())
