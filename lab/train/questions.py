"""Labelled questions, one JSON object per line, a file for each writer; labels that are not given
have defaults.

Values that come from a county's documents are marked in the text: "Wie weit ist der [[Radweg
Nord|title]]?".
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import Stemmer
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, model_validator

from service.answering import AnswerType, Group, Intent, Sort
from vectorstore.language import fold

Scope = Literal[
    "documents",
    "service",
    "elsewhere",
    "live",
    "personal",
    "legal",
    "opinion",
    "smalltalk",
    "insult",
    "injection",
    "danger",
    "unclear",
]
Service = Literal[
    "greeting",
    "thanks",
    "goodbye",
    "abilities",
    "knowledge",
    "identity",
    "privacy",
    "contact",
    "complaint",
    "languages",
    "feedback",
]
Kind = Literal[
    "title", "topic", "ref", "place", "unit", "document", "status", "year", "person", "kind"
]
Language = Literal["de", "en", "nl", "tr", "uk", "pl"]
HEADS = ("scope", "service", "want", "asked", "group", "sort", "yes_no", "followup", "language")
OF_CONTENT = ("documents", "elsewhere")
_CONTENT_HEADS = ("asked", "group", "sort", "followup")
FRAME = "frame.json"
MIN_SHARE = 0.3  # least share of a frame word's occurrences that are outside of marked values
MIN_COUNT = 4  # its least occurrences
SMOOTHING = 3  # occurrences added to the denominator, so that rare words have smaller shares
_TOKEN = re.compile(r"[\w-]*\w")  # a word, with its hyphens
_STEMMER = Stemmer.Stemmer("german")
_MARK = re.compile(r"\[\[([^\[\]|]+)\|([^\[\]|]+)\]\]")  # [[Radweg Nord|title]]


class TrainingSpan(NamedTuple):
    """A marked value: start and end offset in the text without marks, and its kind."""

    start: int
    end: int
    kind: Kind


class TrainingQuestion(BaseModel):
    """One question with its labels for these `heads` of the reader; `q` is the text with marks,
    `text` without.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: str
    text: str = Field(min_length=1, max_length=500)
    spans: tuple[TrainingSpan, ...]
    writer: str
    scope: Scope
    service: Service | None = None
    want: Intent = Intent.NONE
    asked: AnswerType = AnswerType.NOTHING
    group: Group = Group.NOTHING
    sort: Sort = Sort.PAPER
    yes_no: StrictBool = False
    followup: StrictBool = False
    language: Language = "de"
    heads: tuple[str, ...] = HEADS

    @model_validator(mode="after")
    def _agrees(self) -> TrainingQuestion:
        """Refuse labels that contradict the scope: a kind of service is given exactly for questions
        to the service, and something wanted exactly for questions on content. A label that the
        question does not have (`heads`) is not checked.
        """
        if "service" in self.heads and (self.scope == "service") is (self.service is None):
            raise ValueError("service belongs to the scope service, and to no other")
        if "want" in self.heads and (self.scope in OF_CONTENT) is (self.want is Intent.NONE):
            raise ValueError(
                f"want is asked of the scopes {' and '.join(OF_CONTENT)}, and of no other"
            )
        return self

    def label(self, head: str) -> str | None:
        """Return the class of the question for a head; None if it has none or is not labelled.

        Some heads apply only to questions on content, and the heads group and sort only to lists
        and counts. True and False are the classes "yes" and "no".
        """
        if head not in self.heads or (head in _CONTENT_HEADS and self.scope not in OF_CONTENT):
            return None
        if head in ("group", "sort") and self.want not in (Intent.LIST, Intent.COUNT):
            return None
        value = getattr(self, head)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return None if value is None else str(value)


def shipped_files() -> tuple[Path, ...]:
    """Return the shipped files of labelled questions, one for each writer."""
    return tuple(sorted(Path(str(files("lab.train"))).glob("*.jsonl")))


def load_questions(paths: Iterable[Path]) -> list[TrainingQuestion]:
    """Return the questions of files, in order.

    Raises ValueError, which names file and line of the first invalid question.
    """
    return list(chain.from_iterable(map(_read, paths)))


def _read(path: Path) -> Iterator[TrainingQuestion]:
    """Yield the questions of a file of JSON lines; its name is their writer's. Raises ValueError,
    which names the first wrong line.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                raw = json.loads(line)
                text, spans = strip_marks(raw["q"])
                yield TrainingQuestion(**{**raw, "text": text, "spans": spans, "writer": path.stem})
            except ValidationError as error:
                first = error.errors()[0]
                message = f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
                raise ValueError(f"{path.name}, line {number}: {message}") from None
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from None


def strip_marks(marked: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Return the text without marks, and the marked values in it as (start, end, kind), with
    offsets in the text returned: "[[Radweg Nord|title]]?" gives "Radweg Nord?" and (0, 11,
    "title"). Raises ValueError for a broken mark.
    """
    spans: list[tuple[int, int, str]] = []
    text, copied = "", 0
    for mark in _MARK.finditer(marked):
        text += marked[copied : mark.start()]
        spans.append((len(text), len(text) + len(mark[1]), mark[2]))
        text, copied = text + mark[1], mark.end()
    text += marked[copied:]
    if "[[" in text or "]]" in text:
        raise ValueError("q has a mark that is not [[value|kind]]")
    return text, tuple(spans)


def find_frame_words(questions: Iterable[TrainingQuestion]) -> dict[str, float]:
    """Return the words that frame questions ("Überblick", "Stand") and are seldom part of their
    topic.

    The result has stems. Each has the share of its occurrences that are outside of marked values,
    where a topic would be; the rarer a word is, the more its share is lowered (SMOOTHING). Words
    with less than MIN_COUNT occurrences or a share below MIN_SHARE are left out. Only German
    questions on the documents with a marked value are used.
    """
    counts, outside = Counter[str](), Counter[str]()  # by stem
    for question in questions:
        is_german = question.language == "de" and question.scope == "documents"
        if not is_german or not question.spans:
            continue
        for match in _TOKEN.finditer(question.text):
            stem = _STEMMER.stemWord(fold(match[0]))
            counts[stem] += 1
            outside[stem] += all(
                match.start() >= span.end or match.end() <= span.start for span in question.spans
            )
    shares = {
        stem: outside[stem] / (count + SMOOTHING)
        for stem, count in counts.items()
        if count >= MIN_COUNT
    }
    return {stem: round(share, 2) for stem, share in sorted(shares.items()) if share >= MIN_SHARE}


def format_frame_words(shares: dict[str, float]) -> str:
    """Return the shares as JSON."""
    return json.dumps(shares, ensure_ascii=False, separators=(",", ":")) + "\n"
