"""The server in a process of its own: what it prints works, and it stops cleanly."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def served(*argv, **env):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.fake_serve", "serve", "--port", "0", "--no-worker", *argv],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "WANGGE_PUBLIC_LOOKUP": "1", **env},
    )  # fmt: skip
    try:
        lines = []
        while not any("Ctrl-C" in line for line in lines) and process.poll() is None:
            lines.append(process.stderr.readline())
        yield process, lines
    finally:
        process.kill()
        process.communicate()


def printed(process):
    """The sign-in link and the curl line, from stdout."""
    return process.stdout.readline().strip(), process.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_printed_works_and_a_signal_stops_it_cleanly(number):
    with served() as (process, _):
        link, curl = printed(process)
        with httpx.Client(follow_redirects=True, trust_env=False) as browser:
            page = browser.get(link)
            assert (page.status_code, page.url.path) == (200, "/maps/town")
            assert browser.get(link).status_code == 401, "the link works once"
        address = re.search(r"'(http://127\.0\.0\.1:\d+/v1/locate\?[^']+)'", curl)[1]
        assert httpx.get(address, trust_env=False).json()["status"] == "inside"
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert process.returncode == 0, err
        assert err.strip().endswith("store closed")
        assert "Traceback" not in err
        assert out == ""


def test_a_server_open_to_others_asks_for_the_access_code():
    with served("--host", "0.0.0.0") as (process, lines):  # noqa: S104
        link, _ = printed(process)
        code = re.search(r"\b([A-Z2-9]{8})\b", "".join(lines))[1]
        link = re.sub(r"//[^:/]+:", "//127.0.0.1:", link)
        with httpx.Client(follow_redirects=True, trust_env=False) as browser:
            assert 'name="code"' in browser.get(link).text
            site, token = link.split("/sign-in?token=")
            form = {"token": token, "code": code, "next": "/maps/town"}
            page = browser.post(f"{site}/sign-in", data=form)
            assert (page.status_code, page.url.path) == (200, "/maps/town")


def test_it_logs_no_position_and_no_token():
    with served() as (process, _):
        link, _ = printed(process)
        site = link.split("/sign-in")[0]
        httpx.get(f"{site}/v1/locate?lon=110.83521&lat=37&crs=wgs84", trust_env=False)
        httpx.get(link, trust_env=False)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
        assert "110.83521" not in out + err
        assert "fresh" not in out + err
