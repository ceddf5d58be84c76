"""Engines as processes of their own, from the side of whoever asks them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.processes import REPOSITORY, environment, megabytes_of, processor_seconds_of

OURS = "ours"
NAMES = {
    OURS: "our finding",
    "bare": "bare Chroma and bm25s",
    "langchain": "LangChain",
    "llamaindex": "LlamaIndex",
    "haystack": "Haystack",
}
OTHERS = tuple(name for name in NAMES if name != OURS)
ENVIRONMENT = REPOSITORY / "build/bench-venv"
PATIENCE = 60.0  # seconds for one question
_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "HF_HUB_OFFLINE": "1",
    "PYTHONWARNINGS": "ignore",
}


class EngineFailed(RuntimeError):
    """An engine cannot be asked, or did not answer in time; the message says why."""


class Worker:
    """A running engine. Use it as a context manager: its process ends with the block."""

    def __init__(self, engine: str, log: Path, python: Path | None = None) -> None:
        self.engine = engine
        self._log = log
        self._rest = b""
        interpreter = python or (Path(sys.executable) if engine in (OURS, "bare") else ENVIRONMENT / "bin/python")
        if not interpreter.exists():
            raise EngineFailed(f"{NAMES[engine]} is not installed: .ci/engines does that, where packages can be loaded")
        self._began = time.monotonic()
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [interpreter, "-m", "tests.benchmarks.engines.worker", engine],
                cwd=REPOSITORY,
                env=environment() | _QUIET,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def megabytes(self) -> float:
        """How much memory its process has in use."""
        return megabytes_of(self._process.pid)

    @property
    def processor_seconds(self) -> float:
        """How much processor time its process has had."""
        return processor_seconds_of(self._process.pid)

    def build(self, folder: Path, patience: float) -> float:
        """Index the passages of a folder; the seconds that it took. Raises EngineFailed."""
        return float(self._told({"do": "build", "folder": str(folder)}, patience)["seconds"])

    def open(self, folder: Path, patience: float) -> float:
        """Open what was built in a folder; the seconds since the process was started. Raises EngineFailed."""
        self._told({"do": "open", "folder": str(folder)}, patience)
        return time.monotonic() - self._began

    def find(self, question: str, vector: Sequence[float], limit: int) -> tuple[list[tuple[str, str]], float]:
        """The items of at most `limit` passages, best first, and the milliseconds. Raises EngineFailed."""
        told = self._told({"do": "find", "question": question, "vector": list(vector), "limit": limit}, PATIENCE)
        return [(document, key) for document, key in told["found"]], float(told["ms"])

    def _told(self, order: dict[str, Any], patience: float) -> dict[str, Any]:
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            told: dict[str, Any] = json.loads(self._line(time.monotonic() + patience))
        except BrokenPipeError:
            raise EngineFailed(f"{NAMES[self.engine]} ended: {self._last_words()}") from None
        if "error" in told:
            raise EngineFailed(f"{NAMES[self.engine]}: {told['error']}")
        return told

    def _line(self, deadline: float) -> bytes:
        assert self._process.stdout
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise EngineFailed(f"{NAMES[self.engine]} did not answer in time")
            part = os.read(self._process.stdout.fileno(), 1 << 16)
            if not part:
                raise EngineFailed(f"{NAMES[self.engine]} ended: {self._last_words()}")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"
