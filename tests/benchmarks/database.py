"""A PostGIS database that lives as long as one benchmark."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spatial.store.cluster import Cluster


@contextmanager
def scratch_database() -> Iterator[str]:
    """Start a private cluster in a folder that is deleted afterwards; gives its libpq URL."""
    with tempfile.TemporaryDirectory(prefix="wangge-bench-") as folder:
        Path(folder).chmod(0o755)
        with Cluster(Path(folder) / "data", durable=False) as cluster:
            yield cluster.url().replace("postgresql+psycopg://", "postgresql://")
