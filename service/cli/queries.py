"""Commands that only read: ask, lookup, projects, documents."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer
from pydantic import ValidationError

from prompts import say
from service.answering.query import UnknownValue
from service.completeness import Completeness
from service.composition import make_holder, make_store
from service.csv_export import records_csv
from service.list_queries import ItemQuery
from service.models import MAX_QUESTION, ChatRequest
from service.pages import labels
from service.record_filters import fold
from service.record_terms import is_moment
from service.records import document_list, record_list
from service.terminal.errors import CommandError, DataDir, errors, fail, sentences, settings_for
from service.terminal.output import print_answer, print_documents, print_lookup, print_raw, print_records
from vectorstore.records import ItemKind, ItemStatus

STATUS_WORDS = ", ".join(f"{one.value} ({labels.STATUSES[one]})" for one in ItemStatus)
MOMENTS = say("commands.moments")
AsJson = Annotated[bool, typer.Option("--json", help=say("commands.as_json"))]


class Format(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def ask(
    question: Annotated[str, typer.Argument(metavar="FRAGE", help="Höchstens 500 Zeichen")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Beantwortet eine Frage."""
    settings = settings_for(data_dir)
    request = request_for(question)
    with sentences(settings), make_holder(settings).lease() as served:
        answer = served.answers.answer(request)
    if as_json:
        print_raw(answer.model_dump_json(indent=1))
    else:
        print_answer(answer)


def lookup(
    topic: Annotated[str, typer.Argument(metavar="THEMA", help="Höchstens 500 Zeichen")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Zeigt, welche Ziele und Projekte ein Thema abdecken."""
    settings = settings_for(data_dir)
    from service.answering.tools.lookups import looked_up

    question = request_for(topic).question
    with sentences(settings), make_holder(settings).lease() as served:
        result = looked_up(served.answers.tools(), question)
    if as_json:
        print_raw(result.model_dump_json(indent=1))
    else:
        print_lookup(result)


def status_of(asked: str | None) -> ItemStatus | None:
    """Return a status by its name, or by the word that tables print for it; ends the command for another."""
    names = {fold(name): one for one in ItemStatus for name in labels.status_names(one)}
    if asked and asked.strip() and fold(asked) not in names:
        raise fail(say("commands.no_such_status", asked=asked, status_words=STATUS_WORDS))
    return names[fold(asked)] if asked and asked.strip() else None


def moment_of(asked: str | None) -> str | None:
    """Return a moment as it is given, None for none; ends the command for what the calendar does not have."""
    given = (asked or "").strip()
    if given and not is_moment(given):
        raise fail(say("commands.no_such_moment", asked=given, moments=MOMENTS))
    return given or None


def projects(
    document: Annotated[str | None, typer.Option("--document", help="Id eines Dokuments")] = None,
    theme: Annotated[str | None, typer.Option("--theme", help=say("commands.theme_filter"))] = None,
    goal: Annotated[str | None, typer.Option("--goal", help=say("commands.goal_filter"))] = None,
    status: Annotated[str | None, typer.Option("--status", help=f"Stand des Projekts: {STATUS_WORDS}")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help=say("commands.unit_filter"))] = None,
    municipality: Annotated[str | None, typer.Option("--municipality", help="Kommune")] = None,
    topic: Annotated[str | None, typer.Option("--topic", help=say("commands.topic_filter"))] = None,
    since: Annotated[str | None, typer.Option("--from", help=f"Termin ab {MOMENTS}")] = None,
    until: Annotated[str | None, typer.Option("--until", help=f"Termin bis {MOMENTS}")] = None,
    form: Annotated[Format, typer.Option("--format", help="Ausgabeform")] = Format.TABLE,
    data_dir: DataDir = None,
) -> None:
    """Listet Projekte auf, alle, die passen."""
    settings = settings_for(data_dir)
    named = {"document": document, "theme": theme, "goal": goal, "unit": unit, "municipality": municipality}
    times = {"from": moment_of(since), "until": moment_of(until)}
    query = ItemQuery.model_validate({**named, **times, "topic": topic, "status": status_of(status)})
    with sentences(settings), make_holder(settings).lease() as served:
        filters = query.filters((ItemKind.PROJECT,))
        try:
            selected = served.answers.tools(filters.documents).select(filters)
        except UnknownValue as error:
            raise CommandError(str(error)) from None
        found = record_list(selected, served.edition.catalogue, served.edition.name, 1, None)
    if form is Format.JSON:
        print_raw(found.model_dump_json(indent=1))
        return
    for notice in found.notices:
        errors.print(notice.text)
    if form is Format.CSV:
        print_raw(records_csv(found.items))
    else:
        print_records(found.items, found.complete, several_documents=len({one.document_id for one in found.items}) > 1)


def documents(data_dir: DataDir = None) -> None:
    """Listet auf, welche Dokumente eingelesen sind."""
    settings = settings_for(data_dir)
    with sentences(settings), closing(make_store(settings).open()) as edition:
        found = document_list(edition.catalogue, edition.name, 1, None)
        documents = edition.catalogue.documents
        missing = {one: Completeness.of([document], ItemKind).notices() for one, document in documents.items()}
    print_documents(found.items, missing)


def request_for(question: str) -> ChatRequest:
    """Return a question as a request; ends the command where it is empty or too long."""
    try:
        return ChatRequest(question=question)
    except ValidationError:
        raise fail(f"Die Frage muss 1 bis {MAX_QUESTION} Zeichen haben.") from None
