"""Has a language model answer which similar titles in a document are records.

It is asked once for each document; its answers are stored as looks, as if staff had given them,
with the name of the model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import ValidationError

from prompts import fill, say
from service import Settings
from service.backup import make_store
from service.cli.ingestion.asking import FamilyAnswer, ask_kinds, expected_tokens
from service.cli.ingestion.reading import read_again
from service.composition import make_ingest_model
from service.language_models import ModelUnavailable, Tokens, failure_text
from service.office.staff import RecordQuestion, list_record_questions
from service.office.uploads import DocumentReader, ReportProgress, StaffLook
from service.records import labels
from service.terminal import format_tokens
from vectorstore.language import collapse_spaces

if TYPE_CHECKING:
    from ingest import IngestReport
    from vectorstore.records import Document

_QUESTION = "de/model/records_question"
# characters: title, before it, of its page
_MOST_TITLE = 200
_BEFORE = 300
_MOST_PAGE = 2_500


@dataclass(slots=True)
class ModelAnswers:
    """The ids of documents for which a model answered questions, and the tokens of the requests;
    `notes` has a sentence, by id, for each document for which it left some open.
    """

    answered: dict[str, None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def sentence(self) -> str:
        """The text for people on the answers, "" if there is nothing to say."""
        sentences = [say("model_answers.answered")] if self.answered else []
        return " ".join(dict.fromkeys([*sentences, *self.notes.values()]))


class LookStore(DocumentReader, Protocol):
    """A reader that stores the looks of records, by document; implemented by `UploadReader`, which
    imports this module.
    """

    @property
    def settings(self) -> Settings:
        """The settings of the data folder."""


def answer_questions(reader: LookStore, edition: str | None, ids: Iterable[str]) -> ModelAnswers:
    """Have the model answer the open questions on documents of an edition, and store its answers.

    Nothing is done if no model is configured. Ends at the first request for which the model is not
    available. A document for which it left questions open, or for which it failed, gets a note.
    """
    access, done = make_ingest_model(reader.settings), ModelAnswers()
    if access is None or edition is None:
        return done
    with closing(make_store(reader.settings).open(edition)) as opened:
        documents = [opened.catalogue.documents[id_] for id_ in ids]
    for document in documents:
        questions = _open_questions(document, reader)
        if not questions:
            continue
        try:
            form, reply = ask_kinds(access, request_of(document, questions))
        except ModelUnavailable as error:
            done.notes[document.id] = failure_text(error.failure, access.limits.seconds)
            return done
        done.tokens = done.tokens.add(reply.read, reply.written)
        answers = _parse(form, len(questions))
        for number, kind in answers.items():
            with suppress(ValueError):  # somebody decided meanwhile
                look = StaffLook(kind, questions[number].examples, access.name)
                reader.add_look(document.id, look)
                done.answered[document.id] = None
        if len(answers) < len(questions):
            done.notes[document.id] = say("model_answers.unanswered", name=access.name)
    return done


def answer_after_reading(
    reader: LookStore, report: IngestReport, tell: ReportProgress | None = None
) -> tuple[IngestReport, ModelAnswers]:
    """Have the model answer the questions on the documents of an ingestion run, and read those for
    which it gave answers again.

    Documents for which anybody decided something before are left out, so that people have the last
    word. Returns the report of the run with the new results and the model's notes (as warnings),
    and the answers.
    """
    settings = reader.settings
    ids = _undecided(settings, [file.id for file in report.files if not file.is_rejected])
    done = answer_questions(reader, report.edition, ids)
    if done.answered:
        again = read_again(settings, report, done.answered, tell)
        files = {file.id: file for file in again.files}
        merged = tuple(files.get(file.id, file) for file in report.files)
        report = replace(report, files=merged, edition=again.edition, draft=again.draft)
    noted = tuple(
        file.with_warnings(done.notes[file.id]) if file.id in done.notes else file
        for file in report.files
    )
    return replace(report, files=noted), done


def _undecided(settings: Settings, ids: Collection[str]) -> list[str]:
    """Return the ids of documents for which nobody ever stored or undid a decision.

    A document whose decisions were all undone still has choices, which are empty.
    """
    from ingest import has_choices

    texts = make_store(settings).texts
    return [id_ for id_ in ids if not has_choices(texts, id_)]


def price(reader: LookStore, document: Document) -> str:
    """Return a text on what it costs to have the model answer the open questions on a document.

    "" if there are no open questions, or if no model is configured. All questions on a document are
    one request.
    """
    access = make_ingest_model(reader.settings)
    if access is None:
        return ""
    questions = _open_questions(document, reader)
    if not questions:
        return ""
    tokens = expected_tokens([request_of(document, questions)])
    text = format_tokens(tokens, access.limits)
    return say("model_answers.price", name=access.name, host=access.host, tokens=text)


def open_requests(reader: LookStore, documents: Iterable[Document]) -> dict[str, str]:
    """Return the request on each document with open questions, by id."""
    questions = ((document, _open_questions(document, reader)) for document in documents)
    return {document.id: request_of(document, asked) for document, asked in questions if asked}


def _open_questions(document: Document, reader: LookStore) -> list[RecordQuestion]:
    return list(list_record_questions(document, reader.looks(document.id)))


def request_of(document: Document, questions: Sequence[RecordQuestion]) -> str:
    """Return the request with the questions on a document.

    Each question has its titles, and a part of the page where the first of them is: from a little
    before this title on, so that the model sees what the titles are for.
    """
    pages = _text_by_page(document)
    blocks = []
    for number, question in enumerate(questions, 1):
        first = question.records[0]
        text = pages.get(first.page, document.text)
        start = max(0, text.find(first.title) - _BEFORE)
        blocks.append(
            fill(
                _QUESTION,
                nummer=str(number),
                anzahl=question.many,
                titel="\n".join(_title_lines(question)),
                seite=_shown_page(first.page, text[start : start + _MOST_PAGE]),
            )
        )
    return "\n\n".join(blocks)


def _text_by_page(document: Document) -> dict[int, str]:
    """Return the text of each page by its number, none in a document without pages."""
    ends = [*(page.start for page in document.pages[1:]), len(document.text)]
    return {
        page.number: document.text[page.start : end]
        for page, end in zip(document.pages, ends, strict=False)
    }


def _shown_page(number: int | None, text: str) -> str:
    """Return the text of a page with "| " before each line, so that no line of a document is read
    as part of the request.
    """
    lines = [f"| {line}" for line in text.splitlines() if line.strip()]
    return "\n".join((f"=== Seite {number} ===", *lines))


def _title_lines(question: RecordQuestion) -> Iterator[str]:
    """Yield a line for each title of a question, with its number and its page."""
    for record in question.records:
        name = collapse_spaces(labels.name_of(record))[:_MOST_TITLE]
        yield f"| {name} ({say('reading.page', number=record.page)})"


def _parse(reply: Any, count: int) -> dict[int, str]:
    """Return the kinds in a reply by the index of the question (from 0), for `count` questions.

    In the reply, questions are counted from 1. Parts that have a wrong form or an unknown question
    are ignored; of two answers to a question the first one counts.
    """
    kinds: dict[int, str] = {}
    parts = reply.get("answers") if isinstance(reply, dict) else None
    if not isinstance(parts, list):
        return kinds
    for part in parts:
        try:
            answer = FamilyAnswer.model_validate(part)
        except ValidationError:
            continue
        if answer.question <= count:
            kinds.setdefault(answer.question - 1, answer.kind)
    return kinds
