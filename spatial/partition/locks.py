"""Locks: grids that stay, cells that stay together, cells that a border must part; the rest goes around them.

What must stay together becomes one cell of a coarser graph, so no stage can part it. A grid that a lock holds
is taken out of the division of its level and put back after. A border that must run between two cells is
priced so that every grid prefers it, and drawn at last where the search did without it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spatial.errors import Refused, Where
from spatial.partition.graph import Bools, CellGraph, Ints, by_first, components, least_of, merge_links
from spatial.partition.kernels import Net

PARTED = 150.0
"""Reward, in sides of a typical grid, for a border where one must run: more than a grid in band is worth."""
APART_PULL = 2.0
"""How much more than a full barrier random trees avoid to cross a border that must run."""


def _no_pairs() -> Ints:
    return np.zeros((0, 2), np.int64)


@dataclass(frozen=True)
class Locks:
    """What must stay in one basic grid.

    Parameters
    ----------
    held
        For each level (n,) number of the grid that stays as it is, -1 where the level is proposed; empty for
        none. A grid held under a level that is proposed holds its cells at all finer levels too.
    together, apart
        (p, 2) cells that no border may part; (q, 2) cells that can't share a finest grid.
    names
        Name of a held grid by level and number, for what a refusal says.
    """

    held: tuple[Ints, ...] = ()
    together: Ints = field(default_factory=_no_pairs)
    apart: Ints = field(default_factory=_no_pairs)
    names: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything is locked at all."""
        return bool(len(self.together) or len(self.apart) or any((one >= 0).any() for one in self.held))


def node_of_cells(graph: CellGraph, locks: Locks) -> Ints:
    """Give the node of each cell: what must stay together is one node, numbered by its first cell."""
    links = [locks.together]
    for above, held in zip(locks.held, locks.held[1:], strict=False):
        mine = np.flatnonzero((held >= 0) & (above < 0))
        _, first, at = np.unique(held[mine], return_index=True, return_inverse=True)
        links.append(np.column_stack([mine[first][at], mine]))
    joined = np.concatenate(links)
    return components(graph.n, joined[:, 0], joined[:, 1])


def merged(graph: CellGraph, node_of: Ints) -> CellGraph:
    """Make the graph of nodes that hold one or several cells each."""
    n = int(node_of.max()) + 1
    if n == graph.n:
        return graph
    first = np.unique(node_of, return_index=True)[1]
    u, v = node_of[graph.a], node_of[graph.b]
    a, b, length, followed = merge_links(u, v, graph.length_m, graph.followed_m)
    vertical, bridge = merge_links(u, v, graph.vertical.astype(float), graph.bridge.astype(float))[2:]
    one_face = _same(node_of, graph.face, first)
    return CellGraph(
        households=np.bincount(node_of, graph.households, n).astype(np.int64),
        registered=np.bincount(node_of, graph.registered, n).astype(np.int64),
        area_m2=np.bincount(node_of, graph.area_m2, n).astype(np.float64),
        outer_m=np.bincount(node_of, graph.outer_m, n).astype(np.float64),
        xy_m=graph.xy_m[first],
        face=np.where(one_face, graph.face[first], int(graph.face.max()) + 1 + np.arange(n)),
        a=a, b=b, length_m=length, followed_m=followed, vertical=vertical > 0, bridge=bridge > 0,
        group=graph.group[first], dedicated=graph.dedicated[first],
        zone=np.where(_same(node_of, graph.zone, first), graph.zone[first], -1),
        affinity=np.where(_same(node_of, graph.affinity, first), graph.affinity[first], -1),
        walk_s=None if graph.walk_s is None else least_of(u, v, a, b, graph.walk_s),
    )  # fmt: skip


def _same(node_of: Ints, value: Ints, first: Ints) -> Bools:
    """Say of each node whether all of its cells have one value."""
    others: Bools = np.bincount(node_of, value != value[first][node_of], len(first)) == 0
    return others


def lifted(locks: Locks, node_of: Ints) -> Locks:
    """Give the locks of the nodes instead of the cells."""
    first = np.unique(node_of, return_index=True)[1]
    return replace(
        locks, held=tuple(one[first] for one in locks.held), together=_no_pairs(),
        apart=node_of[locks.apart],
    )  # fmt: skip


def with_apart(net: Net, apart: Ints, scale_m: float) -> Net:
    """Reward the borders that must run, so that grids prefer them to anything else."""
    if not len(apart):
        return net
    span = np.int64(len(net.households))
    asked = apart.min(axis=1) * span + apart.max(axis=1)
    here = np.isin(net.a * span + net.b, asked)
    return net._replace(
        cost=np.where(here, -PARTED * scale_m, net.cost), barrier=np.where(here, APART_PULL, net.barrier)
    )


def parted(graph: CellGraph, labels: Ints, apart: Ints) -> Ints:
    """Draw the borders that must run where a finest grid still holds both sides, each from its own side.

    Every cell of such a grid goes to the side that is fewer steps away; the first of the pair wins ties.
    """
    labels = labels.copy()
    near: list[list[int]] = [[] for _ in range(graph.n)]
    for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        near[a].append(b)
        near[b].append(a)
    for u, v in apart.tolist():
        if labels[u] == labels[v] >= 0:
            side = _nearer(near, labels, u, v)
            labels[sorted(side)] = int(labels.max()) + 1
    return by_first(labels)


def _nearer(near: list[list[int]], labels: Ints, u: int, v: int) -> set[int]:
    """Cells of the grid that are nearer to v than to u."""
    owner = {u: u, v: v}
    todo = deque([u, v])
    while todo:
        x = todo.popleft()
        for y in near[x]:
            if y not in owner and labels[y] == labels[u]:
                owner[y] = owner[x]
                todo.append(y)
    return {x for x, one in owner.items() if one == v}


def check(graph: CellGraph, locks: Locks, groups: Ints, dedicated: Ints) -> None:
    """Refuse locks that contradict each other, or the ground, and name both.

    Raises
    ------
    Refused
        ``locks_contradict``.
    """
    for u, v in locks.together.tolist():
        for level, held in enumerate(locks.held, start=1):
            if held[u] != held[v]:
                name = locks.names.get((level, int(max(held[u], held[v]))), "")
                raise _contradiction(
                    (u, v), f"锁定的网格“{name}”只含其中一个", f'locked grid "{name}" holds only one of them'
                )
        for what, zh, en in ((groups, "村民小组", "villagers' groups"), (dedicated, "专属网格", "dedicated")):
            if what[u] != what[v]:
                raise _contradiction((u, v), f"二者分属不同的{zh}", f"they belong to different {en} areas")
    node_of = node_of_cells(graph, locks)
    for u, v in locks.apart.tolist():
        if node_of[u] == node_of[v]:
            raise _undivided(locks, u, v)


def _undivided(locks: Locks, u: int, v: int) -> Refused:
    """Say which lock keeps two cells together that another one parts."""
    for level, held in enumerate(locks.held, start=1):
        if held[u] == held[v] >= 0 and (level == len(locks.held) or locks.held[level][u] < 0):
            name = locks.names.get((level, int(held[u])), "")
            return _contradiction(
                (u, v), f"锁定的网格“{name}”同时含有二者", f'locked grid "{name}" holds both', apart=True
            )
    chain = _chain(locks.together, u, v)
    pairs = "、".join(f"{a}|{b}" for a, b in chain)
    return _contradiction(
        (u, v), f"又要求不得分开 {pairs}", f"no border may run between {pairs}", apart=True, chain=chain
    )


def _chain(together: Ints, u: int, v: int) -> list[tuple[int, int]]:
    """Pairs that link two cells, one after the other; none if a held grid links them."""
    came = {u: u}
    todo = deque([u])
    while todo:
        x = todo.popleft()
        for a, b in together.tolist():
            for here, there in ((a, b), (b, a)):
                if here == x and there not in came:
                    came[there] = x
                    todo.append(there)
    if v not in came:
        return []
    chain = []
    while v != u:
        chain.append((came[v], v))
        v = came[v]
    return chain[::-1]


def _contradiction(
    pair: tuple[int, int], zh: str, en: str, *, apart: bool = False, chain: Sequence[tuple[int, int]] = ()
) -> Refused:
    u, v = pair
    asked_zh = f"单元 {u} 与 {v} 之间必须有边界" if apart else f"单元 {u} 与 {v} 不得分开"
    asked_en = f"a border must run between cells {u} and {v}" if apart else f"cells {u} and {v} stay together"
    return Refused(
        "locks_contradict",
        zh=f"锁定互相矛盾：{asked_zh}，但{zh}。请取消其中一个。",
        en=f"Locks contradict each other: {asked_en}, but {en}. Take one of them back.",
        where=(Where(ref=str(u)), Where(ref=str(v))),
        data={
            "cells": [u, v],
            "asked": "apart" if apart else "together",
            "against": [list(c) for c in chain],
        },
    )
