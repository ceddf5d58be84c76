"""The commands `model check`, `model read` and `questions write`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service.backup import make_store
from service.cli.ingestion import written_questions
from service.cli.ingestion.editions import publish_with_questions
from service.cli.ingestion.reading import read as read_anew
from service.composition import ANSWER_TOKENS, make_ingest_model
from service.records import labels
from service.terminal import (
    CommandError,
    CommandLine,
    DataDir,
    Exit,
    console,
    error_console,
    errors_as_sentences,
    fail,
    format_tokens,
    option,
    print_notice,
    print_table,
    print_text,
    progress_bar,
    require_agreed,
    settings_for,
    write_audit_entry,
)

if TYPE_CHECKING:
    from service import Settings
    from service.cli.question_writing.batches import Batch
    from service.language_models import Failure, ModelAccess
    from vectorstore import Edition, EditionStore

app = CommandLine(say("commands.models_help"))
Documents = Annotated[
    list[str] | None, option("--document", "commands.only_document", metavar="ID")
]
Yes = Annotated[bool, typer.Option("--yes", help="Nicht fragen, bevor es etwas kostet")]


@app.command(
    epilog="Beispiel: strategielotse model check --model openai:qwen3:8b@http://127.0.0.1:11434/v1"
)
def check(
    model: Annotated[
        str | None, option("--model", "commands.model_instead", metavar="MODELL")
    ] = None,
    wait: Annotated[float, option("--wait", "commands.model_wait", min=1)] = 60.0,
    data_dir: DataDir = None,
) -> None:
    """Sagt, was das Sprachmodell kann und was einzustellen ist; Ende mit 1, wo es für Antworten
    nicht taugt.
    """
    from service.cli.model_check import ModelChecks
    from service.language_models import LangChainModel, model_name

    settings = settings_for(data_dir, answer_model=model)
    if settings.answer_model is None:
        raise fail(say("model_check.none"))
    name = model_name(settings.answer_model)
    build = partial(LangChainModel, settings.answer_model, tokens=ANSWER_TOKENS, seconds=wait)
    trials = ModelChecks(build, settings.model_seconds, settings.request_seconds, wait)
    console.print(f"Sprachmodell {name.name} ({name.host})")
    usable = judges = True
    for outcome in trials.results():
        if outcome.is_of_judge:
            judges = outcome.ok
        else:
            usable = usable and outcome.ok
        sign = "✓" if outcome.ok else "✗"
        console.print(f"{sign} {outcome.title}: {outcome.message}")
    if not usable:
        print_text("model_check.unusable")
        raise typer.Exit(Exit.REJECTED)
    advice = say("model_check.to_set") if model else ""
    console.print(say("model_check.usable" if judges else "model_check.verbatim") + advice)


@app.command(epilog="Beispiel: strategielotse model read --document klima-2026")
def read(document: Documents = None, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Lässt ein Sprachmodell sagen, welche Titel in Dokumenten Einträge sind, wo das offen ist;
    Ende mit 1, wo etwas offen bleibt.
    """
    _run(ModelRun.answer_questions, "records asked", document or (), data_dir, yes=yes)


def write(document: Documents = None, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Lässt ein Sprachmodell Fragen zu Einträgen schreiben; Ende mit 1, wo welche ohne Fragen
    blieben.
    """
    _run(ModelRun.write_questions, "questions written", document or (), data_dir, yes=yes)


def _run(
    step: Callable[[ModelRun], bool],
    action: str,
    documents: Sequence[str],
    data_dir: DataDir,
    *,
    yes: bool,
) -> None:
    """Run a step with the configured model, and write `action` to the audit log.

    `documents` are ids, () for all. Raises typer.Exit: at once without a model or for an unknown
    id; if the step is not complete, afterwards, since it stores what it has.
    """
    settings = settings_for(data_dir)
    with errors_as_sentences(settings):
        access = make_ingest_model(settings)
        if access is None:
            raise CommandError(say("model_work.no_model"))
        store = make_store(settings)
        with closing(store.open()) as edition:
            for name in documents:
                if name not in edition.catalogue.documents:
                    raise CommandError(say("model_work.no_document", name=name))
        is_complete = step(ModelRun(settings, access, store, documents, yes=yes))
        write_audit_entry(settings, action, ", ".join(documents) or say("model_work.all_documents"))
    if not is_complete:
        raise typer.Exit(Exit.REJECTED)


@dataclass(frozen=True, slots=True)
class ModelRun:
    """A run of the model over published documents; `documents` are their ids, () for all.

    With `yes` nobody is asked to agree to the cost. Methods raise CommandError, StoreError.
    """

    settings: Settings
    access: ModelAccess
    store: EditionStore
    documents: Sequence[str]
    yes: bool

    def answer_questions(self) -> bool:
        """Have the model answer which titles are records where that is open, and read the documents
        for which it gave answers again.

        The expected cost is told before, that of its replies after. Returns False if questions are
        left open, or if a document is rejected.
        """
        from service.cli.ingestion import model_answers
        from service.cli.ingestion.uploads import UploadReader

        access, limits, reader = self.access, self.access.limits, UploadReader(self.settings)
        with closing(self.store.open()) as edition:
            documents = edition.catalogue.documents
            chosen = [documents[name] for name in self.documents or documents]
            requests = model_answers.open_requests(reader, chosen)
            edition_name, originals = edition.name, set(edition.originals)
        if not requests:
            print_text("model_work.nothing")
            return True
        number, expected = model_answers.expected_tokens(self.settings, access, requests.values())
        print_text(
            "model_work.price",
            name=access.name,
            host=access.host,
            requests=labels.format_with_noun(number, "Anfrage", "Anfragen"),
            tokens=format_tokens(expected, limits),
        )
        require_agreed(expected, limits, yes=self.yes)
        done = model_answers.answer_questions(reader, edition_name, requests)
        for name, note in done.notes.items():
            error_console.print(f"{name}: {note}")
        print_text("model_work.answered", tokens=format_tokens(done.tokens, limits))
        for name in sorted({*done.answered} - originals):
            print_text("model_work.later", name=name)
        again = tuple(name for name in done.answered if name in originals)
        are_read = True
        if again:
            report = read_anew(self.settings, again=True, add=True, only=again)
            print_table(report.table())
            are_read = not report.rejected
        return are_read and not done.notes and len(done.answered) == len(requests)

    def write_questions(self) -> bool:
        """Have the model write the missing questions for items, and publish them.

        Also publishes questions that an earlier run has written but not published. Returns False if
        items are left without questions.
        """
        with closing(self.store.open()) as edition:
            batches = self._missing_batches(edition)
        complete = self._write_missing(batches) if batches else True
        # opened anew, for another edition may have been published meanwhile; what was written is in
        # the cache
        with self.store.writing(), closing(self.store.open()) as edition:
            questions = written_questions.stored_questions(self.settings, edition, self.documents)
            published = publish_with_questions(self.store, edition, questions)
        change = say("model_work.published" if published.changed else "model_work.unchanged")
        print_text(
            "model_work.edition",
            name=published.name,
            change=change,
            questions=len(questions),
            by_model=sum(bool(question.origin) for question in questions),
        )
        return complete

    def _missing_batches(self, edition: Edition) -> list[Batch]:
        """Return the items of an edition for which the model has not written questions yet, in
        batches.
        """
        return written_questions.missing_questions(
            self.settings, edition, self.access.name, self.documents
        )

    def _write_missing(self, batches: Sequence[Batch]) -> bool:
        """Have the model write questions if the cost is agreed to, and print the result.

        What it wrote is only in the cache then. Returns False if items are left without questions;
        another run goes on with them.
        """
        from service.cli.question_writing.batches import expected_tokens

        access, limits = self.access, self.access.limits
        items, tokens = sum(len(batch.items) for batch in batches), expected_tokens(batches)
        print_text(
            "model_work.questions_price",
            items=items,
            name=access.name,
            host=access.host,
            requests=labels.format_with_noun(len(batches), "Anfrage", "Anfragen"),
            tokens=format_tokens(tokens, limits),
        )
        require_agreed(tokens, limits, yes=self.yes)
        with progress_bar() as progress:
            outcome = written_questions.write_questions(self.settings, access, batches, progress)
        written = say(
            "model_work.questions_written",
            questions=outcome.questions,
            items=outcome.items,
            dropped=outcome.dropped,
        )
        console.print(f"{written} {format_tokens(outcome.tokens, limits)}.")
        self._print_failure(outcome.failure)
        if outcome.is_useless:
            print_notice("model_work.useless", name=access.name)
        items_left = items - outcome.items
        if items_left:
            print_notice("model_work.left", left=items_left, items=items)
        return not items_left

    def _print_failure(self, failure: Failure | None) -> None:
        """Print why the model failed, and that another run goes on from here; nothing for None."""
        from service.language_models import failure_text

        if failure is not None:
            reason = failure_text(failure, self.access.limits.seconds)
            error_console.print(f"{self.access.name} ({self.access.host}): {reason}")
            print_notice("model_work.goes_on")
