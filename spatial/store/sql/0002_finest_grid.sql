-- The finest grid in force over a point, by the rules of spatial/lookup.py: the leaf that covers it, on a border
-- the lowest code; where grids stand on one another, the one of stairwell and floor, or, where these are not
-- known, the finest grid that holds them all.

CREATE FUNCTION finest_grid(
    point geometry, day date DEFAULT NULL, stair text DEFAULT NULL, storey integer DEFAULT NULL
) RETURNS TABLE (edition_id bigint, area_code text, code text) LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    WITH leaf AS (
        SELECT g.edition_id, g.area_code, g.code, g.stairwell, g.floors, g.floors IS NULL AS flat,
               ST_Contains(g.geom, point) AS inside,
               g.floors @> storey AND (stair IS NULL OR g.stairwell = stair) AS holds
          FROM grid AS g
          JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
         WHERE g.leaf AND ST_Covers(g.geom, point) AND e.valid @> coalesce(day, today())
    ), sight AS (
        -- They stand on one another where the point is inside one of several, or on the wall of a stairwell
        -- whose floors they share.
        SELECT count(*) > 1 AND NOT bool_and(flat) AND (bool_or(inside) OR EXISTS (
                   SELECT FROM leaf WHERE NOT flat GROUP BY stairwell HAVING count(DISTINCT lower(floors)) > 1
               )) AS stacked,
               bool_or(flat) AS some_flat, coalesce(bool_or(holds), false) AS some_hold
          FROM leaf
    ), kept AS (
        SELECT leaf.*, stacked AND (storey IS NULL OR NOT some_flat AND NOT some_hold) AS ask
          FROM leaf CROSS JOIN sight
         WHERE NOT stacked OR storey IS NULL OR holds OR (NOT some_hold AND (flat OR NOT some_flat))
    ), ends AS (
        SELECT min(code) AS low, max(code) AS high FROM kept
    )
    SELECT kept.edition_id, kept.area_code,
           CASE WHEN kept.ask THEN coalesce(
               (SELECT max(above.code) FROM grid AS above
                 WHERE above.edition_id = kept.edition_id
                   AND starts_with(ends.low, above.code) AND starts_with(ends.high, above.code)),
               kept.code
           ) ELSE kept.code END
      FROM kept JOIN ends ON kept.code = ends.low
     LIMIT 1
$$;
COMMENT ON FUNCTION finest_grid IS 'Edition, basic grid and finest grid in force over a point, EPSG:4326';
