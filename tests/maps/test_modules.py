"""A page's modules come as one file, but never as one that is older than they are."""

import os

import pytest

from maps import assets


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Folders of ours and of the bundles, with one page of two modules."""
    web, static = tmp_path / "web", tmp_path / "static"
    for path, mtime in ((web / "plan/main.js", 100), (web / "parts/dom.js", 200)):
        path.parent.mkdir(parents=True)
        path.write_text("")
        os.utime(path, (mtime, mtime))
    monkeypatch.setattr(assets, "WEB", web)
    monkeypatch.setattr(assets, "STATIC", static)
    return web, static


def bundled(static, mtime):
    path = static / "pages/plan/main.js"
    path.parent.mkdir(parents=True)
    path.write_text("")
    os.utime(path, (mtime, mtime))


@pytest.mark.usefixtures("folders")
def test_without_a_bundle_the_module_itself():
    assert assets.module("plan/main.js") == "/static/web/plan/main.js"


def test_a_bundle_of_what_is_there(folders):
    bundled(folders[1], 200)
    assert assets.module("plan/main.js") == "/static/pages/plan/main.js"


def test_a_bundle_older_than_any_module_is_not_shown(folders):
    bundled(folders[1], 199)
    assert assets.module("plan/main.js") == "/static/web/plan/main.js"
