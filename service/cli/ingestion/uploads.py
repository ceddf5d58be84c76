"""Reads documents that staff upload, and stores decisions of staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompts import say
from service import Settings
from service.backup import make_store
from service.cli.ingestion import model_answers
from service.cli.ingestion.editions import confirm_metadata
from service.cli.ingestion.reading import read
from service.office.uploads import (
    METADATA_PARSERS,
    NO_RECORDS,
    OPEN,
    DecidedPairs,
    ExampleTrial,
    FileOutcome,
    ReadingFailed,
    ReadingOutcome,
    ReadingRequest,
    ReportProgress,
    ReviewedDocument,
    StaffLook,
)

if TYPE_CHECKING:
    from ingest import Look
    from vectorstore import Texts
    from vectorstore.records import Document, ParsedDocument


@dataclass(frozen=True, slots=True)
class UploadReader:
    """Reads uploaded documents into drafts of one data folder.

    The methods are described at `service.office.uploads.requests.DocumentReader`.
    """

    settings: Settings

    @property
    def _texts(self) -> Texts:
        """The texts that are stored beside the editions, among them the decisions of staff."""
        return make_store(self.settings).texts

    def read(self, request: ReadingRequest, folder: Path, tell: ReportProgress) -> ReadingOutcome:
        """Read documents into a draft; the draft that they are read from is dropped if they are now
        as they are in another edition.
        """
        outcome = self._read(request, folder, tell)
        base, store = request.base, make_store(self.settings)
        if base is not None and base != outcome.edition and base in store.drafts():
            store.drop(base)
        return outcome

    def _read(self, request: ReadingRequest, folder: Path, tell: ReportProgress) -> ReadingOutcome:
        """Read files of a folder into a draft beside the published documents, or read documents of
        a draft again.

        If people only typed metadata, nothing need be read again, unless a title changed
        (`confirm_metadata`). Otherwise the model, if asked for, answers before the documents are
        read, since reading uses what it said. After new files it answers too. The outcome names a
        draft only if there is one: equal documents make none.
        """
        answers = {
            document_id: _metadata_values(typed) for document_id, typed in request.answers.items()
        }
        if answers and request.base is not None:
            confirmed = confirm_metadata(self.settings, request.base, answers)
            if confirmed is not None:
                is_draft = confirmed in make_store(self.settings).drafts()
                return ReadingOutcome(confirmed, draft=is_draft, files=())
        by_model = model_answers.ModelAnswers()
        if request.asks:
            by_model = model_answers.answer_questions(self, request.base, request.only)
        report = read(
            self.settings,
            tell,
            paths=tuple(folder / name for name in request.files),
            add=True,
            again=request.base is not None,
            only=request.only,
            draft=True,
            base=request.base,
            answers=answers,
            provenance=request.provenance,
        )
        if request.files:
            report, by_model = model_answers.answer_after_reading(self, report, tell)
        files = tuple(
            FileOutcome(file.file, taken=not file.is_rejected, told=file.summary)
            for file in report.files
        )
        told = by_model.sentence if report.draft else ""
        return ReadingOutcome(report.edition, report.draft, files, told)

    def review(
        self, parsed: ParsedDocument, before: ParsedDocument | None, report: Mapping[str, Any]
    ) -> ReviewedDocument:
        """Return a document of a draft prepared for review.

        `before` is the published one. Warnings of the run are shown unless the document has them
        itself. `missed` are rows and headings without a record, which staff can make records;
        `taken` are those that they made.
        """
        from ingest import load_choices, missed_headings, missed_rows

        document = parsed.document
        choices = load_choices(self._texts, document.id)
        warnings = [
            warning
            for file in report.get("files", ())
            if file["state"] != "rejected" and file["id"] == document.id
            for warning in file.get("warnings", ())
            if warning not in document.warnings
        ]
        return ReviewedDocument(
            parsed,
            before,
            warnings=tuple(warnings),
            missed={
                "rows": [row._asdict() for row in missed_rows(parsed)],
                "headings": [heading._asdict() for heading in missed_headings(parsed)],
            },
            examples=tuple(chain.from_iterable(look.names for look in choices.looks)),
            taken=tuple(claim.name for claim in choices.items),
        )

    def question_price(self, document: ReviewedDocument) -> str:
        """Return a text on what having the model answer the open questions costs."""
        return model_answers.price(self, document.document)

    def make_items(self, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
        """Store that the rows and sections at the offsets `starts` are items of this kind
        ("measure").
        """
        from ingest import add_items

        add_items(self._texts, parsed, starts, kind)

    def looks(self, document_id: str) -> tuple[StaffLook, ...]:
        """Return the stored looks of a document's records, in the form of the service."""
        from ingest import load_choices

        choices = load_choices(self._texts, document_id)
        looks = []
        for look in choices.looks:
            examples = tuple((example.name, example.page) for example in look.examples)
            looks.append(StaffLook(look.kind, examples, look.source))
        return tuple(looks)

    def add_look(self, document_id: str, look: StaffLook) -> None:
        """Store a look of a document's records.

        Raises ValueError if one of its examples was decided on meanwhile (a person's look replaces
        a model's, though), and if there are too many looks.
        """
        from ingest import add_look

        add_look(self._texts, document_id, _stored_form(look))

    def remove_look(self, document_id: str, names: Sequence[str]) -> None:
        """Delete the look with exactly these examples; raises ValueError if it is gone already."""
        from ingest import remove_look

        remove_look(self._texts, document_id, names)

    def try_examples(
        self,
        document: Document,
        path: Path,
        look: StaffLook,
        page: int = 1,
        line: int | None = None,
    ) -> ExampleTrial | float:
        """Return the records in a file that look like the examples, the lines of a page (from 1)
        and, if the look has a kind, how storing it changes the records of the document.

        `line` is the index of a line that becomes a further example, None for none. While the file
        is still being read, the share of it that is read, 0 to 1. Raises ReadingFailed, also for an
        answer whose examples are not followed or on which somebody decided meanwhile.
        """
        from ingest import (
            ReadingLimits,
            RecordExample,
            Rejected,
            TrialRequest,
            entries_around,
            run_trial,
        )

        given = tuple(RecordExample(name=name, page=number) for name, number in look.examples)
        limits = ReadingLimits(seconds=self.settings.read_seconds)
        is_answer = look.kind != OPEN and given
        around = self._texts, document, path
        try:
            entries = entries_around(*around, _stored_form(look)) if is_answer else ()
            trial = run_trial(TrialRequest(path, page, given, line, entries), limits)
        except ValueError:
            raise ReadingFailed(say("review.decided_meanwhile")) from None
        except Rejected as rejection:
            raise ReadingFailed(rejection.reason) from None
        if isinstance(trial, float):
            return trial
        if trial.refused and look.kind not in (OPEN, NO_RECORDS):
            raise ReadingFailed(trial.refused)
        return ExampleTrial(*trial)

    def relations(self) -> DecidedPairs:
        """Return the decisions of staff on pairs of documents: by both ids, the kind of relation
        and the id of the document that counts ("" for both).
        """
        from ingest import load_relations

        return load_relations(self._texts)

    def decide_relation(
        self, ids: tuple[str, str], kind: str, counts: str | None, before: str | None
    ) -> None:
        """Store the decision which document of a pair counts: its id in `counts`, "" for both, None
        to take it back.

        `before` is the decision that the person saw. Raises ValueError if it was changed meanwhile.
        """
        from ingest import decide_relation

        decide_relation(self._texts, ids, kind, counts, before)

    def remove_item(self, document_id: str, name: str) -> None:
        """Delete a record that staff added to a document, by the name of its claim."""
        from ingest import remove_item

        remove_item(self._texts, document_id, name)


def _stored_form(look: StaffLook) -> Look:
    """Return a look in the form in which it is stored."""
    from ingest import Look

    examples = [{"name": name, "page": page} for name, page in look.examples]
    given = {"kind": look.kind, "examples": examples, "source": look.source}
    return Look.model_validate(given)


def _metadata_values(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return metadata that staff typed as values, such as a date for "as_of".

    Fields whose text is no such value, such as "bald" for a date, are left out.
    """
    values = {part: METADATA_PARSERS[part](text) for part, text in typed.items()}
    return {part: value for part, value in values.items() if value is not None}
