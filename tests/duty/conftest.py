"""The drawn town of tests/planning, published once for these tests; each test rolls back."""

import pytest

from tests.planning import drawn
from tests.planning.conftest import database, nested, settle


@pytest.fixture(scope="session")
def _town(cluster, template, tmp_path_factory):
    with database(cluster, template) as store:
        yield settle(store, tmp_path_factory.mktemp("duty"), drawn.town(), publish=True)


@pytest.fixture
def town(_town):
    """The store of community, towers and village, published today; rolled back after the test."""
    for found in nested(_town):
        yield found.store
