"""A tiny model in the two files of an official export: ONNX (a look-up of words) and SentencePiece,
written by hand.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

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
    shaped = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Gather", ["words", "input_ids"], ["last_hidden_state"])],
        "body",
        [shaped(name, TensorProto.INT64, ["n", "k"]) for name in ("input_ids", "attention_mask")],
        [shaped("last_hidden_state", TensorProto.FLOAT, ["n", "k", WIDTH])],
        [numpy_helper.from_array(table, "words")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
