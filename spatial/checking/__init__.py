"""Proofs: of a place file and grids made from it, from the files alone; of a town as it is stored."""

from spatial.checking.files import check
from spatial.checking.model import CheckResult, Proof
from spatial.checking.town import check_town

__all__ = ["CheckResult", "Proof", "check", "check_town"]
