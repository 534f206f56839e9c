-- Finest grids in force that share ground (not only a border) with danger areas, and what of each lies inside.
WITH leaf AS MATERIALIZED (
    SELECT h.id AS hazard, h.danger_area, g.code, g.short, g.name, g.area_code, g.node, e.plan_id
      FROM hazard AS h
      JOIN grid AS g ON g.leaf AND g.geom && h.danger_area AND ST_Relate(h.danger_area, g.geom, 'T********')
      JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
     WHERE h.id = ANY (:ids) AND e.valid @> today()
), inside AS (
    SELECT leaf.hazard, leaf.code, count(DISTINCT c.bid) AS buildings, sum(c.households) AS households,
           sum(c.registered) AS registered
      FROM leaf
      JOIN plan AS p ON p.id = leaf.plan_id
      JOIN assign AS a ON a.plan_id = p.id AND a.node = leaf.node
      JOIN cell AS c ON c.ground_id = p.ground_id AND c.id = a.cell AND (c.plan_id IS NULL OR c.plan_id = p.id)
      JOIN building AS b ON b.ground_id = p.ground_id AND b.bid = c.bid
     WHERE b.geom && leaf.danger_area AND ST_Relate(leaf.danger_area, b.geom, 'T********')
     GROUP BY leaf.hazard, leaf.code
)
SELECT leaf.hazard, leaf.code, leaf.short, leaf.name, leaf.area_code,
       coalesce(inside.buildings, 0) AS buildings, coalesce(inside.households, 0) AS households,
       coalesce(inside.registered, 0) AS registered
  FROM leaf
  LEFT JOIN inside ON inside.hazard = leaf.hazard AND inside.code = leaf.code
 ORDER BY leaf.hazard, leaf.code
