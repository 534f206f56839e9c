# ruff: noqa: ARG001
"""Every described operation, called with what its description allows and forbids, answers as described.

A few calls of each by default; ``script/fuzz`` tries every boundary of every field, and many more.
"""

import os

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from api.app import create_app
from api.settings import Settings
from tests.api.conftest import FakeStore, Holder, key

LONG = "WANGGE_LONG_FUZZ" in os.environ

load_all_checks()
schema = schemathesis.openapi.from_asgi(
    "/openapi.json", create_app(FakeStore({"key-admin": Holder("admin-1", "admin")}), Settings())
)
schema.config.phases.coverage.enabled = LONG


@schema.parametrize()
@settings(
    max_examples=200 if LONG else 10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_as_described(case, fakes):
    case.call_and_validate(
        headers=key("admin"),
        checks=[not_a_server_error, checks.response_schema_conformance, checks.content_type_conformance],
    )
