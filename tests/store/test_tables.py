"""Tables, migrations, rules and the published views."""

import datetime as dt

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from spatial.errors import BadParameter, Unavailable
from spatial.store import tables
from spatial.store.engine import Store, migrations

TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
DAY = dt.timedelta(days=1)
AREA = "141126100001"
SQUARE = "SRID=4326;MULTIPOLYGON(((110 37,110.1 37,110.1 37.1,110 37.1,110 37)))"
PUBLISHED = [
    ("code", "text"), ("short", "text"), ("level", "integer"), ("kind", "text"), ("name", "text"),
    ("parent", "text"), ("area_code", "text"), ("households", "integer"), ("registered", "integer"),
    ("stairwell", "text"), ("floors", "int4range"), ("reason", "text"), ("valid_from", "date"),
    ("valid_to", "date"), ("geom", "geometry(MultiPolygon,4326)"), ("bounds_zh", "text"),
    ("bounds_en", "text"),
]  # fmt: skip


@pytest.fixture
def place_id(tx):
    return add_place(tx)


def add_place(tx):
    tx.execute(
        tables.place.insert().values(
            county_code="141126", code="141126100", level="town", name="灵泉镇", epsg=4546, origin_e=0,
            origin_n=0, releases=0,
        )
    )  # fmt: skip
    return tx.execute(
        tables.place.insert()
        .values(
            county_code="141126", code=AREA, level="basic", division="community", name="凤城社区",
            parent="141126100", releases=0,
        )
        .returning(tables.place.c.id)
    ).scalar_one()  # fmt: skip


def add_edition(tx, place_id, valid_from, valid_to=None):
    edition = tx.execute(
        tables.edition.insert()
        .values(
            county_code="141126",
            place_id=place_id,
            release=1,
            valid_from=valid_from,
            valid_to=valid_to,
            who="li",
        )
        .returning(tables.edition.c.id)
    ).scalar_one()
    tx.execute(
        tables.grid.insert().values(
            edition_id=edition, county_code="141126", code=AREA, short="", area_code=AREA, level=0,
            kind="basic", name="凤城社区", households=3, registered=4, leaf=True, geom=SQUARE,
        )
    )  # fmt: skip
    return edition


def refused(tx, statement, **values):
    with pytest.raises(IntegrityError) as caught, tx.begin_nested():
        tx.execute(sa.text(statement), values)
    return caught.value.orig.diag.constraint_name


def test_migrations_make_what_the_tables_say(tx):
    def ours(_, name, kind, reflected, __):
        return not (kind == "table" and reflected and name in {"spatial_ref_sys", "alembic_version"})

    context = MigrationContext.configure(tx, opts={"include_object": ours, "compare_server_default": False})
    assert compare_metadata(context, tables.metadata) == []


def test_the_newest_tables_sql_is_not_behind_on_checks_and_exclusions(tx):
    made = set(tx.execute(sa.text("SELECT conname FROM pg_constraint WHERE contype IN ('c', 'x')")).scalars())
    said = {
        str(constraint.name) if isinstance(constraint, tables.ExcludeConstraint)
        else f"ck_{table.name}_{str(constraint.name).removeprefix(f'ck_{table.name}_')}"
        for table in tables.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint | tables.ExcludeConstraint)
    }  # fmt: skip
    assert said <= made


def test_down_and_up_again(real_store):
    with real_store.transaction() as tx:
        command.downgrade(migrations(tx), "base")
        assert not sa.inspect(tx).has_table("place")
    real_store.migrate()
    with real_store.transaction() as tx:
        assert sa.inspect(tx).has_table("place")


@pytest.mark.parametrize("view", ["grids", "grid_history"])
def test_published_columns_are_exactly_the_promised(tx, view):
    rows = tx.execute(
        sa.text(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = CAST(:view AS regclass) AND attnum > 0 ORDER BY attnum"
        ),
        {"view": f"published.{view}"},
    )
    assert [tuple(row) for row in rows] == PUBLISHED


def test_published_views_show_what_is_in_force(tx, place_id):
    add_edition(tx, place_id, TODAY - 9 * DAY, TODAY)
    add_edition(tx, place_id, TODAY, TODAY)
    add_edition(tx, place_id, TODAY, TODAY + DAY)
    add_edition(tx, place_id, TODAY + DAY)
    now = tx.execute(sa.text("SELECT valid_from, valid_to FROM published.grids")).all()
    assert now == [(TODAY, TODAY + DAY)]
    history = tx.execute(sa.text("SELECT valid_from, valid_to FROM published.grid_history ORDER BY 1")).all()
    assert history == [(TODAY - 9 * DAY, TODAY), (TODAY, TODAY + DAY), (TODAY + DAY, None)]


def test_two_editions_of_a_place_never_overlap(tx, place_id):
    add_edition(tx, place_id, TODAY, TODAY + 2 * DAY)
    with pytest.raises(IntegrityError, match="ex_edition_valid"), tx.begin_nested():
        add_edition(tx, place_id, TODAY + DAY)


def test_an_edition_never_changes_but_for_its_end_set_once(tx, place_id):
    edition = add_edition(tx, place_id, TODAY - DAY)
    assert refused(tx, "UPDATE edition SET who = 'wang' WHERE id = :id", id=edition) == "edition_keeps"
    assert refused(tx, "UPDATE edition SET valid_from = :d", d=TODAY) == "edition_keeps"
    assert refused(tx, "DELETE FROM edition WHERE id = :id", id=edition) == "edition_keeps"
    tx.execute(sa.text("UPDATE edition SET valid_to = :d"), {"d": TODAY + DAY})
    tx.execute(sa.text("UPDATE edition SET valid_to = :d"), {"d": TODAY})
    assert refused(tx, "UPDATE edition SET valid_to = NULL WHERE id = :id", id=edition) == "edition_keeps"


def test_a_future_edition_may_be_withdrawn_with_its_grids(tx, place_id):
    edition = add_edition(tx, place_id, TODAY + DAY)
    assert refused(tx, "DELETE FROM grid WHERE edition_id = :id", id=edition) == "grid_keeps"
    tx.execute(sa.text("DELETE FROM edition"))
    assert tx.execute(sa.text("SELECT count(*) FROM grid")).scalar_one() == 0


def test_a_published_grid_never_changes(tx, place_id):
    add_edition(tx, place_id, TODAY)
    assert refused(tx, "UPDATE grid SET name = 'x'") == "grid_keeps"
    assert refused(tx, "DELETE FROM grid") == "grid_keeps"


def test_no_grid_is_added_to_an_edition_later(real_store):
    with real_store.transaction() as tx:
        add_edition(tx, add_place(tx), TODAY)
    with real_store.transaction() as tx:
        assert refused(
            tx,
            "INSERT INTO grid (edition_id, county_code, code, short, area_code, parent, level, kind, name,"
            " households, registered, leaf, geom) SELECT edition_id, county_code, code || '001', '1',"
            " area_code, code, 1, 'ordinary', 'x', 1, 1, true, geom FROM grid",
        ) == "grid_keeps"  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"),
    [("code", "14112610000"), ("code", "14112610000x"), ("county_code", "141127"), ("division", "town"),
     ("level", "county"), ("epsg", 4546)],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(tx, place_id, column, value):
    name = refused(tx, f"UPDATE place SET {column} = :value WHERE id = :id", value=value, id=place_id)
    assert name is not None
    assert name.startswith("ck_place")


def test_a_database_url_that_is_none():
    with pytest.raises(BadParameter):
        Store.open("sqlite:///x")
    with pytest.raises(BadParameter):
        Store.open("nonsense")


def test_a_database_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(Unavailable) as caught:
        Store.open("postgresql://li:geheim@127.0.0.1:9/x")
    assert caught.value.code == "database_unavailable"
    assert "127.0.0.1" in caught.value.zh
    assert "geheim" not in caught.value.zh + caught.value.en


def test_a_newer_database_is_refused(real_store):
    with real_store.transaction() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable) as caught:
        real_store.migrate()
    assert caught.value.code == "newer_database"


def test_a_store_rolls_back_on_any_error(real_store):
    class Stop(BaseException):
        pass

    def half_way():
        with real_store.transaction() as tx:
            tx.execute(sa.text("INSERT INTO api_key (name, role, hash) VALUES ('a', 'reader', 'x')"))
            raise Stop

    with pytest.raises(Stop):
        half_way()
    with real_store.transaction() as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM api_key")).scalar_one() == 0


def test_a_server_that_goes_away_half_way_is_told_and_the_next_transaction_connects_anew(real_store):
    def cut_off():
        with real_store.transaction() as tx:
            with real_store.transaction() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid_of(tx)})
            tx.execute(sa.text("SELECT 1"))

    def pid_of(tx):
        return tx.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()

    with pytest.raises(Unavailable) as caught:
        cut_off()
    assert caught.value.code == "database_unavailable"
    with real_store.transaction() as tx:
        assert pid_of(tx)
