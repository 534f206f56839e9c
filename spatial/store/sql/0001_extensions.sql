-- On a server of somebody else's this needs the right to create extensions, unless they are there.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
