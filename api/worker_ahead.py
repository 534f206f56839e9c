"""Loaded once, in the process that jobs are forked from, so that none waits for the partitioner."""

from api import jobbing
from spatial.partition.warm import warm
from spatial.planning import choosing, proposing

__all__ = ["choosing", "jobbing", "proposing"]

warm()
