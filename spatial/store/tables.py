"""The tables, as SQLAlchemy Core: what the repositories read and write, and the migrations must make.

Geometry is EPSG:4326 in doubles as `Lattice.to_lonlat` gives them, so that the lattice comes back exactly.
Every table of a place carries ``county_code`` (6 digits) in its key, so that it can be partitioned by county;
ids come first in the keys, so that an id alone finds its row.
"""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, INT4RANGE, JSONB, ExcludeConstraint
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _geom(name: str, kind: str = "GEOMETRY", *, nullable: bool = False) -> Column[object]:
    return Column(name, Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(always=False), nullable=False)


def _county() -> Column[str]:
    return Column("county_code", Text, nullable=False)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _int(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=nullable)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _ref(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _time(name: str, *, nullable: bool = False, now: bool = True) -> Column[object]:
    default = func.now() if now and not nullable else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _float(name: str) -> Column[object]:
    return Column(name, Float(), nullable=True)


def _day(name: str) -> Column[object]:
    return Column(name, Date, nullable=True)


def _json(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, JSONB, nullable=nullable)


def _key(*columns: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint(*columns, "county_code")


def _of(column: str, table: str, *, cascade: bool = True) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        [column, "county_code"],
        [f"{table}.id", f"{table}.county_code"],
        ondelete="CASCADE" if cascade else None,
    )


def _digits(column: str, pattern: str) -> CheckConstraint:
    return CheckConstraint(f"{column} ~ '^{pattern}$'", name=column)


def _one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, metadata, *items)


def _column(name: str, kind: TypeEngine[Any], *, nullable: bool = False) -> Column[object]:
    return Column(name, kind, nullable=nullable)


place = _table(
    "place",
    _id(), _county(), _text("code"), _text("level"), _text("division", nullable=True), _text("name"),
    _text("parent", nullable=True),
    _int("epsg", nullable=True), _int("origin_e", nullable=True), _int("origin_n", nullable=True),
    _geom("outline", nullable=True),
    _int("releases"), _time("made_at"), _flag("sample"),
    _key("id"),
    UniqueConstraint("code", "county_code"),
    _digits("county_code", "[0-9]{6}"),
    CheckConstraint("county_code = left(code, 6)", name="county"),
    _one_of("level", "town", "basic"),
    _one_of("division", "community", "village"),
    CheckConstraint("code ~ CASE level WHEN 'town' THEN '^[0-9]{9}$' ELSE '^[0-9]{12}$' END", name="code"),
    CheckConstraint(
        "CASE level WHEN 'town' THEN num_nulls(division, parent) = 2 AND num_nulls(epsg, origin_e, origin_n)"
        " = 0 ELSE num_nulls(division, parent) = 0 AND num_nulls(epsg, origin_e, origin_n) = 3 END",
        name="town",
    ),
    Index("ix_place_parent", "parent"),
    Index("ix_place_outline", "outline", postgresql_using="gist"),
)  # fmt: skip
"""A town (which fixes the lattice, and counts its releases) or a basic grid (with its frozen outline).

``sample`` marks invented data: maps and exports of it say so.
"""

disputed = _table(
    "disputed",
    _id(), _county(), _ref("place_id"), _text("source_sha"), _text("kind"),
    _column("codes", ARRAY(Text)), _column("area_m2", Float()), _geom("geom"), _time("made_at"),
    _key("id"), _of("place_id", "place"), _one_of("kind", "overlap", "gap"),
    Index("ix_disputed_place_id", "place_id"),
)  # fmt: skip
"""Ground that two basic grids claim, or none does; ``place_id`` is the town."""

terrain = _table(
    "terrain",
    _ref("place_id"), _county(), _text("sha"), _int("epsg"),
    _column("west", Float()), _column("north", Float()), _column("cell_e", Float()),
    _column("cell_n", Float()), _int("rows"), _int("columns"),
    Column("heights", LargeBinary, nullable=False), _time("made_at"),
    _key("place_id"), _of("place_id", "place"),
)  # fmt: skip
"""Heights of a town (``place_id``): float32 little-endian, deflated, by rows from the north-west corner."""

reference_layer = _table(
    "reference_layer",
    _id(), _county(), _ref("place_id"), _text("name"), _text("file"), _int("features"), _text("collection"),
    _text("who"), _time("made_at"),
    _key("id"), _of("place_id", "place"),
    Index("ix_reference_layer_place_id", "place_id"),
)  # fmt: skip
"""A layer of a planner's own, to look at: a GeoJSON FeatureCollection as text (EPSG:4326)."""

import_report = _table(
    "import_report",
    _id(), _county(), _ref("place_id"), _ref("ground_id", nullable=True), _text("source_sha"), _text("file"),
    _text("who"), _json("rows"), _time("made_at"),
    _key("id"), _of("place_id", "place"),
    Index("ix_import_report_place_id", "place_id"),
)  # fmt: skip
"""What an import repaired, set aside or noted: a list of `ReportRow` as JSON."""

ground = _table(
    "ground",
    _id(), _county(), _ref("place_id"), _text("source_sha"), _text("content_sha"), _text("division"),
    _geom("outline"), _json("report"), _time("made_at"),
    _key("id"), _of("place_id", "place"), _one_of("division", "community", "village"),
    Index("ix_ground_place_id", "place_id"),
)  # fmt: skip
"""One basic grid's ground as one import made it."""

building = _table(
    "building",
    _ref("ground_id"), _county(), _text("bid"), _text("name", nullable=True), _text("btype", nullable=True),
    _int("levels", nullable=True), _int("households"), _text("group_name", nullable=True), _geom("geom"),
    _key("ground_id", "bid"), _of("ground_id", "ground"),
    CheckConstraint("households >= 0", name="households"),
    Index("ix_building_geom", "geom", postgresql_using="gist"),
)  # fmt: skip

household = _table(
    "household",
    _id(), _county(), _ref("ground_id"), _text("bid"), _text("stairwell", nullable=True),
    _int("floor", nullable=True), _text("room", nullable=True), _text("status", nullable=True), _int("n"),
    Column("derived", Boolean, nullable=False),
    _key("id"), _of("ground_id", "ground"), CheckConstraint("n >= 0", name="n"),
    Index("ix_household_ground_id_bid", "ground_id", "bid"),
)  # fmt: skip
"""``n`` households of a building; ``derived`` where nobody counted them and a rule derived them."""

feature = _table(
    "feature",
    _id(), _county(), _ref("ground_id"), _text("layer"), _text("class", nullable=True),
    _text("name", nullable=True), _geom("geom"),
    _key("id"), _of("ground_id", "ground"), Index("ix_feature_ground_id", "ground_id"),
)  # fmt: skip
"""Roads, water, zones and the like near a ground, kept for its maps."""

plan = _table(
    "plan",
    _id(), _county(), _ref("place_id"), _ref("ground_id"), _int("rev"), _int("levels"),
    _column("spacing_m", Float()), _int("next_node"), _int("next_cell"), _text("who"), _json("about"),
    _time("made_at"), _text("name", nullable=True),
    _key("id"), _of("place_id", "place", cascade=False), _of("ground_id", "ground", cascade=False),
    CheckConstraint("rev >= 0", name="rev"),
    Index("ix_plan_place_id", "place_id"),
)  # fmt: skip
"""A plan of one basic grid, pinned to its ground; ``about`` holds seed, score, targets, what it copies."""

face = _table(
    "face",
    Column("key", BigInteger, Identity(always=False), nullable=False),
    _county(), _ref("ground_id"), _ref("plan_id", nullable=True), _text("id"),
    _int("pos", nullable=True), _geom("geom", "POLYGON"), _geom("footprint", nullable=True),
    _column("outer_m", Float(), nullable=True),
    _key("key"), _of("ground_id", "ground"), _of("plan_id", "plan"),
    UniqueConstraint("ground_id", "plan_id", "id", "county_code", postgresql_nulls_not_distinct=True),
    Index("ix_face_plan_id", "plan_id"),
)  # fmt: skip
"""A face of a ground, or (``plan_id``) one that a cut of that plan made; ``pos`` counts within the ground."""

cell = _table(
    "cell",
    Column("key", BigInteger, Identity(always=False), nullable=False),
    _county(), _ref("ground_id"), _ref("plan_id", nullable=True), _int("id"),
    _text("name", nullable=True), _text("face"),
    _int("floor_low", nullable=True), _int("floor_high", nullable=True), _text("bid", nullable=True),
    _text("stairwell", nullable=True), _int("households"), _int("registered"),
    _text("group_name", nullable=True), _json("layers", nullable=True),
    _key("key"), _of("ground_id", "ground"), _of("plan_id", "plan"),
    UniqueConstraint("ground_id", "plan_id", "id", "county_code", postgresql_nulls_not_distinct=True),
    CheckConstraint("households >= 0 AND registered >= 0", name="households"),
    Index("ix_cell_plan_id", "plan_id"),
)  # fmt: skip
"""A cell of a ground, or (``plan_id``) one that a cut of that plan made.

``id`` is its position in the ground (a cut's count on from there), ``name`` the id that the ground gave it,
``face`` the face's id.
"""

edge = _table(
    "edge",
    _id(), _county(), _ref("ground_id"), _int("a"), _int("b"), _column("length_m", Float()),
    _text("barrier", nullable=True), _column("strength", Float()), _text("feature", nullable=True),
    _key("id"), _of("ground_id", "ground"), CheckConstraint("a < b", name="order"),
    Index("ix_edge_ground_id", "ground_id"),
)  # fmt: skip
"""A shared edge of the faces at positions ``a`` and ``b`` of a ground, along one feature or none."""

node = _table(
    "node",
    _ref("plan_id"), _county(), _int("id"), _int("parent", nullable=True), _int("level"), _text("kind"),
    _text("name"), _text("label"), Column("locked", Boolean, nullable=False), _int("rev"),
    _json("reason", nullable=True),
    _key("plan_id", "id"), _of("plan_id", "plan"), _one_of("kind", "basic", "ordinary", "dedicated"),
    CheckConstraint("(level = 0) = (kind = 'basic') AND (level = 0) = (parent IS NULL)", name="root"),
)  # fmt: skip
"""A grid of a plan; ``reason`` says why it is out of band, with the numbers that prove it."""

assign = _table(
    "assign",
    _ref("plan_id"), _county(), _int("cell"), _int("node", nullable=True), _int("rev"),
    _key("plan_id", "cell"), _of("plan_id", "plan"),
)  # fmt: skip
"""A cell of a plan and the leaf that holds it; no node while it is unassigned."""

cut = _table(
    "cut",
    _ref("plan_id"), _county(), _text("face"), _json("cells"), _json("parts"), _json("made"), _json("line"),
    _key("plan_id", "face"), _of("plan_id", "plan"),
)  # fmt: skip
"""A cut in force: what `CutRecord` holds but the face, which is a row of ``face``."""

move = _table(
    "move",
    _ref("plan_id"), _county(), _int("rev"), _text("who"), _time("at"), _text("kind"), _json("payload"),
    _json("inverse"), _int("undoes", nullable=True), _int("origin"), _int("depth"), _json("about"),
    _text("client_id", nullable=True),
    _key("plan_id", "rev"), _of("plan_id", "plan"),
    Index("ix_move_undoes", "plan_id", "undoes", "county_code", unique=True),
    Index("ix_move_client_id", "plan_id", "who", "client_id", "county_code", unique=True),
)  # fmt: skip
"""One action on a plan with its inverse; ``undoes`` is the revision that it took back.

``origin`` is the ordinary action at the bottom of a chain of undo and redo, ``depth`` how far above it: odd
is an undo, even a redo. ``about``: the action in words (zh, en), and the grids and cells that it touched.
``client_id`` is the key that its page gave it, so that an edit sent twice is carried out once.
"""

acceptance = _table(
    "acceptance",
    _ref("plan_id"), _county(), _int("node"), _text("reason"), _text("who"), _time("at"),
    _key("plan_id", "node"), _of("plan_id", "plan"),
)  # fmt: skip
"""Who accepted a grid out of band, with which reason, and when."""

note = _table(
    "note",
    _ref("plan_id"), _county(), _int("number"), _int("reply_to", nullable=True), _text("text"), _text("who"),
    _time("at"), _flag("objection"), _int("node", nullable=True), _geom("geom", "POINT", nullable=True),
    _text("resolved_by", nullable=True), _time("resolved_at", nullable=True, now=False),
    _key("plan_id", "number"), _of("plan_id", "plan"),
    CheckConstraint("reply_to IS NULL OR reply_to < number", name="thread"),
    CheckConstraint("(resolved_by IS NULL) = (resolved_at IS NULL)", name="resolved"),
)  # fmt: skip
"""A note or objection on a plan, pinned on the map or not; replies name the note that begins the thread."""

review = _table(
    "review",
    _id(), _county(), _ref("plan_id"), _text("kind"), _text("state"), _int("rev"), _text("who"), _time("at"),
    _text("text", nullable=True), _flag("own"),
    _key("id"), _of("plan_id", "plan"), _one_of("state", "submitted", "returned", "approved"),
    Index("ix_review_plan_id", "plan_id"),
)  # fmt: skip
"""A step of a plan's review; the last one's ``state`` is the plan's, a plan without any is a draft."""

todays = _table(
    "todays",
    _ref("plan_id"), _county(), _text("file"), _text("source_sha", nullable=True), _json("grids"),
    _json("cells"), _time("made_at"),
    _key("plan_id"), _of("plan_id", "plan"),
)  # fmt: skip
"""A plan that began from the grids of a file: ``grids`` lists node, level, parent, code and name of
each old grid, ``cells`` the position in it of the finest that each cell of the ground lay in."""

mended = _table(
    "mended",
    _ref("plan_id"), _county(), _int("number"), _text("kind"), _column("m2", Float()),
    _int("node", nullable=True), _geom("geom"),
    _key("plan_id", "number"), _of("plan_id", "plan"), _one_of("kind", "gap", "overlap", "outside", "moved"),
)  # fmt: skip
"""A piece of ground that was mended when a plan began from old grids; ``node`` is the grid that got it."""

saying = _table(
    "saying",
    _id(), _county(), _ref("place_id"), _text("kind"), _text("class", nullable=True),
    _text("name", nullable=True), _text("note", nullable=True), _geom("geom"), _text("who"), _time("made_at"),
    _key("id"), _of("place_id", "place"),
    _one_of("kind", "barrier", "no_border", "zone", "habit", "dedicated"),
    Index("ix_saying_place_id", "place_id"),
)  # fmt: skip
"""What a planner said on the map of a town or basic grid (``place_id``); it weighs in the next proposal."""

release = _table(
    "release",
    _ref("place_id"), _county(), _int("number"), _text("who"), _time("at"),
    _key("place_id", "number"), _of("place_id", "place"),
)  # fmt: skip
"""One publishing of a town (``place_id``): editions that came, ended or were withdrawn together."""

edition = _table(
    "edition",
    _id(), _county(), _ref("place_id"), _ref("plan_id", nullable=True), _int("release"),
    Column("valid_from", Date, nullable=False), Column("valid_to", Date, nullable=True),
    Column("valid", DATERANGE, Computed("daterange(valid_from, valid_to, '[)')", persisted=True)),
    _text("who"), _time("made_at"),
    _key("id"), _of("place_id", "place", cascade=False), _of("plan_id", "plan", cascade=False),
    CheckConstraint("valid_to >= valid_from", name="valid_to"),
    ExcludeConstraint(
        ("county_code", "="), ("place_id", "="), ("valid", "&&"), using="gist", name="ex_edition_valid"
    ),
)  # fmt: skip
"""A published plan of one basic grid and the days it is in force, ``[from, to)``, in Asia/Shanghai.

One replaced on the day that it began has no days: it stays as a record and is in no view.
"""

grid = _table(
    "grid",
    _ref("edition_id"), _county(), _text("code"), _text("short"), _text("area_code"),
    _text("parent", nullable=True), _int("level"), _text("kind"), _text("name"), _int("households"),
    _int("registered"), _text("stairwell", nullable=True), _column("floors", INT4RANGE(), nullable=True),
    _text("reason", nullable=True), _int("node", nullable=True), Column("leaf", Boolean, nullable=False),
    _geom("geom", "MULTIPOLYGON"), _json("bounds", nullable=True),
    Column("locked", Boolean, nullable=False, server_default=false()), _json("proof", nullable=True),
    _key("edition_id", "code"), _of("edition_id", "edition"),
    _digits("code", "[0-9]{12,24}"),
    _digits("area_code", "[0-9]{12}"),
    CheckConstraint("left(code, 12) = area_code", name="area"),
    CheckConstraint("left(area_code, 6) = county_code", name="county"),
    CheckConstraint("households >= 0 AND registered >= 0", name="households"),
    CheckConstraint("(level = 0) = (kind = 'basic') AND (level = 0 OR parent IS NOT NULL)", name="root"),
    CheckConstraint("parent IS NULL OR starts_with(code, parent)", name="parent"),
    _one_of("kind", "basic", "ordinary", "dedicated"),
    Index("ix_grid_geom", "geom", postgresql_using="gist"),
    Index("ix_grid_code", "code"),
)  # fmt: skip
"""A grid of an edition: a row never changes; ``leaf`` is true where no grid of the edition lies below it.

``bounds`` are its four bounds in both languages, null in editions older than migration 0004; ``proof`` shows
its reason from the place file alone, null without a reason and in editions older than migration 0008.
"""

retired_code = _table(
    "retired_code",
    _ref("place_id"), _county(), _text("code"), _ref("edition_id", nullable=True), _time("at"),
    _key("place_id", "code"), _of("place_id", "place"),
)  # fmt: skip
"""Codes that were in an edition and never come back; ``edition_id`` is the one that retired them."""

crosswalk = _table(
    "crosswalk",
    _ref("edition_id"), _county(), _text("old"), _text("new"), _int("households"), _column("m2", Float()),
    _key("edition_id", "old", "new"), _of("edition_id", "edition"),
)  # fmt: skip
"""What went from an old grid to a new one when an edition came into force."""

staff = _table(
    "staff",
    _id(), _county(), _ref("place_id"), _text("code"), _text("post"), _text("holder", nullable=True),
    _text("phone", nullable=True), _text("time", nullable=True), _text("body", nullable=True),
    _text("source_sha", nullable=True), _time("made_at"),
    _key("id"), _of("place_id", "place"), _digits("code", "([0-9]{9}|[0-9]{12,24})"),
    CheckConstraint("left(code, 6) = county_code", name="county"), _one_of("time", "full", "part"),
    Index("ix_staff_place_id", "place_id"),
    Index("ix_staff_code", "code"),
)  # fmt: skip
"""A post held: ``code`` is the grid's, the basic grid's or the town's; ``place_id`` is the town."""

hazard = _table(
    "hazard",
    _id(), _county(), _ref("place_id"), _text("number"), _text("kind"), _text("name", nullable=True),
    _text("state"), _text("trend", nullable=True), _text("place", nullable=True), _float("scale_wan_m3"),
    _text("scale", nullable=True), _text("grade", nullable=True), _float("property_wan"),
    _int("households", nullable=True), _int("people", nullable=True),
    Column("frail", Boolean, nullable=True), _day("found_on"), _text("trigger", nullable=True),
    _text("monitoring", nullable=True), _text("warning", nullable=True),
    Column("plan", Boolean, nullable=True), Column("cards", Boolean, nullable=True), _day("last_drill"),
    _json("responsible", nullable=True), _json("monitors", nullable=True),
    _day("struck_off_on"), _text("struck_off_why", nullable=True), _text("review", nullable=True),
    _geom("geom", "POINT"), _geom("danger_area", nullable=True), _text("source_sha", nullable=True),
    _time("made_at"),
    _key("id"), _of("place_id", "place"), UniqueConstraint("place_id", "number", "county_code"),
    _one_of("grade", "I", "II", "III", "IV"),
    CheckConstraint("households >= 0 AND people >= 0", name="threatened"),
    CheckConstraint("ST_Dimension(danger_area) = 2", name="danger_area"),
    Index("ix_hazard_geom", "geom", postgresql_using="gist"),
    Index("ix_hazard_danger_area", "danger_area", postgresql_using="gist"),
)  # fmt: skip
"""A hidden-danger point; ``households`` and ``people`` as its register has them, ``danger_area`` if drawn."""

case_file = _table(
    "case_file",
    _id(), _county(), _ref("place_id"), _text("number"), _text("category"),
    _text("subcategory", nullable=True), _text("description"), _text("state"), _text("reach"),
    _time("reported_at"), _time("due_at", nullable=True), _time("closed_at", nullable=True),
    Column("satisfied", Boolean, nullable=True),
    _text("area_code", nullable=True),
    _text("grid", nullable=True), _ref("edition_id", nullable=True), _text("stairwell", nullable=True),
    _int("floor", nullable=True), _text("source_sha", nullable=True), _geom("geom", "POINT"),
    _key("id"), _of("place_id", "place"), UniqueConstraint("place_id", "number", "county_code"),
    CheckConstraint("starts_with(grid, area_code)", name="area"),
    Index("ix_case_file_geom", "geom", postgresql_using="gist"),
    Index("ix_case_file_reported_at_id", "reported_at", "id"),
    Index("ix_case_file_grid", "grid"),
)  # fmt: skip
"""A case; ``grid`` and ``area_code`` are by the edition (``edition_id``) in force when it was registered."""

case_event = _table(
    "case_event",
    _id(), _county(), _ref("case_id"), _text("kind"), _text("state"), _text("who"), _time("at"),
    _text("note", nullable=True), _text("assignee", nullable=True),
    _key("id"), _of("case_id", "case_file"),
    Index("ix_case_event_case_id", "case_id"),
)  # fmt: skip
"""What happened to a case: who, when, a note, and the state that it led to."""

api_key = _table(
    "api_key",
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    _text("name"), _text("role"), Column("hash", LargeBinary, nullable=False, unique=True), _time("made_at"),
    _time("revoked_at", nullable=True),
)  # fmt: skip
"""An API key, hashed (SHA-256 of 256 random bits)."""

sign_in_token = _table(
    "sign_in_token",
    Column("hash", LargeBinary, primary_key=True),
    _text("who"), _text("role"), _time("expires_at", now=False), _time("used_at", nullable=True),
)  # fmt: skip
"""A one-time sign-in link, hashed."""

session = _table(
    "session",
    Column("hash", LargeBinary, primary_key=True),
    _text("who"), _text("role"), _time("made_at"), _time("expires_at", now=False),
)  # fmt: skip
"""A signed-in browser, hashed."""

job = _table(
    "job",
    _id(), _county(), _text("kind"), _text("area"), _text("who"),
    Column("state", Text, nullable=False, server_default="waiting"),
    _json("stage", nullable=True), _count("done"), _count("total"), _json("result", nullable=True),
    _json("error", nullable=True), _json("asked"), _count("tries"), _text("stopped_by", nullable=True),
    _time("made_at"), _time("started_at", nullable=True), _time("ended_at", nullable=True),
    _key("id"), _one_of("state", "waiting", "running", "done", "failed", "cancelled"),
    Index("ix_job_state", "state"),
)  # fmt: skip
"""Long work: what was asked, how far it is, how it ended; schema ``queue`` carries it to workers."""
