"""What a model replied to requests over the sample corpus, kept as files: CI replays the same requests.

`python -m tests.answering.recording URL` asks the recorded questions at an endpoint and keeps its replies.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ingest.job import IngestRequest, run_ingest
from service.answering.service import AnswerService
from service.language_models.access import Limits, ModelAccess
from service.language_models.building import ChatModel, Heard, LangChainModel, Reply
from service.models import ChatRequest, Turn
from service.settings import load_settings
from tests.answering.truth import MANIFEST
from vectorstore.editions import EditionStore

FILE = Path(__file__).parent / "recorded" / "replies.json"
QUESTIONS = Path(__file__).parent / "recorded" / "questions.json"


class NotRecorded(AssertionError):
    """A request that no recording matches: prompts or what is found have changed, so it must be recorded anew."""


def name_of(instruction: str, asked: str) -> str:
    return hashlib.sha256(f"{instruction}\0{asked}".encode()).hexdigest()[:16]


class Recorded:
    """A model that replies what was recorded."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))

    def reply(self, instruction: str, asked: str, seconds: float, heard: Heard | None = None) -> Reply:
        """The recorded reply; raises NotRecorded."""
        name = name_of(instruction, asked)
        if name not in self.replies:
            raise NotRecorded(f"no reply is recorded for {name}: {asked[-300:]}")
        return Reply(self.replies[name], 0, 0)


class Recording:
    """Another model, whose replies are kept."""

    def __init__(self, model: ChatModel) -> None:
        self.model, self.replies = model, dict[str, str]()

    def reply(self, instruction: str, asked: str, seconds: float, heard: Heard | None = None) -> Reply:
        """What the other model replies."""
        said = self.model.reply(instruction, asked, seconds, heard)
        self.replies[name_of(instruction, asked)] = said.text
        return said


def requests() -> list[ChatRequest]:
    """The recorded questions, each with the conversation before it."""
    found = []
    for one in json.loads(QUESTIONS.read_text(encoding="utf-8")):
        turns = [
            Turn(role="assistant" if place % 2 else "user", content=said) for place, said in enumerate(one["history"])
        ]
        found.append(ChatRequest(question=one["question"], history=turns))
    return found


def main() -> None:
    """Ask all recorded questions at an endpoint and keep what it replies."""
    recording = Recording(LangChainModel(f"openai:recorded@{sys.argv[1]}", tokens=800, seconds=3000))
    with tempfile.TemporaryDirectory() as folder:
        store = EditionStore(Path(folder))
        run_ingest(IngestRequest(manifest=MANIFEST), store)
        model = ModelAccess(lambda: recording, Limits(seconds=3000, at_a_time=100), "recorded", "loopback")
        edition = store.open()
        service = AnswerService(edition, load_settings(data_dir=store.root), None, model)
        service.warm()
        with ThreadPoolExecutor(60) as threads:
            list(threads.map(service.answer, requests()))
        edition.close()
    kept = json.dumps(dict(sorted(recording.replies.items())), ensure_ascii=False, indent=1)
    FILE.write_text(kept + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
