"""Files that a browser sends: kept on disk under their own ending for as long as they are read."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import UploadFile

NAME_CHARACTERS = 100


@contextmanager
def on_disk(upload: UploadFile) -> Iterator[Path]:
    """Give the path of an uploaded file, called as the browser called it; it is gone afterwards."""
    said = Path((upload.filename or "").replace("\\", "/")).name[-NAME_CHARACTERS:]
    name = said if said.strip(". ") else "file"
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            shutil.copyfileobj(upload.file, out)
        yield path
