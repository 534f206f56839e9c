-- The four bounds (四至) of a grid: what its border follows to the east, west, south and north, in Chinese and
-- English, as `spatial.plans.describe.Bounds.to_json` gives them. Null where an edition was published before.
ALTER TABLE grid ADD COLUMN bounds jsonb;

CREATE OR REPLACE VIEW published.grid_history AS
SELECT g.code, g.short, g.level, g.kind, g.name, g.parent, g.area_code, g.households, g.registered,
       g.stairwell, g.floors, g.reason, e.valid_from, e.valid_to, g.geom::geometry(MultiPolygon, 4326) AS geom,
       g.bounds ->> 'text_zh' AS bounds_zh, g.bounds ->> 'text_en' AS bounds_en
  FROM public.grid AS g
  JOIN public.edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
 WHERE NOT isempty(e.valid);

CREATE OR REPLACE VIEW published.grids AS
SELECT g.code, g.short, g.level, g.kind, g.name, g.parent, g.area_code, g.households, g.registered,
       g.stairwell, g.floors, g.reason, e.valid_from, e.valid_to, g.geom::geometry(MultiPolygon, 4326) AS geom,
       g.bounds ->> 'text_zh' AS bounds_zh, g.bounds ->> 'text_en' AS bounds_en
  FROM public.grid AS g
  JOIN public.edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
 WHERE e.valid @> (now() AT TIME ZONE 'Asia/Shanghai')::date;
