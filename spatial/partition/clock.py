"""A limit by the clock: it never steers the search, it only ends it with the best so far."""

from __future__ import annotations

import time

from spatial.partition.carve import Note


class Clock:
    """Tells when a limit has passed, and remembers that it was told.

    Parameters
    ----------
    limit_s
        Seconds from now; None: no limit.

    Examples
    --------
    >>> Clock(None).over(), Clock(0.0).over()
    (False, True)
    """

    def __init__(self, limit_s: float | None = None) -> None:
        self._end = None if limit_s is None else time.monotonic() + limit_s
        self.limit_s = limit_s
        self.struck = False

    def over(self) -> bool:
        """Say whether the limit has passed; what is searched after that is cut short."""
        if self._end is not None and time.monotonic() >= self._end:
            self.struck = True
        return self.struck

    def notes(self) -> list[Note]:
        """Mark what the limit cut short: how far it came depends on the machine."""
        if not self.struck:
            return []
        return [
            Note(
                "not_reproducible",
                zh=f"不可重现：时限 {self.limit_s:g} 秒已到，这是当时最好的结果；再算一次可能不同。",
                en=f"Not reproducible: the limit of {self.limit_s:g} s has passed and this is the best so "
                "far; the next run may differ.",
                data={"limit_s": self.limit_s},
            )
        ]
