"""Output of commands: answers, records, documents and progress in the terminal, and the cost of a
model's use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from pydantic_core import to_json
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from prompts import say
from service import wording
from service.records import (
    Answer,
    Citation,
    DocumentView,
    LookupItem,
    LookupResult,
    Notice,
    Record,
    labels,
)
from service.terminal.errors import CommandError

if TYPE_CHECKING:
    from service.language_models import Limits, Tokens

console = Console(highlight=False, markup=False, soft_wrap=True)


def print_text(key: str, **values: object) -> None:
    """Print the text of this key, filled with values."""
    console.print(say(key, **values))


def print_raw(text: str) -> None:
    """Print text as it is, in UTF-8, whatever the terminal's width and encoding.

    JSON and CSV are read by programs, so no line may be wrapped.
    """
    if not text.endswith("\n"):
        text += "\n"
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def print_json(content: object) -> None:
    """Print content, which may have dates, paths and data classes in it, as JSON."""
    print_raw(to_json(content, indent=1, fallback=str).decode())


def print_lines(lines: Sequence[object], most: int = 20) -> None:
    """Print the first `most` lines, indented, and the number of further ones."""
    for line in lines[:most]:
        console.print(f"  {line}")
    if len(lines) > most:
        print_text("commands.more", number=len(lines) - most)


def print_answer(answer: Answer) -> None:
    """Print an answer with its citations, the nearest records, and questions to go on with.

    If the question was not answered, the status is printed first. The last line says by what the
    text was made.
    """
    if answer.status != "answered":
        console.print(labels.ANSWER_STATUSES[answer.status], style="bold")
    for notice in answer.notices:
        console.print(f"({notice.text})", style="yellow")
    console.print(answer.answer)
    if answer.citations:
        console.print("\nQuellen", style="bold")
    for citation in answer.citations:
        _print_citation(citation)
    _print_nearest(answer.nearest)
    _print_more("Weiter fragen", answer.suggestions)
    console.print(f"\n{labels.format_disclosure(answer.generated_by)}", style="dim")


def print_lookup(result: LookupResult) -> None:
    """Print the records that cover a topic, with the reasons why; if none does, the most similar
    ones.
    """
    if not result.covered:
        print_text("serving.no_entry", query=result.query)
    for item in result.items:
        console.print(f"{labels.KINDS[item.kind]} {labels.name_of(item)}", style="bold")
        console.print(f"  {', '.join(item.why)}", style="dim")
        console.print(f"  {item.passage}")
    _print_nearest(result.nearest)


def print_records(records: list[Record], complete: bool | None) -> None:
    """Print records as a table, and how many they are.

    There is a column for the document's id only if they are of several documents. `complete` says
    whether the number is exact: True, False for a lower bound, None if it is unknown.
    """
    several_documents = len({record.document_id for record in records}) > 1
    table = Table("Nr.", "Titel", "Status", "Zuständig")
    if several_documents:
        table.add_column("Dokument")
    for record in records:
        cells = [
            record.ref,
            record.title,
            labels.format_value(record.status),
            labels.format_value(record.responsible),
        ]
        if several_documents:
            cells.append(record.document_id)
        table.add_row(*cells)
    print_table(table)
    console.print(labels.format_item_count(len(records), complete))


def print_documents(documents: list[DocumentView], missing: Mapping[str, list[Notice]]) -> None:
    """Print documents with their record counts, what is missing of each, and warnings.

    `missing` has the notices on what is missing by the document's id. A document that another one
    has replaced is marked.
    """
    for document in documents:
        console.print(document.id, style="bold")
        console.print(f"  {document.title}")
        console.print(
            f"  {labels.metadata_line(document)}: {labels.format_document_counts(document)}"
        )
        gone = labels.format_superseded(document)
        if gone:
            console.print(say("serving.superseded", gone=gone), style="yellow")
        for notice in missing[document.id]:
            console.print(f"  {notice.text}", style="yellow")
        for warning in document.warnings:
            console.print(f"  Hinweis: {warning}", style="yellow")


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal."""
    Console(highlight=False, markup=False).print(table)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """Show a progress bar on stderr for a `with` block; nothing is shown if stderr is no terminal.

    Yields the function that takes a step's name and the share done, 0..1.
    """
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False))
    console = Console(stderr=True, highlight=False)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


def is_terminal() -> bool:
    """True if a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def require_consent(question: str, unasked: str, refused: str) -> None:
    """Ask a person a question that has to be agreed to.

    Raises CommandError with `unasked` if there is no terminal, with `refused` for a "no".
    """
    if not is_terminal():
        raise CommandError(unasked)
    if not typer.confirm(question, default=False, err=True):
        raise CommandError(refused)


def require_agreed(expected: Tokens, limits: Limits, *, yes: bool) -> None:
    """Ask the person to agree if the expected tokens cost something; with `yes` nothing is asked.

    Raises CommandError if the person does not agree. Without a terminal nobody can be asked: then
    it is always raised, even if no prices are configured, since the endpoint may cost something all
    the same.
    """
    costs = limits.cost(expected.read, expected.written) > 0
    if not yes and (costs or not is_terminal()):
        texts = (say(f"serving.{key}") for key in ("ask_model", "costs", "nothing_changed"))
        require_consent(*texts)


def format_tokens(tokens: Tokens, limits: Limits) -> str:
    """Return the numbers of tokens in words, with their cost if prices are configured.

    The cost has no currency: it is that of the configured prices.
    """
    read, written = (
        wording.german_number(f"{tokens.read:,}"),
        wording.german_number(f"{tokens.written:,}"),
    )
    text = f"{read} Token gelesen, {written} geschrieben"
    if limits.price_read or limits.price_written:
        cost = wording.german_number(f"{limits.cost(tokens.read, tokens.written):,.2f}")
        text += f", Kosten {cost}"
    return text


def _print_citation(citation: Citation) -> None:
    """Print a citation in three lines: marker, title and status; the quote; document and page."""
    status = f" ({labels.format_value(citation.item_status)})" if citation.item_status else ""
    console.print(f"[{citation.marker}] {labels.name_of(citation)}{status}", style="bold")
    console.print(f"    „{citation.quote}“")
    console.print(f"    {labels.format_citation(citation)}", style="dim")


def _print_nearest(items: Sequence[Record | LookupItem]) -> None:
    """Print the most similar items under a heading, if there are any."""
    _print_more(say("serving.nearest"), [labels.name_of(item) for item in items])


def _print_more(title: str, lines: list[str]) -> None:
    """Print lines under a heading; nothing if there are none."""
    if lines:
        console.print(f"\n{title}", style="bold")
    for line in lines:
        console.print(f"  {line}")
