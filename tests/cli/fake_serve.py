"""Run the command line in a process of its own, on the fake use-case layer."""

import sys
from contextlib import contextmanager

from api import cli
from spatial.store import keys
from tests.api.conftest import FakeStore, Holder, put_fakes


def _use(module, **members):
    for name, member in members.items():
        setattr(module, name, member)


def _new_token(tx, who, role, _):
    tx.tokens["fresh"] = Holder(who, role)
    return "fresh"


@contextmanager
def _store():
    try:
        yield FakeStore()
    finally:
        sys.stderr.write("store closed\n")


if __name__ == "__main__":
    put_fakes(_use)
    _use(keys, new_token=_new_token)
    _use(cli, _store=_store)
    cli.main()
