-- The finest grid in force over a point, by the rules of spatial/lookup.py: the leaf that covers it, on a border
-- the lowest code; where grids stand on one another, the one of stairwell and floor, or, where these are not
-- known, the finest grid that holds them all.

CREATE FUNCTION finest_grid(
    point geometry, day date DEFAULT NULL, stair text DEFAULT NULL, storey integer DEFAULT NULL
) RETURNS TABLE (edition_id bigint, area_code text, code text) LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    WITH leaf AS (
        SELECT g.edition_id, g.area_code, g.code, g.floors IS NULL AS flat,
               g.floors @> storey AND (stair IS NULL OR g.stairwell = stair) AS holds
          FROM grid AS g
          JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
         WHERE g.leaf AND ST_Covers(g.geom, point) AND e.valid @> coalesce(day, today())
    ), sight AS (
        SELECT count(*) AS n, bool_and(flat) AS all_flat, bool_or(flat) AS some_flat, bool_or(holds) AS some_hold
          FROM leaf
    ), kept AS (
        SELECT leaf.*
          FROM leaf CROSS JOIN sight
         WHERE n = 1 OR all_flat OR storey IS NULL OR holds
            OR (some_hold IS NOT TRUE AND (flat OR NOT some_flat))
    ), ends AS (
        SELECT min(code) AS low, max(code) AS high,
               min(n) > 1 AND NOT bool_and(all_flat)
               AND (storey IS NULL OR NOT bool_or(some_flat) AND bool_or(some_hold) IS NOT TRUE) AS ask
          FROM kept CROSS JOIN sight
    )
    SELECT kept.edition_id, kept.area_code,
           CASE WHEN ends.ask THEN coalesce(
               (SELECT max(above.code) FROM grid AS above
                 WHERE above.edition_id = kept.edition_id
                   AND starts_with(ends.low, above.code) AND starts_with(ends.high, above.code)),
               kept.code
           ) ELSE kept.code END
      FROM kept JOIN ends ON kept.code = ends.low
     LIMIT 1
$$;
COMMENT ON FUNCTION finest_grid IS 'Edition, basic grid and finest grid in force over a point, EPSG:4326';
