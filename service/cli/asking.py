"""The commands `ask`, `lookup` and `projects`; their results are those of the HTTP API."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from prompts import say
from service import MAX_QUESTION
from service.answering import UnknownValue
from service.composition import make_holder
from service.records import ChatRequest, is_moment, labels, records_csv
from service.terminal import (
    AsJson,
    DataDir,
    error_console,
    fail,
    option,
    print_answer,
    print_lookup,
    print_raw,
    print_records,
    settings_for,
)
from service.web import ItemQuery, record_list
from vectorstore.language import fold_umlauts
from vectorstore.records import ItemKind, ItemStatus

STATUS_WORDS = ", ".join(f"{status.value} ({labels.STATUSES[status]})" for status in ItemStatus)
MOMENTS = say("commands.moments")
Text = str | None


Format = Literal["table", "csv", "json"]  # the forms in which a list is printed


def ask(
    question: Annotated[str, typer.Argument(metavar="FRAGE", help="Höchstens 500 Zeichen")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Beantwortet eine Frage."""
    settings, request = settings_for(data_dir), request_for(question)
    with make_holder(settings).lease() as served:
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
    from service.answering import look_up_topic

    settings, question = settings_for(data_dir), request_for(topic).question
    with make_holder(settings).lease() as served:
        hits = look_up_topic(served.answers.tools(), question)
    if as_json:
        print_raw(hits.model_dump_json(indent=1))
    else:
        print_lookup(hits)


def projects(
    document: Annotated[Text, typer.Option("--document", help="Id eines Dokuments")] = None,
    theme: Annotated[Text, option("--theme", "commands.theme_filter")] = None,
    goal: Annotated[Text, option("--goal", "commands.goal_filter")] = None,
    status: Annotated[
        Text, typer.Option("--status", help=f"Stand des Projekts: {STATUS_WORDS}")
    ] = None,
    unit: Annotated[Text, option("--unit", "commands.unit_filter")] = None,
    municipality: Annotated[Text, typer.Option("--municipality", help="Kommune")] = None,
    topic: Annotated[Text, option("--topic", "commands.topic_filter")] = None,
    since: Annotated[Text, typer.Option("--from", help=f"Termin ab {MOMENTS}")] = None,
    until: Annotated[Text, typer.Option("--until", help=f"Termin bis {MOMENTS}")] = None,
    form: Annotated[Format, typer.Option("--format", help="Ausgabeform")] = "table",
    data_dir: DataDir = None,
) -> None:
    """Listet Projekte auf, alle, die passen."""
    settings = settings_for(data_dir)
    filter_values = {
        "document": document,
        "theme": theme,
        "goal": goal,
        "unit": unit,
        "municipality": municipality,
        "topic": topic,
        "status": status_of(status),
        "from": moment_of(since),
        "until": moment_of(until),
    }
    filters = ItemQuery.model_validate(filter_values).filters((ItemKind.PROJECT,))
    with make_holder(settings).lease() as served:
        try:
            selected = served.answers.tools(filters.documents).select(filters)
        except UnknownValue as error:
            raise fail(str(error)) from None
        records = record_list(selected, served.edition)
    if form == "json":
        print_raw(records.model_dump_json(indent=1))
        return
    for notice in records.notices:
        error_console.print(notice.text)
    if form == "csv":
        print_raw(records_csv(records.items))
    else:
        print_records(records.items, records.complete)


def request_for(question: str) -> ChatRequest:
    """Return a question as a request; raises typer.Exit if it is empty or too long."""
    try:
        return ChatRequest(question=question)
    except ValidationError:
        raise fail(f"Die Frage muss 1 bis {MAX_QUESTION} Zeichen haben.") from None


def status_of(asked: str | None) -> ItemStatus | None:
    """Return the status with this name ("planned") or German word; None if none is given.

    Case and umlauts do not matter. Raises typer.Exit for an unknown one.
    """
    names = {
        fold_umlauts(name): status for status in ItemStatus for name in labels.status_names(status)
    }
    folded = fold_umlauts(asked or "")
    if folded and folded not in names:
        raise fail(say("commands.no_such_status", asked=asked, status_words=STATUS_WORDS))
    return names.get(folded)


def moment_of(asked: str | None) -> str | None:
    """Return a day, month or year as it was typed, None if none is given.

    Raises typer.Exit if it is invalid.
    """
    moment = (asked or "").strip()
    if moment and not is_moment(moment):
        raise fail(say("commands.no_such_moment", asked=moment, moments=MOMENTS))
    return moment or None
