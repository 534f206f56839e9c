"""The shell scripts, the lock files and the promises that README makes about them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from typer.main import get_command

from api.cli import app

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ["script/demo", "script/lock", "script/setup", "script/test", "script/web", ".ci/run"]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[0-9][^ ]*)(?: ; (?P<marker>[^\\]+))? \\")
DIGEST = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")

# Written in two halves, so that this file does not name them itself.
FORBIDDEN = [
    "".join(halves)
    for halves in [
        ("pypi", ".org"), ("python", "hosted"), ("registry", ".npmjs"), ("deb", ".debian.org"),
        ("node", "source.com"), ("/opt/", "wheels"), ("/opt/", "pypi"), ("/roo", "t/."), ("/wor", "k/main"),
        ("/wor", "k/shared"), ("/wor", "k/."),
    ]
]  # fmt: skip


def pins(lock: str) -> dict[str, str]:
    """Name -> version of one lock file; fails on any line that is neither a pin nor a digest."""
    found: dict[str, str] = {}
    digests = 1
    for number, line in enumerate((ROOT / lock).read_text().splitlines(), 1):
        if pin := PIN.fullmatch(line):
            assert digests, f"{lock}:{number}: the pin before has no digest"
            found[pin["name"]] = pin["version"]
            digests = 0
        else:
            assert DIGEST.fullmatch(line), f"{lock}:{number}: {line}"
            digests += 1
    assert digests
    return found


def tracked() -> list[Path]:
    try:
        command = ["git", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_pins_and_digests_and_nothing_else(lock: str) -> None:
    assert len(pins(lock)) > 40


def test_the_test_tools_come_on_top_of_the_same_versions() -> None:
    runtime, dev = (pins(lock) for lock in LOCKS)
    assert runtime.items() <= dev.items()


def test_the_lock_files_meet_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    asked = {LOCKS[0]: project["project"]["dependencies"] + groups["build"], LOCKS[1]: groups["dev"]}
    for lock, wanted in asked.items():
        locked = pins(lock)
        for requirement in map(Requirement, wanted):
            version = locked.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not in {lock}: run script/lock"
            assert Version(version) in requirement.specifier, f"{lock}: {requirement} against {version}"


def test_pyproject_names_every_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    there = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for top in ("api", "maps", "spatial")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert set(project["tool"]["setuptools"]["packages"]) == there


def test_the_npm_lock_names_digests_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert installed
    assert [name for name, entry in installed.items() if "resolved" in entry] == []
    assert [name for name, entry in installed.items() if "integrity" not in entry] == []


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    named = []
    for path in tracked():
        text = path.read_bytes()
        named += [f"{path.relative_to(ROOT)}: {word}" for word in FORBIDDEN if word.encode() in text]
    assert named == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_runnable_and_stops_at_the_first_error(name: str) -> None:
    path = ROOT / name
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True)
    assert "set -euo pipefail" in path.read_text()


def test_an_unknown_profile_or_option_is_explained() -> None:
    for command in (["script/setup", "nonsense"], ["script/demo", "--nonsense"], ["script/demo", "--port"]):
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert run.returncode == 2
        assert f"{command[0]} [" in run.stdout + run.stderr


def readme_commands() -> list[list[str]]:
    """Every command line of README's shell blocks, split into words."""
    blocks = re.findall(
        r"^```(?:sh|bash)\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def test_readme_shows_the_two_commands() -> None:
    commands = [words[0] for words in readme_commands()]
    assert {"script/demo", "script/test"} <= set(commands)


def test_the_commands_of_readme_exist() -> None:
    for words in readme_commands():
        if words[0].startswith(("script/", ".ci/")):
            assert os.access(ROOT / words[0], os.X_OK), words


def test_the_wangge_commands_of_readme_exist_with_their_options() -> None:
    for words in readme_commands():
        if words[0] != "wangge":
            continue
        command, rest = get_command(app), words[1:]
        while rest and rest[0] in getattr(command, "commands", {}):
            command, rest = command.commands[rest[0]], rest[1:]
        assert not getattr(command, "commands", {}), f"no such command: {' '.join(words)}"
        known = {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        used = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert used <= known, f"{' '.join(words)}: {used - known}"


def test_the_pictures_and_pages_that_the_papers_name_exist() -> None:
    for paper in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / paper).read_text()):
            assert (ROOT / target).exists(), f"{paper} names {target}"
