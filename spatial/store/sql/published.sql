-- What other programs may read: the grids in force today (Asia/Shanghai), and all that ever were or will be.
-- The columns are a promise (CHANGELOG); a migration loads this file.

CREATE SCHEMA IF NOT EXISTS published;

CREATE VIEW published.grid_history AS
SELECT g.code, g.short, g.level, g.kind, g.name, g.parent, g.area_code, g.households, g.registered,
       g.stairwell, g.floors, g.reason, e.valid_from, e.valid_to, g.geom::geometry(MultiPolygon, 4326) AS geom
  FROM public.grid AS g
  JOIN public.edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
 WHERE NOT isempty(e.valid);

CREATE VIEW published.grids AS
SELECT g.code, g.short, g.level, g.kind, g.name, g.parent, g.area_code, g.households, g.registered,
       g.stairwell, g.floors, g.reason, e.valid_from, e.valid_to, g.geom::geometry(MultiPolygon, 4326) AS geom
  FROM public.grid AS g
  JOIN public.edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
 WHERE e.valid @> (now() AT TIME ZONE 'Asia/Shanghai')::date;

COMMENT ON SCHEMA published IS 'Grids as PostGIS polygons, EPSG:4326, for QGIS, GDAL, psql';
COMMENT ON VIEW published.grids IS 'Grids in force today, Asia/Shanghai; level 0 = basic grid';
COMMENT ON VIEW published.grid_history IS 'Grids of every edition, [valid_from, valid_to)';
