-- Hazard points, each with its grid by the edition in force today; conditions follow.
SELECT h.id, h.number, h.kind, h.name, h.state, h.trend, h.place, h.scale_wan_m3, h.scale, h.grade,
       h.property_wan, h.households, h.people, h.frail, h.found_on, h.trigger, h.monitoring, h.warning, h.plan,
       h.cards, h.last_drill, h.responsible, h.monitors, h.struck_off_on, h.struck_off_why, h.review,
       coalesce(g.area_code, b.code) AS area_code, g.code AS grid, p.code AS town, p.sample,
       ST_AsBinary(h.danger_area) AS danger_area, ST_AsBinary(h.geom) AS geometry
  FROM hazard AS h
  JOIN place AS p ON p.id = h.place_id AND p.county_code = h.county_code
  LEFT JOIN LATERAL finest_grid(h.geom) AS g ON true
  LEFT JOIN LATERAL (
      SELECT basic.code FROM place AS basic
       WHERE g.code IS NULL AND basic.level = 'basic' AND ST_Covers(basic.outline, h.geom)
       ORDER BY basic.code LIMIT 1
  ) AS b ON true
