-- Households that a rule derived, of each finest grid of some editions that has any.
WITH ruled AS MATERIALIZED (
    SELECT e.id AS edition, p.id AS plan, p.ground_id AS ground, h.bid
      FROM edition AS e
      JOIN plan AS p ON p.id = e.plan_id AND p.county_code = e.county_code
      JOIN household AS h ON h.ground_id = p.ground_id AND h.county_code = p.county_code AND h.derived
     WHERE e.id = ANY (:editions)
     GROUP BY e.id, p.id, p.ground_id, h.bid
)
SELECT g.code, sum(c.households) AS derived
  FROM ruled AS r
  JOIN cell AS c ON c.ground_id = r.ground AND c.bid = r.bid AND (c.plan_id IS NULL OR c.plan_id = r.plan)
  JOIN assign AS a ON a.plan_id = r.plan AND a.cell = c.id
  JOIN grid AS g ON g.edition_id = r.edition AND g.node = a.node
 GROUP BY g.code
 ORDER BY g.code
