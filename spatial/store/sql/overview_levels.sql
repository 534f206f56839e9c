-- Grids in force of a town or basic grid, counted by division and level, and by basic grid and level.
WITH rule AS (
    SELECT * FROM jsonb_to_recordset(CAST(:rules AS jsonb))
        AS r(division text, level integer, low integer, high integer, post text)
), one AS (
    SELECT p.division, g.area_code, g.level, g.kind, g.households, g.registered, g.reason,
           CASE WHEN :occupied THEN g.households ELSE g.registered END AS counted,
           r.low, r.high, r.low IS NOT NULL AND g.kind = 'ordinary' AS banded, r.post IS NOT NULL AS posted,
           EXISTS (SELECT FROM staff AS s WHERE s.code = g.code AND s.county_code = g.county_code
                      AND s.post = r.post AND s.holder IS NOT NULL) AS held
      FROM grid AS g
      JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
      JOIN place AS p ON p.id = e.place_id AND p.county_code = e.county_code
      LEFT JOIN rule AS r ON r.division = p.division AND r.level = g.level
     WHERE e.valid @> today() AND (p.code = :area OR p.parent = :area)
)
SELECT division, area_code, level, count(*) AS grids, count(*) FILTER (WHERE kind = 'dedicated') AS dedicated,
       sum(households) AS households, sum(registered) AS registered,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY counted) FILTER (WHERE kind <> 'dedicated') AS median,
       array_agg(counted ORDER BY counted) FILTER (WHERE kind <> 'dedicated') AS sizes,
       count(*) FILTER (WHERE banded) AS banded,
       count(*) FILTER (WHERE banded AND counted BETWEEN low AND high) AS in_band,
       array_agg(coalesce(reason, '')) FILTER (WHERE banded AND counted NOT BETWEEN low AND high) AS reasons,
       count(*) FILTER (WHERE posted) AS posts, count(*) FILTER (WHERE posted AND held) AS held
  FROM one
 GROUP BY GROUPING SETS ((division, level), (division, area_code, level))
 ORDER BY division, area_code NULLS FIRST, level
