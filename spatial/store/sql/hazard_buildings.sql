-- Buildings that share ground with danger areas, of the newest ground of each basic grid.
WITH newest AS (
    SELECT DISTINCT ON (place_id) id, place_id FROM ground ORDER BY place_id, id DESC
)
SELECT h.id AS hazard, p.code AS area_code, b.bid, b.name, coalesce(c.households, 0) AS households,
       coalesce(c.registered, 0) AS registered
  FROM hazard AS h
  JOIN building AS b ON b.geom && h.danger_area AND ST_Relate(h.danger_area, b.geom, 'T********')
  JOIN newest AS n ON n.id = b.ground_id
  JOIN place AS p ON p.id = n.place_id
  LEFT JOIN LATERAL (
      SELECT sum(cell.households) AS households, sum(cell.registered) AS registered
        FROM cell
       WHERE cell.ground_id = b.ground_id AND cell.plan_id IS NULL AND cell.bid = b.bid
  ) AS c ON true
 WHERE h.id = ANY (:ids)
 ORDER BY h.id, p.code, b.bid
