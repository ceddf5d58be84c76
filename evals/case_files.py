"""Cases: questions with the behaviour, items and facts that are expected, one JSON object per
line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files as package_files
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from prompts import load_words, say
from service.terminal import CommandError

Ref = tuple[str, str]
_ANSWERS = ("answer", "answer_or_note")
_SHIPPED = Path(str(package_files("evals"))) / "cases"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Refs = tuple[tuple[Text, Text], ...]  # items, each as [document id, ref]


class CaseError(CommandError):
    """Case files are invalid; `problems` has a German text for each wrong line: "faelle.jsonl,
    Zeile 3: …".
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseTurn(_Shape):
    """One turn of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: Text = Field(max_length=4000)


class Overview(_Shape):
    """What an overview of a broad topic cites; a part of an item counts as the item.

    `core`: items that nobody objects to as first named; one is among the first three citations.
    `topic`: all that belongs to the topic; nothing else is among the first three. `at_least`: how
    many different items of both are cited.
    """

    core: Refs = Field(min_length=1)
    topic: Refs = Field(min_length=1)
    at_least: int = Field(ge=2, le=5)

    @property
    def items(self) -> tuple[Ref, ...]:
        """All items of the topic, its core first."""
        return tuple(dict.fromkeys(self.core + self.topic))


class Expectation(_Shape):
    """What a right answer does: answers or abstains, cites these items, says these facts and
    nothing forbidden.

    `behavior` "abstain": any status but `answered`; "answer_or_note": a right answer, or none with
    a note on the languages understood; "about_service": the status `about_service`; "open": nobody
    has said yet what is right, so it is asked and shown, and counts nowhere.
    """

    behavior: Literal["answer", "abstain", "answer_or_note", "about_service", "open"]
    citations_any: Refs = ()  # right items; one of them, or a part of it, is enough
    citations_all: Refs = ()  # items that must all be cited
    # each as a list of accepted spellings
    facts: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = ()
    # what else a reader marked as fitting where nothing is claimed; others do not fit
    fits: Refs = ()
    forbidden: tuple[Text, ...] = ()  # what the answer must not say
    count: int | None = Field(None, ge=0)  # the exact number that must be told
    overview: Overview | None = None
    # What the answer begins with: yes or no, or the status in its first sentence.
    verdict: Literal["yes", "no", "idea", "planned", "in_progress", "implemented"] | None = None

    @model_validator(mode="after")
    def _is_checkable(self) -> Expectation:
        """Raise ValueError for an expectation that cannot be checked.

        These are an expected answer that nothing can prove (no item, fact, count or verdict), such
        a proof where no answer is expected, and an overview that also names items to cite, as it
        names all.
        """
        cited = self.citations_any or self.citations_all or self.overview
        proof = cited or self.facts or self.count is not None or self.verdict
        answers = self.behavior in _ANSWERS
        if answers and not proof:
            raise ValueError(say("cases.answer_needs_proof"))
        if not answers and proof:
            raise ValueError(say("cases.nothing_to_prove"))
        if self.overview and (self.citations_any or self.citations_all):
            raise ValueError(say("cases.overview_names_all"))
        return self


class Case(_Shape):
    """One question with what is expected of its answer.

    `type` is the kind of question, by which results are grouped; `corpus` the papers that it is
    asked over: the id of one, or the name of a set. `distance` is that of a question that is not
    answered: near a thing of the documents, or far from all. `treated` is False if no document
    treats the matter at all, so that nothing is to be found either. `pages_by_document` are the
    pages that prove the answer, `lines_by_document` lines of its file where it has no pages, both
    from 1. `pages` repeats those of a single document for who reads the file.
    """

    id: Text = Field(max_length=80)
    type: Text = Field(max_length=40)
    question: Text = Field(max_length=500)
    history: tuple[CaseTurn, ...] = Field((), max_length=20)
    corpus: Text | None = Field(None, max_length=80)
    language: str = Field("de", pattern=r"^[a-z]{2,3}$")  # in which the question is asked
    distance: Literal["near", "far"] | None = None
    treated: bool | None = None
    expect: Expectation
    pages: tuple[int, ...] = ()
    pages_by_document: dict[str, tuple[int, ...]] = {}
    lines_by_document: dict[str, tuple[int, ...]] = {}
    note: str = ""  # where it is proven, in own words

    @property
    def answerable(self) -> bool:
        """True if an answer is expected, or a notice in its place is accepted."""
        return self.expect.behavior in _ANSWERS

    @property
    def right_refs(self) -> tuple[Ref, ...]:
        """All right items, first those of which one is enough."""
        return self.expect.citations_any + self.expect.citations_all


def load_cases(*paths: Path) -> list[Case]:
    """Return the cases of these files in order; raises CaseError with every wrong line."""
    return list(chain.from_iterable(load_files(paths).values()))


def load_files(paths: Iterable[Path]) -> dict[Path, list[Case]]:
    """Return the cases of each file.

    Raises CaseError, which names all wrong lines, and all ids that occur twice in one file or in
    several, or else the first file that cannot be read.
    """
    problems, files = list[str](), dict[Path, list[Case]]()
    position_of_id: dict[str, str] = {}  # "faelle.jsonl, Zeile 3"
    for path in paths:
        files[path] = []
        for number, result in _read(path):
            position = say("cases.line", name=path.name, number=number)
            if isinstance(result, str):
                problems.append(f"{position}: {result}")
            elif result.id in position_of_id:
                problems.append(
                    f"{position}: id: {result.id} gibt es schon ({position_of_id[result.id]})"
                )
            else:
                position_of_id[result.id] = position
                files[path].append(result)
    if problems:
        raise CaseError(*problems)
    return files


def shipped_cases() -> tuple[Path, ...]:
    """Return the shipped files of cases over the sample corpus, without held ones."""
    return tuple(sorted(path for path in _SHIPPED.glob("sample-*.jsonl") if not is_held(path)))


def is_shipped(path: Path) -> bool:
    """True for a shipped file of cases over the sample corpus, held or not."""
    return path.resolve().parent == _SHIPPED.resolve() and path.name.startswith("sample-")


def is_held(path: Path) -> bool:
    """True for a file of held cases: only measured, neither shown nor used for training."""
    return path.stem.endswith("-held")


def _read(path: Path) -> Iterator[tuple[int, Case | str]]:
    """Yield each line number from 1 with its case, or with what is wrong in German; empty lines are
    skipped. Raises CaseError if the whole file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise CaseError(f"{path.name}: {say('cases.not_utf8', start=error.start)}") from error
    except OSError as error:
        raise CaseError(
            f"{path.name}: {say('cases.not_readable', strerror=error.strerror)}"
        ) from error
    yield from (
        (number, _parse(line)) for number, line in enumerate(lines, start=1) if line.strip()
    )


def _parse(line: str) -> Case | str:
    """Return the case of a line, or what is wrong with the line, in German."""
    try:
        return Case.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        return say("cases.not_json", colno=error.colno, msg=error.msg)
    except RecursionError:
        return say("cases.too_deep")
    except ValidationError as error:
        return "; ".join(map(_describe, error.errors(include_url=False)))


def _describe(error: ErrorDetails) -> str:
    """Return what is wrong with a field, in German: "expect.count: muss eine ganze Zahl sein". The
    message of pydantic is kept if there is no German one for its type. A fault of the whole line,
    not of a field, is said of the line.
    """
    field = ".".join(map(str, error["loc"]))
    # {"max_length": "80"}
    values = {name: str(value) for name, value in error.get("ctx", {}).items()}
    form = load_words("de/case_problems").get(error["type"])
    text = error["msg"]
    if "error" in values:  # the text of `Expectation`'s own check
        text = values["error"]
    elif form:
        text = form.format(**values).replace(" or ", " oder ")
    if not field:
        return say("cases.the_line", said=text)
    return f"{field}: {text}"
