# ruff: noqa: ARG001, ARG005
"""A small fake use-case layer, so that the rim is tested without a database."""

from __future__ import annotations

import datetime as dt
import sys
import types
from contextlib import contextmanager
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import mapping

from spatial import errors


def _stand_in(name, **members):
    """Stand in for a module that is not there yet."""
    try:
        __import__(name)
    except ImportError:
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        setattr(sys.modules[parent], child, module)


_stand_in("spatial.store.engine", Store=type("Store", (), {}))
for _name in ("spatial.store.keys", "spatial.planning", "spatial.lookup", "spatial.checking", "maps.page"):
    _stand_in(_name)

from api import security  # noqa: E402
from api.app import create_app  # noqa: E402
from api.live import Live  # noqa: E402
from api.settings import Settings  # noqa: E402
from maps import alternatives, minutes  # noqa: E402
from maps import page as map_page  # noqa: E402
from maps.duty import CASE_COLUMNS, HAZARD_COLUMNS, STAFF_COLUMNS, THREAT_COLUMNS  # noqa: E402
from spatial import lookup, overview, planning, relief, signpost, townmap  # noqa: E402
from spatial.duty.figures import Signpost  # noqa: E402
from spatial.planning import views  # noqa: E402
from spatial.planning.disputes import DisputeView  # noqa: E402
from spatial.planning.history import MoveRow  # noqa: E402
from tests.api import (  # noqa: E402
    duty_fakes,
    edit_fakes,
    job_fakes,
    panel_fakes,
    propose_fakes,
    reason_fakes,
    review_fakes,
    score_fakes,
    why_fakes,
)
from tests.maps import figures  # noqa: E402


@dataclass
class FakeStore:
    """Keys and sessions in memory, in place of the database."""

    api_keys: dict = field(default_factory=dict)
    tokens: dict = field(default_factory=dict)
    sessions: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    @contextmanager
    def transaction(self):
        yield self


@dataclass
class Holder:
    who: str
    role: str


@dataclass
class Link:
    level: int
    code: str
    short: str
    name: str
    kind: str


@dataclass
class Match:
    chain: tuple


@dataclass
class Located:
    status: str
    crs: str
    edition: int | None
    matches: tuple


def node(n=3):
    reason = views.ReasonView("no_k", True, "无法整除", "no number fits", {"households": 550})
    return views.NodeView(
        n, 1, 1, "ordinary", "第3网格", "a", "3", False, 550, 600, 40, 44, False, reason, None
    )


def plan(plan_id=1):
    bands = [views.LevelBand(1, 300, 500, "网格员", "grid member")]
    flaw = views.FlawView(
        "out_of_band", 3, "户数超出", "out of band", True, {"type": "Point", "coordinates": [1, 2]}
    )
    return views.PlanView(
        plan_id,
        "141126100001",
        "凤城社区",
        None,
        "community",
        1,
        4,
        False,
        False,
        False,
        bands,
        [node()],
        [flaw],
        {},
        True,
    )


def delta(rev):
    return views.PlanDelta(rev, [node()], [], [7], {7: 3}, [], False, True, False, frame(), [], frame(0))


def move_row():
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return MoveRow(5, "a", at, "assign", "do", 5, False, {"zh": "把 1 栋移到 3", "en": "moved"}, [3], [], [7])


async def one_event(self, plan_id, who, since):
    yield f"event: here\ndata: {who}\n\n"


def edition(edition_id=2, **more):
    day = dt.date(2026, 12, 1)
    return views.EditionView(
        edition_id,
        "141126100001",
        "凤城社区",
        1,
        1,
        more.get("valid_from", day),
        None,
        more.get("who", "a"),
        9,
    )


def proposed(area, **_):
    levels = [views.LevelSummary(1, 4, 1, 3, 0, 1300)]
    return views.ProposeResult(area, "凤城社区", 1, levels, {"features": 0.5}, [])


def dispute(dispute_id=4, area_m2=12.5):
    strip = mapping(shapely.box(110.84, 37, 110.841, 37.0001))
    codes, names = ["141126100001", "141126100002"], ["凤城社区", "东街社区"]
    return DisputeView(dispute_id, "overlap", codes, names, [30.0, 31.5], area_m2, strip)


ASKED = []
"""What the fake use cases were asked, in order."""


def asked(answer):
    def ask(store, *args, **named):
        ASKED.append((args, named))
        return answer(*args, **named)

    return ask


def frame(n=1):
    box = shapely.box(110.1234567891234, 37, 110.2, 37.1)
    return gpd.GeoDataFrame(
        {
            "code": ["141126100001003"] * n, "level": [1] * n, "floors": [None] * n,
            "valid_from": [dt.date(2026, 1, 1)] * n, "households": [400.0] * n,
        },
        geometry=[box] * n, crs="EPSG:4326",
    )  # fmt: skip


def town_duty():
    """Frames of the duty of a map, all empty."""
    empty = gpd.GeoDataFrame({"danger_area": []}, geometry=[], crs="EPSG:4326")
    cases, hazards = (
        empty.reindex(columns=[*columns, *empty.columns]) for columns in (CASE_COLUMNS, HAZARD_COLUMNS)
    )
    return {
        "cases": cases.assign(description=None), "hazards": hazards,
        "threats": pd.DataFrame(columns=list(THREAT_COLUMNS)),
        "staff": pd.DataFrame(columns=list(STAFF_COLUMNS)),
    }  # fmt: skip


def _new_session(tx, who, role, lasts):
    tx.sessions["a-session"] = Holder(who, role)
    return "a-session"


@pytest.fixture
def fakes(monkeypatch):
    """Put the fake layer in the place of the use cases; returns it, so that a test can change a part."""

    def use(module, **members):
        for name, member in members.items():
            monkeypatch.setattr(module, name, member, raising=False)

    put_fakes(use)
    return use


def put_fakes(use):
    """Put the fakes in place by ``use(module, **members)``."""
    duty_fakes.put(use)
    panel_fakes.put(use, asked, node)
    reason_fakes.put(use, asked, frame, delta)
    job_fakes.put(use, asked)
    use(Live, events=one_event, watch=job_fakes.one_event)
    use(
        security.keys,
        holder_of_key=lambda tx, key: tx.api_keys.get(key),
        holder_of_session=lambda tx, session: tx.sessions.get(session),
        use_token=lambda tx, token: tx.tokens.pop(token, None),
        new_session=_new_session,
        end_session=lambda tx, session: tx.sessions.pop(session, None),
    )
    link = Link(0, "141126100001", "", "凤城社区", "basic")
    use(
        lookup,
        health=lambda store: {"towns": 1},
        places=lambda store: [{"code": "141126100001"}],
        place=lambda store, code: lookup.PlaceView(
            code, "town", None, "灵泉镇", None, None, None, sample=True
        ),
        grids=lambda store, **k: frame(),
        locate=lambda store, lon, lat, crs, **k: Located("inside", crs, 7, (Match((link,)),)),
        is_sample=lambda store, codes: False,
    )
    use(
        townmap,
        standing=lambda store, area: townmap.Standing("141126100001", ("141126100001",), (7,), (1,)),
        town_layers=lambda store, area: {"grids": frame(), "areas": frame().assign(name="凤城社区")},
        town_duty=asked(lambda area, shown: town_duty()),
    )
    use(overview, overview=lambda store, area=None: figures.overview())
    use(signpost, signpost=lambda store, area: Signpost(area, (("141126100", "灵泉镇"),), (), 0, ()))
    use(relief, relief=lambda store, area: relief.Relief(b"\x89PNG", 110.7, 36.9, 111.0, 37.1))
    use(
        planning,
        propose=asked(lambda area, **k: [proposed(area)]),
        plans=lambda store, area=None: [
            views.PlanRow(
                1, "141126100001", "凤城社区", None, 4, False, "a", dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
            )
        ],
        plans_in_hand=lambda store, area: [
            views.PlanRow(
                1, "141126100001", "凤城社区", None, 4, False, "a", dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
            )
        ],
        plan=lambda store, plan_id, who=None: plan(plan_id),
        plan_grids=lambda store, plan_id, level=None: frame(),
        plan_view=lambda store, plan_id: frame(),
        plan_borders=lambda store, plan_id, *, level=None, node=None: frame(2),
        score_plan=lambda store, plan_id: score_fakes.score_card(plan_id),
        **edit_fakes.use_cases(asked),
        **propose_fakes.use_cases(asked, proposed),
        **review_fakes.use_cases(asked, frame),
        feasible=lambda store, area: [why_fakes.area_range(area)],
        why_not=asked(lambda plan_id, **k: why_fakes.why_not(plan_id)),
        plan_cells=lambda store, plan_id: frame(2),
        plan_buildings=lambda store, plan_id: frame(),
        plan_features=lambda store, plan_id: frame(),
        move=asked(lambda plan_id, **k: delta(5)),
        undo=asked(lambda plan_id, **k: delta(6)),
        redo=asked(lambda plan_id, **k: delta(7)),
        plan_moves=lambda store, plan_id, since=0: [move_row()],
        changes=asked(lambda plan_id, **k: delta(8)),
        grids_at=lambda store, plan_id, rev, level=None: frame(),
        copy_plan=asked(lambda plan_id, **k: 2),
        name_plan=asked(lambda plan_id, name: None),
        publish=asked(lambda plan_ids, **k: [edition(**k)]),
        editions=lambda store, area=None: [edition()],
        edition=lambda store, edition_id: edition(edition_id),
        crosswalk=lambda store, edition_id: [],
        disputes=lambda store, area: [dispute()],
        town_outlines=lambda store, area: frame(),
        assign_disputes=asked(lambda wanted, **k: dict.fromkeys(wanted.values(), 9)),
    )
    use(
        map_page,
        town_page=lambda layers, **k: f"<html>town {k}</html>",
        grid_page=lambda layers, code, **k: f"<html>grid {code} {k}</html>",
        plan_page=lambda plan_id, **k: f"<html>plan {plan_id}</html>",
    )
    use(alternatives, alternatives_page=propose_fakes.page)
    use(minutes, minutes_page=lambda found, lang: f"<html>{found.area} {len(found.threads)} {lang}</html>")


@pytest.fixture
def fake_store():
    roles = ("reader", "inspector", "planner", "admin")
    holders = {role: Holder(f"{role}-1", role) for role in roles}
    return FakeStore(
        api_keys={f"key-{r}": h for r, h in holders.items()}, tokens={"once": holders["planner"]}
    )


@pytest.fixture
def app(fakes, fake_store):
    return create_app(fake_store, Settings(public_lookup=False))


@pytest.fixture
def client(app):
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def signed_in(client):
    """A client whose planner has followed the one-time link."""
    assert client.get("/sign-in", params={"token": "once"}).status_code == 303
    return client


def key(role):
    return {"Authorization": f"Bearer key-{role}"}


def stale(*_, **__):
    raise errors.StaleRevision(
        "stale_revision", zh="已有人修改。请刷新。", en="Changed since. Reload.",
        where=(errors.Where(ref="12", geometry={"type": "Point", "coordinates": [110.8, 37]}),),
        data={"rev": 9},
    )  # fmt: skip
