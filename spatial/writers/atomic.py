"""Files that appear whole or not at all: written beside their place, then put there in one step."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path in a folder beside ``path`` to write to; on success it takes the place of ``path``.

    Raises
    ------
    OSError
        The folder can't be written to.
    """
    with tempfile.TemporaryDirectory(prefix=".wangge-", dir=path.resolve().parent) as folder:
        draft = Path(folder) / path.name
        yield draft
        os.replace(draft, path)  # noqa: PTH105 - replace() is what makes it one step
