# ruff: noqa: ARG001
"""Every described operation, called with what its description allows and forbids, answers as described."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from api.app import create_app
from api.settings import Settings
from tests.api.conftest import FakeStore, Holder, key

load_all_checks()
schema = schemathesis.openapi.from_asgi(
    "/openapi.json", create_app(FakeStore({"key-admin": Holder("admin-1", "admin")}), Settings())
)


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_as_described(case, fakes):
    case.call_and_validate(
        headers=key("admin"),
        checks=[not_a_server_error, checks.response_schema_conformance, checks.content_type_conformance],
    )
