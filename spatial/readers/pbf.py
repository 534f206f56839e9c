"""Protocol buffers as OpenStreetMap's .pbf files use them: blocks, fields, packed whole numbers.

The format: https://wiki.openstreetmap.org/wiki/PBF_Format.
"""

from __future__ import annotations

import zlib
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

MOST_BLOCK = 32 * 1024 * 1024
"""The format's own limit of a block's size."""
_VARINT, _BYTES = 0, 2
_FIXED = {1: 8, 5: 4}
"""Kinds of field that the format has but OpenStreetMap does not use: so many bytes are skipped."""


def blocks(path: Path) -> Iterator[bytes]:
    """Unpack the data blocks of a file.

    Raises ValueError, IndexError or KeyError where it is cut short, NotImplementedError for other packings.
    """
    with path.open("rb") as handle:
        while head := handle.read(4):
            header = dict(fields(handle.read(int.from_bytes(head, "big"))))
            size = header[3]
            if not isinstance(size, int) or size > MOST_BLOCK:
                raise ValueError(size)
            blob = dict(fields(handle.read(size)))
            if header[1] != b"OSMData":
                continue
            if 1 in blob:
                raw = blob[1]
            elif 3 in blob and isinstance(blob[3], bytes):
                raw = zlib.decompressobj().decompress(blob[3], MOST_BLOCK)
            else:
                raise NotImplementedError
            if isinstance(raw, int):
                raise ValueError(raw)
            yield raw


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Numbers and values of a message's fields; IndexError or ValueError where it is broken."""
    at, end = 0, len(message)
    while at < end:
        key = message[at]
        at += 1
        if key > 0x7F:
            key, at = _varint(message, at - 1)
        kind = key & 7
        if kind in _FIXED:
            at += _FIXED[kind]
            continue
        value = message[at]
        at += 1
        if value > 0x7F:
            value, at = _varint(message, at - 1)
        if kind == _VARINT:
            yield key >> 3, value
            continue
        if kind != _BYTES or at + value > end:
            raise ValueError(kind)
        yield key >> 3, message[at : at + value]
        at += value


def numbers(content: bytes) -> list[int]:
    """Whole numbers of a short packed list; for long ones :func:`packed` is faster.

    Examples
    --------
    >>> numbers(bytes([3, 0xAC, 0x02]))
    [3, 300]
    """
    found, value, shift = [], 0, 0
    for byte in content:
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            found.append(value)
            value, shift = 0, 0
        else:
            shift += 7
    return found


def deltas(content: bytes) -> list[int]:
    """Sums of a short packed list of differences with sign.

    Examples
    --------
    >>> deltas(bytes([20, 2, 1]))
    [10, 11, 10]
    """
    return list(accumulate((n >> 1) ^ -(n & 1) for n in numbers(content)))


def packed(content: bytes) -> NDArray[np.uint64]:
    """Whole numbers that stand packed one after the other.

    Examples
    --------
    >>> packed(bytes([3, 0xAC, 0x02])).tolist()
    [3, 300]
    """
    data = np.frombuffer(content, dtype=np.uint8)
    last = data < 0x80
    if not len(data):
        return np.empty(0, dtype=np.uint64)
    if not last[-1]:
        raise ValueError(len(data))
    starts = np.r_[0, np.flatnonzero(last)[:-1] + 1]
    place = np.arange(len(data)) - np.repeat(starts, np.diff(np.r_[starts, len(data)]))
    parts = (data & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64)
    summed: NDArray[np.uint64] = np.add.reduceat(parts, starts)
    return summed


def signed(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Numbers with a sign, which stand zigzag: 0, -1, 1, -2.

    Examples
    --------
    >>> signed(np.array([0, 1, 2, 3], dtype=np.uint64)).tolist()
    [0, -1, 1, -2]
    """
    half = (numbers >> np.uint64(1)).astype(np.int64)
    return half ^ -(numbers & np.uint64(1)).astype(np.int64)


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError(shift)
