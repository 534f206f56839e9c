"""Figures by which a drawn town is told from a checkerboard."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import KDTree


def street_graph(lines):
    """Nodes (K, 2) in metres and their degrees, degree 2 left out; ends within 2 m are one node."""
    noded = shapely.line_merge(shapely.union_all(lines, grid_size=0.1))
    parts = shapely.get_parts(noded)
    parts = parts[shapely.length(parts) > 2.0]
    ends = np.array([shapely.get_coordinates(p)[[0, -1]] for p in parts]).reshape(-1, 2)
    label, found = np.full(len(ends), -1), 0
    tree = KDTree(ends)
    for i in range(len(ends)):
        if label[i] < 0:
            label[tree.query_ball_point(ends[i], 2.0)] = found
            found += 1
    degree = np.bincount(label)
    return degree[degree != 2]


def bearing_entropy(lines, bins=36):
    """Entropy of the directions of all segments by length, as a share of the most it can be (Boeing 2019)."""
    coords, of = shapely.get_coordinates(lines, return_index=True)
    step = np.diff(coords, axis=0)[of[1:] == of[:-1]]
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0])) % 360.0
    both = np.concatenate([angle, (angle + 180.0) % 360.0])
    weight = np.tile(np.hypot(*step.T), 2)
    share = np.bincount(((both + 360.0 / bins / 2) // (360.0 / bins)).astype(int) % bins, weight, bins)
    share = share[share > 0] / share.sum()
    return float(-(share * np.log(share)).sum() / np.log(bins))


def patches(xy, reach_m):
    """Number of patches of points, those within ``reach_m`` of each other being one."""
    tree = KDTree(xy)
    left, count = set(range(len(xy))), 0
    while left:
        front, count = [left.pop()], count + 1
        while front:
            near = set(tree.query_ball_point(xy[front.pop()], reach_m)) & left
            left -= near
            front += near
    return count
