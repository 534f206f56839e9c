"""Tests of the plan: its tree, moves, shapes, codes and flaws."""
