"""A tiny model in the two files of an official export: ONNX (a look-up of words) and SentencePiece,
written by hand.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

INT64, FLOAT = 7, 1
WIDTH = 4


def varint(number: int) -> bytes:
    low, remaining = number & 127, number >> 7
    return bytes([low | 128]) + varint(remaining) if remaining else bytes([low])


def part(number: int, value: int | float | str | bytes) -> bytes:
    """A field of a message of Protocol Buffers."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def shaped(name: str, kind: int, *shape: str | int) -> bytes:
    """A tensor that goes in or comes out."""
    sizes = b"".join(
        part(1, part(2, item) if isinstance(item, str) else part(1, item)) for item in shape
    )
    return part(1, name) + part(2, part(1, part(1, kind) + part(2, sizes)))


def write_exported(folder: Path, pieces: Sequence[str]) -> None:
    """Write both files: each piece has a vector of its own, the same with each run."""
    special = [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
    listed = [*special, *((item, 1) for item in pieces)]
    text = (
        part(1, part(1, piece) + part(2, -1.0 - n / 100) + part(3, kind))
        for n, (piece, kind) in enumerate(listed)
    )
    (folder / "sentencepiece.bpe.model").write_bytes(b"".join(text))
    table = (
        np.random.default_rng(len("".join(pieces)))
        .normal(size=(len(listed) + 2, WIDTH))
        .astype(np.float32)
    )
    table[:3] = 0.0
    weights = (
        part(1, len(table))
        + part(1, WIDTH)
        + part(2, FLOAT)
        + part(8, "words")
        + part(9, table.tobytes())
    )
    node = (
        part(1, "words") + part(1, "input_ids") + part(2, "last_hidden_state") + part(4, "Gather")
    )
    graph = part(1, node) + part(2, "body") + part(5, weights)
    graph += part(11, shaped("input_ids", INT64, "n", "k")) + part(
        11, shaped("attention_mask", INT64, "n", "k")
    )
    graph += part(12, shaped("last_hidden_state", FLOAT, "n", "k", WIDTH))
    (folder / "model.onnx").write_bytes(
        part(1, 8) + part(7, graph) + part(8, part(1, "") + part(2, 17))
    )
