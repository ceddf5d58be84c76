"""The commands `model check` and `model read`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service import ModelAdvice, make_database, store_advice
from service.backup import make_store
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
    fail,
    format_tokens,
    option,
    print_table,
    print_text,
    require_agreed,
    settings_for,
    write_audit_entry,
)

if TYPE_CHECKING:
    from service import Settings
    from service.cli.model_check import CheckResult
    from service.language_models import ModelAccess

app = CommandLine(say("commands.models_help"))


@app.command(
    epilog="Beispiel: strategielotse model check --model openai:qwen3:8b@http://127.0.0.1:11434/v1"
)
def check(
    model: Annotated[
        str | None, option("--model", "commands.model_instead", metavar="MODELL")
    ] = None,
    wait: Annotated[float, option("--wait", "commands.model_wait", min=1)] = 60.0,
    anyway: Annotated[bool, option("--anyway", "commands.model_anyway")] = False,
    data_dir: DataDir = None,
) -> None:
    """Sagt, was das Sprachmodell kann und was einzustellen ist; Ende mit 1, wo es für Antworten
    nicht taugt. Der Dienst hält sich daran, sobald er neu startet.
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
    outcomes = []
    for outcome in trials.results():
        outcomes.append(outcome)
        sign = "✓" if outcome.ok else "✗"
        console.print(f"{sign} {outcome.title}: {outcome.message}")
    advice = _advice_of(outcomes)
    kept = _advice_to_keep(outcomes, anyway=anyway)
    if kept is not None:
        with closing(make_database(settings)) as database:
            store_advice(database, settings.answer_model, kept)
    if advice is ModelAdvice.WITHOUT:
        print_text("model_check.unusable")
        if kept is not None:
            print_text("model_check.insisted" if anyway else "model_check.not_used")
        raise typer.Exit(Exit.REJECTED)
    key = "usable" if advice is ModelAdvice.WITH_JUDGE else "verbatim"
    console.print(say(f"model_check.{key}") + (say("model_check.to_set") if model else ""))


def _advice_of(outcomes: Sequence[CheckResult]) -> ModelAdvice:
    """What to do with a model of which these checks were made."""
    if not all(outcome.ok or outcome.is_of_judge for outcome in outcomes):
        return ModelAdvice.WITHOUT
    if not all(outcome.ok for outcome in outcomes):
        return ModelAdvice.VERBATIM
    return ModelAdvice.WITH_JUDGE


def _advice_to_keep(outcomes: Sequence[CheckResult], *, anyway: bool) -> ModelAdvice | None:
    """The advice that the service follows; None where the server failed or was slow, which may
    pass. Who wants a model `anyway` has it word answers, and judge them if it can.
    """
    is_reachable = outcomes[0].ok
    if anyway and is_reachable:
        return _advice_of([outcome for outcome in outcomes if outcome.is_of_judge])
    if all(outcome.ok or outcome.is_of_model for outcome in outcomes):
        return _advice_of(outcomes)
    return None


@app.command(epilog="Beispiel: strategielotse model read --document klima-2026")
def read(
    document: Annotated[
        list[str] | None, option("--document", "commands.only_document", metavar="ID")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Nicht fragen, bevor es etwas kostet")] = False,
    data_dir: DataDir = None,
) -> None:
    """Lässt ein Sprachmodell sagen, welche Titel in Dokumenten Einträge sind, wo das offen ist;
    Ende mit 1, wo etwas offen bleibt.
    """
    settings, names = settings_for(data_dir), document or ()
    access = make_ingest_model(settings)
    if access is None:
        raise CommandError(say("model_work.no_model"))
    is_complete = _answer_questions(settings, access, names, yes=yes)
    done_for = ", ".join(names) or say("model_work.all_documents")
    write_audit_entry(settings, "records asked", done_for)
    if not is_complete:
        raise typer.Exit(Exit.REJECTED)


def _answer_questions(
    settings: Settings, access: ModelAccess, names: Sequence[str], *, yes: bool
) -> bool:
    """Have the model answer which titles are records where that is open, and read the documents
    for which it gave answers again.

    `names` are ids of published documents, () for all. The expected cost is told before, that of
    the replies after; with `yes` nobody is asked to agree to it. Returns False if questions are
    left open, or if a document is rejected. Raises CommandError, also for an unknown id, and
    StoreError.
    """
    from service.cli.ingestion import model_answers
    from service.cli.ingestion.asking import expected_tokens
    from service.cli.ingestion.uploads import UploadReader

    limits, reader = access.limits, UploadReader(settings)
    with closing(make_store(settings).open()) as edition:
        documents = edition.catalogue.documents
        for name in names:
            if name not in documents:
                raise CommandError(say("model_work.no_document", name=name))
        chosen = [documents[name] for name in names or documents]
        requests = model_answers.open_requests(reader, chosen)
        edition_name, originals = edition.name, set(edition.originals)
    if not requests:
        print_text("model_work.nothing")
        return True
    expected = expected_tokens(requests.values())
    print_text(
        "model_work.price",
        name=access.name,
        host=access.host,
        requests=labels.format_with_noun(len(requests), "Anfrage", "Anfragen"),
        tokens=format_tokens(expected, limits),
    )
    require_agreed(expected, limits, yes=yes)
    done = model_answers.answer_questions(reader, edition_name, requests)
    for name, note in done.notes.items():
        error_console.print(f"{name}: {note}")
    print_text("model_work.answered", tokens=format_tokens(done.tokens, limits))
    for name in sorted({*done.answered} - originals):
        print_text("model_work.later", name=name)
    again = tuple(name for name in done.answered if name in originals)
    are_read = True
    if again:
        report = read_anew(settings, again=True, add=True, only=again)
        print_table(report.table())
        are_read = not report.rejected
    return are_read and not done.notes and len(done.answered) == len(requests)
