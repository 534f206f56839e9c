-- The terrain of a town, frozen as migration 0003 made it; spatial/store/tables.py is its living form.

CREATE TABLE terrain (
    place_id BIGINT NOT NULL,
    county_code TEXT NOT NULL,
    sha TEXT NOT NULL,
    epsg INTEGER NOT NULL,
    west FLOAT NOT NULL,
    north FLOAT NOT NULL,
    cell_e FLOAT NOT NULL,
    cell_n FLOAT NOT NULL,
    rows INTEGER NOT NULL,
    columns INTEGER NOT NULL,
    heights BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_terrain PRIMARY KEY (place_id, county_code),
    CONSTRAINT fk_terrain_place_id FOREIGN KEY(place_id, county_code) REFERENCES place (id, county_code) ON DELETE CASCADE
);
