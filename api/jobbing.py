"""What a job may be asked to do (the body of the route that answers at once), and how a worker does it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError, model_validator

from api.wishing import ProposeIn
from spatial import planning
from spatial.errors import BadInput

if TYPE_CHECKING:
    from spatial.planning.views import Progress, ProposeResult
    from spatial.store.engine import Store
    from spatial.store.jobs import JobRow


class JobIn(ProposeIn):
    """Propose plans in the background: the body of ``POST /v1/plans``, or of ``/alternatives``."""

    kind: Literal["propose"]
    alternatives: int | None = Field(None, ge=2, le=5, description="So many plans that really differ")

    @model_validator(mode="after")
    def _one_way(self) -> JobIn:
        if self.alternatives is not None and (self.staff or self.weights):
            raise ValueError("alternatives have their own weights and take targets, not staff")
        if self.staff and self.targets:
            raise ValueError("give targets or staff, not both")
        return self


def perform(store: Store, job: JobRow, progress: Progress) -> dict[str, Any]:
    """Do a job; the result names the plans that it made.

    Raises
    ------
    BadInput
        ``unreadable``: an older or newer wangge wrote down what was asked.

    Errors of the use cases come through.
    """
    try:
        asked = JobIn.model_validate(job.asked)
    except ValidationError as error:
        raise BadInput(
            "unreadable",
            zh="这个任务由另一版本的程序提交，内容无法读取。请重新提交。",
            en=f"Another version of the program asked for this job; it can't be read. Ask again. {error}",
        ) from error
    return (_proposed if asked.alternatives is None else _alternatives)(store, asked, job.who, progress)


def _proposed(store: Store, asked: JobIn, who: str, progress: Progress) -> dict[str, Any]:
    made = planning.propose(
        store, asked.area, who=who, seed=asked.seed, targets=asked.numbers(), staff=asked.staff,
        wishes=asked.wishes(asked.weights), progress=progress,
    )  # fmt: skip
    return {"plans": [_plan(one) for one in made]}


def _alternatives(store: Store, asked: JobIn, who: str, progress: Progress) -> dict[str, Any]:
    made = planning.alternatives(
        store, asked.area, who=who, count=asked.alternatives or 0, seed=asked.seed, targets=asked.numbers(),
        wishes=asked.wishes(), progress=progress,
    )  # fmt: skip
    return {
        "alternatives": [
            {"style": one.style, "zh": one.zh, "en": one.en, "plans": [_plan(p) for p in one.plans]}
            for one in made.found
        ],
        "differences": [asdict(one) for one in made.differences],
    }


def _plan(made: ProposeResult) -> dict[str, Any]:
    levels = [asdict(level) for level in made.levels]
    return {
        "area_code": made.area_code,
        "area_name": made.area_name,
        "plan_id": made.plan_id,
        "levels": levels,
    }
