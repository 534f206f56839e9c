-- The town of each point, by the frozen outlines of its basic grids, and the nearest one within reach.
WITH point AS MATERIALIZED (
    SELECT i, CAST(geom AS geometry) AS geom
      FROM unnest(CAST(:points AS text[])) WITH ORDINALITY AS given(geom, i)
)
SELECT (SELECT p.parent FROM place AS p
         WHERE p.level = 'basic' AND ST_Covers(p.outline, point.geom) ORDER BY p.code LIMIT 1) AS town,
       (SELECT p.parent FROM place AS p
         WHERE p.level = 'basic' AND ST_DWithin(p.outline, point.geom, CAST(:near AS float8))
         ORDER BY ST_Distance(p.outline, point.geom), p.code LIMIT 1) AS near
  FROM point
 ORDER BY point.i
