"""A model whose replies are kept in a file: what was asked once is not asked again, whatever became of the run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from service.language_models.building import ChatModel, Heard, Reply
from service.language_models.errors import Failure, ModelUnavailable
from vectorstore.private_modes import private_file


class KeptReplies:
    """Replies of a model by what it was asked, a line each in a file that only grows; failures are not kept.

    `spared` are the seconds that kept replies once took. One that took longer than is waited for fails as it had then.
    """

    def __init__(self, build: Callable[[], ChatModel], setting: str, path: Path) -> None:
        self.spared = 0.0
        self._build, self._setting, self._path = build, setting, path
        self._model: ChatModel | None = None
        self._known = _read(path)

    def reply(self, instruction: str, asked: str, seconds: float, heard: Heard | None = None) -> Reply:
        """See `ChatModel.reply`."""
        name = sha256("\0".join((self._setting, instruction, asked)).encode()).hexdigest()
        if name not in self._known:
            return self._asked(name, instruction, asked, seconds, heard)
        reply, took = self._known[name]
        self.spared += min(took, seconds)
        if took > seconds:
            raise ModelUnavailable(Failure.SLOW)
        if heard is not None:
            heard(reply.text)
        return reply

    def _asked(self, name: str, instruction: str, asked: str, seconds: float, heard: Heard | None) -> Reply:
        self._model = self._model or self._build()
        begun = time.monotonic()
        reply = self._model.reply(instruction, asked, seconds, heard)
        took = time.monotonic() - begun
        private_file(self._path)
        said = {"name": name, "text": reply.text, "read": reply.read, "written": reply.written, "seconds": took}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(said, ensure_ascii=False) + "\n")
        self._known[name] = reply, took
        return reply


def _read(path: Path) -> dict[str, tuple[Reply, float]]:
    found = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        try:
            said = json.loads(line)
            found[said["name"]] = Reply(said["text"], said["read"], said["written"]), float(said["seconds"])
        except (ValueError, KeyError, TypeError):  # a line that a killed process has left
            continue
    return found
