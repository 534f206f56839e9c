"""Protocol buffers as OpenStreetMap's .pbf files use them: blocks, fields, packed whole numbers.

The format: https://wiki.openstreetmap.org/wiki/PBF_Format.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

MOST_BLOCK = 32 * 1024 * 1024
"""The format's own limit of a block's size."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


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
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
        elif kind == _BYTES:
            size, at = _varint(message, at)
            if at + size > end:
                raise ValueError(size)
            yield key >> 3, message[at : at + size]
            at += size
        elif kind in {_FIXED64, _FIXED32}:
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(kind)


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
