"""Real Chromium on our pages: any request that leaves 127.0.0.1, any script error, fails the test."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from api.serving import Server
from tests.browser.stub import Plan, make_app

OWN = ("http://127.0.0.1:", "data:", "blob:", "file:", "about:")
CHROMIUM = "/usr/bin/chromium"
open_contexts = []  # of this worker, closed before the servers that they ask
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def chromium():
    """One browser a worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", ALONE]
        )
        yield browser
        browser.close()


@contextmanager
def watched_page(chromium, size):
    """A page of some size, closed with a check that it asked nobody outside and met no error."""
    context = chromium.new_context(viewport=SIZES[size], has_touch=size == "phone", locale="zh-CN")
    open_contexts.append(context)
    outside, errors = [], []

    def guard(request):
        if not request.url.startswith(OWN):
            outside.append(request.url)

    context.on("request", guard)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.met_errors = errors
    try:
        yield page
    finally:
        context.close()
        open_contexts.remove(context)
    assert outside == [], "the page asked another server"
    assert [text for text in errors if "409 (Conflict)" not in text] == [], "the page met errors"


@pytest.fixture
def page(chromium):
    """A page of a desk's size."""
    with watched_page(chromium, "desk") as page:
        yield page


@pytest.fixture
def phone(chromium):
    """A page of a phone's size, with touch."""
    with watched_page(chromium, "phone") as page:
        yield page


@contextmanager
def served(app):
    """Serve an application on a free port of 127.0.0.1; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1
    )
    live = getattr(app.state, "live", None)
    server = uvicorn.Server(config) if live is None else Server(config, live)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    for context in open_contexts:
        context.close()  # a page that outlives its server would meet a refused connection
    server.should_exit = True
    thread.join(timeout=5)


@pytest.fixture
def plan():
    """The stand-in's plan, fresh for each test."""
    return Plan()


@pytest.fixture
def address(plan):
    """Address of the stand-in."""
    with served(make_app(plan)) as address:
        yield address
