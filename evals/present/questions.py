"""Labelled questions, one JSON object per line, a file for each writer: `questions-a.jsonl` is by writer "a".

Values that come from a county's documents are marked where they stand: "Wie weit ist der [[Radweg Nord|title]]?".
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, model_validator

Scope = Literal[
    "documents", "service", "elsewhere", "live", "personal", "legal", "opinion", "smalltalk", "insult", "injection",
    "danger", "unclear",
]  # fmt: skip
Service = Literal[
    "greeting", "thanks", "goodbye", "abilities", "knowledge", "identity", "privacy", "contact", "complaint",
    "languages", "feedback",
]  # fmt: skip
Want = Literal[
    "passage", "overview", "list", "count", "status", "responsible", "comparison", "document", "definition", "ranking",
    "none",
]  # fmt: skip
Change = Literal["any", "new", "finished", "status", "dropped", "moved"]
Fact = Literal[
    "date", "amount", "quantity", "person", "organisation", "contact", "place", "reason", "names", "method", "none"
]
Kind = Literal["title", "topic", "ref", "place", "unit", "document", "status", "year", "person", "kind"]
Lang = Literal["de", "en", "nl", "tr", "uk", "pl"]
MAX_LENGTH = 500
HEADS = frozenset(("scope", "service", "want", "fact", "yesno", "followup", "language"))
_OF_CONTENT = ("documents", "elsewhere")
_MARK = re.compile(r"\[\[([^\[\]|]+)\|([^\[\]|]+)\]\]")
_LEFT_OVER = re.compile(r"\[\[|\]\]")


class Span(NamedTuple):
    """A marked value in `text`: its first character, the one after its last, and what it is."""

    start: int
    end: int
    kind: Kind


class Question(BaseModel):
    """One question with its labels; `q` has the marks, `text` is what a person would type.

    `service` is None unless the question is to the service itself. `want` and `fact` are "none" where no document is
    asked. `changes` are the kinds of changes between papers that it asks for, none for most. `writer` is who wrote it,
    so that whole writers can be left out. `known` are the heads that it is labelled for: all, but where it was made of
    a case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: str
    text: str = Field(min_length=1, max_length=MAX_LENGTH)
    spans: tuple[Span, ...]
    scope: Scope
    service: Service | None
    want: Want
    fact: Fact
    yesno: StrictBool
    followup: StrictBool
    changes: tuple[Change, ...] = ()
    lang: Lang
    writer: str
    known: frozenset[str] = HEADS

    @model_validator(mode="after")
    def _agrees(self) -> Question:
        if (self.scope == "service") is (self.service is None):
            raise ValueError("service belongs to the scope service, and to no other")
        if (self.scope in _OF_CONTENT) is (self.want == "none"):
            raise ValueError(f"want is asked of the scopes {' and '.join(_OF_CONTENT)}, and of no other")
        if self.want == "none" and self.fact != "none":
            raise ValueError("a fact is asked only where something is wanted of documents")
        return self


def shipped() -> tuple[Path, ...]:
    """Return the files that come with the service: labelled questions by writer, and those for the sample's items."""
    return (*_labelled(), Path(str(files("ingest.sample").joinpath("questions.csv"))))


def _labelled() -> tuple[Path, ...]:
    return tuple(sorted(Path(str(files("evals.present"))).glob("questions-*.jsonl")))


def load_item_questions(path: Path) -> list[Question]:
    """Read questions written for items (document_id;key;question): they are put to the documents, more is not known."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter=";") if len(row) == 3][1:]
    return [
        Question(
            q=text,
            text=text,
            spans=(),
            scope="documents",
            service=None,
            want="passage",
            fact="none",
            yesno=False,
            followup=False,
            lang="de",
            writer=f"{path.stem}-items",
            known=frozenset({"scope"}),
        )
        for _, _, text in rows
    ]


def load_questions(*paths: Path) -> list[Question]:
    """Read questions in order, the labelled ones that are shipped where no file is named.

    Raises ValueError naming file and line ("questions-a.jsonl, line 3: ...") for the first that is not in form.
    """
    return [question for path in paths or _labelled() for question in _read(path)]


def _read(path: Path) -> Iterator[Question]:
    writer = path.stem.removeprefix("questions-")
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                yield _question(json.loads(line), writer)
            except ValidationError as error:
                first = error.errors()[0]
                said = f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
                raise ValueError(f"{path.name}, line {number}: {said}") from None
            except ValueError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from None


def _question(raw: Any, writer: str) -> Question:
    """Return a line's question; raises ValueError where it is none."""
    if not isinstance(raw, dict) or not isinstance(raw.get("q"), str):
        raise ValueError("no object with a question q")
    text, spans = unmarked(raw["q"])
    return Question(**{**raw, "text": text, "spans": spans, "writer": writer})


def unmarked(marked: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Return the text without marks, and where the marked values stand in it; raises ValueError for a broken mark."""
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    length = done = 0
    for mark in _MARK.finditer(marked):
        before, value = marked[done : mark.start()], mark[1]
        spans.append((length + len(before), length + len(before) + len(value), mark[2]))
        parts += before, value
        length, done = length + len(before) + len(value), mark.end()
    text = "".join((*parts, marked[done:]))
    if _LEFT_OVER.search(text):
        raise ValueError("q has a mark that is not [[value|kind]]")
    return text, tuple(spans)
