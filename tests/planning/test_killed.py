"""A process killed half-way through a use case leaves nothing half-written, and the next run works."""

import os
import signal
import subprocess
import sys

import pytest

from spatial import planning
from spatial.errors import Cancelled
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWN
from tests.planning.ledger import counts, ledger

WORKER = """
import datetime, os, signal, sys
from spatial import planning
from spatial.planning import publishing
from spatial.store.engine import Store

url, what, stage, nth, path = sys.argv[1:]
left = int(nth)

def die(zh, en, done, total):
    global left
    if stage in en:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

with Store.open(url) as store:
    if what == "import":
        planning.import_place(store, path, progress=die)
    elif what == "propose":
        planning.propose(store, path, who="li", publish=True, progress=die)
    else:
        write = publishing.editions.publish
        def write_then_die(*args, **kwargs):
            write(*args, **kwargs)  # every row of the edition is written, nothing is committed
            os.kill(os.getpid(), signal.SIGKILL)
        publishing.editions.publish = write_then_die
        planning.publish(store, [int(path)], valid_from=datetime.date(2030, 1, 1), who="li", accept="proved")
"""


@pytest.fixture
def _town(real_store, tmp_path):
    """Two half communities, imported."""
    sites = [
        drawn.community(halves=1),
        drawn.community(f"{TOWN}003", "东街社区", halves=1).shifted(300),
    ]
    planning.import_place(real_store, drawn.drawn(*sites).write(tmp_path))


def killed(store, what, stage, nth, path):
    """Run a use case in a process of its own, which kills itself at a stage."""
    command = [sys.executable, "-c", WORKER, store.url, what, stage, str(nth), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("stage", "nth"), [("freezing the outlines", 0), ("cutting the ground", 1), ("cutting the ground", 2)]
)
@pytest.mark.usefixtures("_town")
def test_import_killed(real_store, tmp_path, stage, nth):
    before = ledger(real_store)
    changed = drawn.drawn(
        drawn.community(halves=1, each=15),
        drawn.community(f"{TOWN}003", "东街社区", halves=1, each=15).shifted(300),
    ).write(tmp_path, "changed.gpkg")
    killed(real_store, "import", stage, nth, changed)
    assert ledger(real_store) == before
    assert [a.new for a in planning.import_place(real_store, changed).areas] == [True, True]
    assert counts(real_store)["ground"] == 4


@pytest.mark.usefixtures("_town")
def test_propose_killed_after_one_area_was_written(real_store):
    before = ledger(real_store)
    killed(real_store, "propose", "东街社区", 0, TOWN)  # its first step
    assert ledger(real_store) == before
    made = planning.propose(real_store, TOWN, who="li", publish=True)
    assert [m.area_code for m in made] == [COMMUNITY, f"{TOWN}003"]
    assert counts(real_store)["edition"] == 2


@pytest.mark.usefixtures("_town")
def test_publish_killed_after_every_row_was_written(real_store, today):
    plans = [p.plan_id for p in planning.propose(real_store, TOWN, who="li")]
    before = ledger(real_store)
    killed(real_store, "publish", "-", 0, plans[0])
    assert ledger(real_store) == before
    assert not planning.plan(real_store, plans[0]).published
    first, second = planning.publish(real_store, plans, valid_from=today, who="li", accept="proved")
    assert (first.release, second.release) == (1, 1)


CLI = "import sys; from api.cli import main; sys.argv = ['wangge', *sys.argv[1:]]; main()"


@pytest.mark.usefixtures("_town")
def test_ctrl_c_leaves_nothing_and_says_so(real_store):
    before = ledger(real_store)
    running = subprocess.Popen(
        [sys.executable, "-c", CLI, "propose", "--area", TOWN, "--publish"], text=True,
        env=os.environ | {"DATABASE_URL": real_store.url}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stderr is not None
    said = ""
    while "划分第1级" not in said:
        said = running.stderr.readline()
        assert said, "ended before the first level"
    running.send_signal(signal.SIGINT)
    out, said = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert "已取消，未保留任何结果。" in said
    assert "Traceback" not in said
    assert ledger(real_store) == before


@pytest.mark.usefixtures("_town")
def test_cancelled_between_two_windows_leaves_nothing(real_store):
    before = ledger(real_store)
    asked = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) > 3

    with pytest.raises(Cancelled) as refused:
        planning.propose(real_store, TOWN, who="li", cancelled=stop)
    assert refused.value.code == "cancelled"
    assert len(asked) == 4
    assert ledger(real_store) == before
