# ruff: noqa: ARG001
"""The command line on the fake use-case layer of tests/api."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from tests.api.conftest import FakeStore, _stand_in, fakes, frame  # noqa: F401

_stand_in("spatial.writers.gridfile")

from api import cli, cli_disputes, cli_overview  # noqa: E402


@pytest.fixture
def fake_store():
    return FakeStore()


@pytest.fixture
def run(fakes, fake_store, monkeypatch):  # noqa: F811
    """Run a command line; returns typer's result with stdout and stderr apart."""

    @contextmanager
    def opened():
        yield fake_store

    monkeypatch.setattr(cli, "_store", opened)
    for part in (cli_disputes, cli_overview):
        monkeypatch.setitem(part._given, "opened", opened)
    for name in ("DATABASE_URL", "WANGGE_DATA_DIR", "WANGGE_LANG", "WANGGE_HOST", "WANGGE_PORT"):
        monkeypatch.delenv(name, raising=False)
    return lambda *args: CliRunner().invoke(cli.app, [str(a) for a in args])
