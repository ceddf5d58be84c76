"""Labelled questions, one JSON object per line, a file for each writer; what is not said has its usual value.

Values that come from a county's documents are marked where they stand: "Wie weit ist der [[Radweg Nord|title]]?".
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple

import Stemmer
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, model_validator

from service.answering.query import Asked, Group, Intent, Sort
from vectorstore.analysis import fold

Scope = Literal[
    "documents", "service", "elsewhere", "live", "personal", "legal", "opinion", "smalltalk", "insult", "injection",
    "danger", "unclear",
]  # fmt: skip
Service = Literal[
    "greeting", "thanks", "goodbye", "abilities", "knowledge", "identity", "privacy", "contact", "complaint",
    "languages", "feedback",
]  # fmt: skip
Kind = Literal["title", "topic", "ref", "place", "unit", "document", "status", "year", "person", "kind"]
Language = Literal["de", "en", "nl", "tr", "uk", "pl"]
HEADS = ("scope", "service", "want", "asked", "group", "sort", "yes_no", "followup", "language")
OF_CONTENT = ("documents", "elsewhere")
_OF_WANTED = ("asked", "group", "sort", "followup")
FRAME = "frame.json"
LEAST, LEAST_OFTEN = 0.3, 4  # share and number from which a word is told
DOUBT = 3  # questions of which none is counted, so that few count less
_TOKEN = re.compile(r"[\w-]*\w")
_STEMMER = Stemmer.Stemmer("german")
_MARK = re.compile(r"\[\[([^\[\]|]+)\|([^\[\]|]+)\]\]")


class TrainingSpan(NamedTuple):
    """A marked value: its first character in the text without marks, the one after its last, and what it is."""

    start: int
    end: int
    kind: Kind


class TrainingQuestion(BaseModel):
    """One question with its labels; `q` has the marks, `text` is what a person would type.

    `heads` are those that it is labelled for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: str
    text: str = Field(min_length=1, max_length=500)
    spans: tuple[TrainingSpan, ...]
    writer: str
    scope: Scope
    service: Service | None = None
    want: Intent = Intent.NONE
    asked: Asked = Asked.NOTHING
    group: Group = Group.NOTHING
    sort: Sort = Sort.PAPER
    yes_no: StrictBool = False
    followup: StrictBool = False
    language: Language = "de"
    heads: tuple[str, ...] = HEADS

    @model_validator(mode="after")
    def _agrees(self) -> TrainingQuestion:
        if "service" in self.heads and (self.scope == "service") is (self.service is None):
            raise ValueError("service belongs to the scope service, and to no other")
        if "want" in self.heads and (self.scope in OF_CONTENT) is (self.want is Intent.NONE):
            raise ValueError(f"want is asked of the scopes {' and '.join(OF_CONTENT)}, and of no other")
        return self

    def label(self, head: str) -> str | None:
        """Its class for a head; None where it has none or nobody labelled it.

        Records are grouped and sorted where they are listed or counted: of other questions these heads say nothing.
        """
        if head not in self.heads or (head in _OF_WANTED and self.scope not in OF_CONTENT):
            return None
        if head in ("group", "sort") and self.want not in (Intent.LIST, Intent.COUNT):
            return None
        statement = getattr(self, head)
        return (
            ("no", "yes")[statement]
            if isinstance(statement, bool)
            else statement
            if statement is None
            else str(statement)
        )


def shipped() -> tuple[Path, ...]:
    """The files that come with the service: labelled questions by writer, and those for the sample's items."""
    folder = Path(str(files("evals.train")))
    return (*sorted(folder.glob("*.jsonl")), Path(str(files("ingest.sample").joinpath("questions.csv"))))


def load_questions(paths: Iterable[Path]) -> list[TrainingQuestion]:
    """Read questions in order; raises ValueError naming file and line for the first that is not in form."""
    return [item for path in paths for item in (_of_items(path) if path.suffix == ".csv" else _read(path))]


def _of_items(path: Path) -> Iterator[TrainingQuestion]:
    """Questions written for items (document_id;key;question): they are put to the documents, more is not known."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in [row for row in csv.reader(file, delimiter=";") if len(row) == 3][1:]:
            yield TrainingQuestion(q=row[2], text=row[2], spans=(), writer="items", scope="documents", heads=("scope",))


def _read(path: Path) -> Iterator[TrainingQuestion]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                raw = json.loads(line)
                text, spans = unmarked(raw["q"])
                yield TrainingQuestion(**{**raw, "text": text, "spans": spans, "writer": path.stem})
            except ValidationError as error:
                first = error.errors()[0]
                statement = f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
                raise ValueError(f"{path.name}, line {number}: {statement}") from None
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from None


def unmarked(marked: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """The text without marks, and where the marked values stand in it; raises ValueError for a broken mark."""
    spans: list[tuple[int, int, str]] = []
    text, done = "", 0
    for mark in _MARK.finditer(marked):
        text += marked[done : mark.start()]
        spans.append((len(text), len(text) + len(mark[1]), mark[2]))
        text, done = text + mark[1], mark.end()
    text += marked[done:]
    if "[[" in text or "]]" in text:
        raise ValueError("q has a mark that is not [[value|kind]]")
    return text, tuple(spans)


def framing(questions: Iterable[TrainingQuestion]) -> dict[str, float]:
    """Which words frame a question ("Überblick", "Stand") and are seldom what it is about.

    By stem the share of its German questions in which it stands outside of values.

    A question in which nobody marked a value says nothing, nor one that is not put to the papers.
    """
    seen: Counter[str] = Counter()
    framed: Counter[str] = Counter()
    for question in questions:
        if (
            question.language == "de"
            and question.writer != "items"
            and question.spans
            and question.scope == "documents"
        ):
            for match in _TOKEN.finditer(question.text):
                stem = _STEMMER.stemWord(fold(match[0]))
                seen[stem] += 1
                framed[stem] += all(match.start() >= span.end or match.end() <= span.start for span in question.spans)
    shares = {stem: framed[stem] / (number + DOUBT) for stem, number in seen.items() if number >= LEAST_OFTEN}
    return {stem: round(share, 2) for stem, share in sorted(shares.items()) if share >= LEAST}


def framed(shares: dict[str, float]) -> str:
    """Those shares as a file."""
    return json.dumps(shares, ensure_ascii=False, separators=(",", ":")) + "\n"
