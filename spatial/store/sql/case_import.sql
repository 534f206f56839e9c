-- Cases of a register out of the staging table, each with its grid and its events; known numbers stay.
WITH made AS (
    INSERT INTO case_file (
        county_code, place_id, number, category, subcategory, description, state, reach, reported_at, closed_at,
        due_at, satisfied, area_code, grid, edition_id, stairwell, floor, source_sha, geom
    )
    SELECT left(:town, 6), :place, c.number, c.category, c.subcategory, c.description, c.state, 'grid',
           coalesce(c.reported_at, now()),
           CASE WHEN c.state = ANY (:closed) THEN coalesce(c.closed_at, c.reported_at, now()) END,
           c.due_at, c.satisfied, coalesce(g.area_code, b.code), g.code, g.edition_id, c.stairwell, c.floor, :sha, c.geom
      FROM case_file_given AS c
      LEFT JOIN LATERAL finest_grid(c.geom, NULL, c.stairwell, c.floor) AS g ON true
      LEFT JOIN LATERAL (
          SELECT basic.code FROM place AS basic
           WHERE g.code IS NULL AND basic.level = 'basic' AND ST_Covers(basic.outline, c.geom)
           ORDER BY basic.code LIMIT 1
      ) AS b ON true
    ON CONFLICT (place_id, number, county_code) DO NOTHING
    RETURNING id, county_code, number, state, reported_at
), told AS (
    INSERT INTO case_event (county_code, case_id, kind, state, who, at)
    SELECT made.county_code, made.id, e.kind, e.state, coalesce(e.who, :who), e.at
      FROM made
     CROSS JOIN LATERAL (
          SELECT 0 AS place, 'register' AS kind, 'registered' AS state, made.reported_at AS at, CAST(NULL AS text) AS who
          UNION ALL SELECT step.place, step.kind, step.state, step.at, NULL
            FROM case_file_given AS c
           CROSS JOIN LATERAL (VALUES
                (1, 'accept', 'accepted', c.accepted_at), (2, 'dispatch', 'dispatched', c.dispatched_at),
                (3, 'feed_back', 'fed_back', c.fed_back_at), (4, 'archive', 'archived', CASE WHEN c.state IN ('archived', 'assessed') THEN c.closed_at END)
           ) AS step(place, kind, state, at)
           WHERE c.number = made.number AND step.at IS NOT NULL AND c.steps IS NULL
          UNION ALL SELECT taken.place, taken.step ->> 'kind', taken.step ->> 'state', CAST(taken.step ->> 'at' AS timestamptz),
                           taken.step ->> 'who'
            FROM case_file_given AS c
           CROSS JOIN LATERAL jsonb_array_elements(c.steps) WITH ORDINALITY AS taken(step, place)
           WHERE c.number = made.number
          UNION ALL SELECT 1000000, 'import', made.state, now(), NULL
     ) AS e
     ORDER BY made.id, e.place
)
SELECT count(*) FROM made
