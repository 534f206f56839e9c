"""Random moves of all kinds with undo and redo, 10,000 of them by default: the seams are proved after each.

Part of `script/bench edit`; run alone by ``python -m tests.benchmarks.moves [MOVES]``. Ends with 1 at the
first seam that does not hold, with the moves that led there.
"""

from __future__ import annotations

import sys
from collections import Counter
from time import perf_counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.plans.test_properties import KINDS, walk

EACH = 200
"""Walks between two looks at the tally."""
LONGEST = 12


def main(wanted: int) -> None:
    """Walk until so many moves have been carried out, and print how many of each kind."""
    tally: Counter[tuple[str, str]] = Counter()
    start, turn = perf_counter(), 0
    while _done(tally) < wanted:
        turn += 1
        _walks(tally)
        print(f"{_done(tally):6d} of {wanted} moves, {perf_counter() - start:.0f} s", file=sys.stderr)  # noqa: T201
    for kind in sorted(set(KINDS)):
        print(f"{kind:10} {tally[kind, 'done']:6d} carried out {tally[kind, 'refused']:6d} refused")  # noqa: T201
    print(f"all        {_done(tally):6d} carried out, every seam proved, undone and redone")  # noqa: T201


def _done(tally: Counter[tuple[str, str]]) -> int:
    return sum(n for (_, how), n in tally.items() if how == "done")


def _walks(tally: Counter[tuple[str, str]]) -> None:
    @settings(
        max_examples=EACH, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def walks(data: object) -> None:
        walk(data, tally, LONGEST)

    walks()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
