"""The commands that export and import CSV tables: `questions`, `decisions` and `contacts`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service import make_database
from service.backup import make_store
from service.cli.ingestion.editions import publish_documents
from service.records import labels
from service.terminal import (
    CommandError,
    CommandLine,
    DataDir,
    Exit,
    argument,
    console,
    option,
    print_lines,
    print_text,
    require_consent,
    settings_for,
    system_user,
    write_audit_entry,
)

if TYPE_CHECKING:
    from service import Settings
    from service.people import Decisions
    from service.records import ContactStore
    from vectorstore import RejectedRow

questions = CommandLine(say("commands.questions_help"))
decisions = CommandLine(say("commands.decisions_help"))
contacts = CommandLine(say("commands.contacts_help"))
OutputFile = Annotated[Path, argument("DATEI", "commands.csv_written")]
_CONTACTS = ("Ansprechstelle", "Ansprechstellen")
InputFile = Annotated[Path, argument("DATEI", "commands.csv_taken")]


@questions.command("export", epilog="Beispiel: strategielotse questions export fragen.csv")
def export_questions(
    file: OutputFile,
    lost: Annotated[bool, option("--lost", "commands.questions_lost")] = False,
    data_dir: DataDir = None,
) -> None:
    """Schreibt die Fragen der Ausgabe als CSV: document_id;key;question, mit Kopfzeile, in
    UTF-8.
    """
    from service.records import table_csv
    from vectorstore import QUESTION_COLUMNS

    settings = settings_for(data_dir)
    with closing(make_store(settings).open()) as edition:
        selected = list(map(asdict, edition.questions.all))
        if lost:
            # those whose item was gone when the edition was made
            selected = list(edition.report.get("questions_lost", ()))
        file.write_text(table_csv(QUESTION_COLUMNS, selected), encoding="utf-8", newline="")
    print_text(
        "commands.questions_exported",
        questions=labels.format_with_noun(len(selected), "Frage", "Fragen"),
        file=file,
    )


@questions.command(
    "import", epilog="Beispiel: strategielotse questions import fragen.csv --replace"
)
def import_questions(
    file: InputFile,
    replace: Annotated[bool, option("--replace", "commands.questions_replace")] = False,
    data_dir: DataDir = None,
) -> None:
    """Nimmt Fragen zu Einträgen auf und veröffentlicht eine Ausgabe mit ihnen; Ende mit 1, wo
    Zeilen abgelehnt sind.
    """
    from vectorstore import add_questions, read_question_table

    settings = settings_for(data_dir)
    table, store = read_question_table(file), make_store(settings)
    with store.writing(), closing(store.open()) as edition:
        items = [item.address for item in edition.catalogue.items]
        merged = add_questions(table, edition.questions.all, items, replace=replace)
        _print_rejected(merged.rejected)
        # an empty table with --replace takes all questions out; one with no valid line is an error
        if table and not merged.added and not merged.duplicates:
            raise CommandError(say("commands.no_line", file=file))
        published = publish_documents(store, edition, edition.catalogue.parsed, merged.questions)
    questions_text = labels.format_with_noun(len(merged.questions), "Frage", "Fragen")
    if published.changed:
        write_audit_entry(settings, "questions imported", f"{published.name}: {questions_text}")
    known_note = say("commands.doubled", number=merged.duplicates) if merged.duplicates else ""
    print_text(
        "commands.questions_read",
        name=published.name,
        change=say(f"commands.questions_{'changed' if published.changed else 'unchanged'}"),
        read=labels.format_with_noun(merged.added + merged.duplicates, "Frage", "Fragen"),
        known=known_note,
        questions=questions_text,
        items=len({question.item for question in merged.questions}),
    )
    if merged.rejected:
        raise typer.Exit(Exit.REJECTED)


@decisions.command("export", epilog="Beispiel: strategielotse decisions export entscheidungen.csv")
def export_decisions(file: OutputFile, data_dir: DataDir = None) -> None:
    """Schreibt alle Entscheidungen, die gelten, als CSV mit Kopfzeile, in UTF-8."""
    from service.people import decisions_csv

    settings = settings_for(data_dir)
    with _open_decisions(settings) as decisions:
        published = decisions.published()
        file.write_text(decisions_csv(published), encoding="utf-8", newline="")
    number = labels.format_with_noun(len(published), "Entscheidung", "Entscheidungen")
    console.print(f"{number} geschrieben: {file}")


@decisions.command("import", epilog="Beispiel: strategielotse decisions import entscheidungen.csv")
def import_decisions(file: InputFile, data_dir: DataDir = None) -> None:
    """Nimmt Entscheidungen einer Tabelle auf, die es noch nicht gibt; Ende mit 1, wo Zeilen
    abgelehnt sind.
    """
    from service.people import read_decisions

    settings = settings_for(data_dir)
    with _open_decisions(settings) as decisions:
        rows, rejected = read_decisions(file)
        # an exported table can be imported again: what is decided already is not added twice
        known = {decision.content for decision in decisions.standing()}
        new = [row for row in rows if row.content not in known]
        decisions.add(
            replace(decision, person=decision.person or system_user()) for decision in new
        )
    write_audit_entry(settings, "decisions imported", str(len(new)))
    print_text(
        "commands.decisions_taken",
        new=labels.format_with_noun(len(new), "Entscheidung", "Entscheidungen"),
        known=len(rows) - len(new),
        rejected=len(rejected),
    )
    _print_rejected(rejected)
    if rejected:
        raise typer.Exit(Exit.REJECTED)


@contacts.command("import", epilog="Beispiel: strategielotse contacts import stellen.csv")
def import_contacts(
    file: InputFile,
    yes: Annotated[bool, option("--yes", "commands.contacts_yes")] = False,
    data_dir: DataDir = None,
) -> None:
    """Ersetzt die Ansprechstellen durch die einer Tabelle; mit einem Fehler darin bleibt alles,
    wie es war.
    """
    from service.records import InvalidContacts, compare_contacts, parse_contacts

    settings = settings_for(data_dir)
    with _open_contacts(settings) as store:
        try:
            table = parse_contacts(file.read_bytes(), file)
        except InvalidContacts as error:
            raise CommandError(f"{error}\n{say('contacts.nothing_taken')}") from None
        changes = compare_contacts(store.read().contacts, table)
        print_lines(changes.lines)
        if changes.removed and not yes:
            going = labels.format_with_noun(len(changes.removed), *_CONTACTS)
            question, unasked = (
                say(f"contacts.{key}", contacts=going) for key in ("may_go", "need_yes")
            )
            require_consent(question, unasked, say("contacts.nothing_taken"))
        store.replace(table)
    number = labels.format_with_noun(len(table), *_CONTACTS)
    write_audit_entry(settings, "contacts imported", number)
    print_text("contacts.taken", contacts=number)


@contacts.command("export", epilog="Beispiel: strategielotse contacts export stellen.csv")
def export_contacts(file: OutputFile, data_dir: DataDir = None) -> None:
    """Schreibt die Ansprechstellen als CSV: code;name;telephone;mail;url;hours, in UTF-8."""
    from service.records import contacts_csv

    with _open_contacts(settings_for(data_dir)) as store:
        table = contacts_csv(store.read().contacts)
        file.write_text(table, encoding="utf-8", newline="")
    print_text("contacts.written", file=file)


@contextmanager
def _open_contacts(settings: Settings) -> Iterator[ContactStore]:
    """Open the directory of contacts for a `with` block; errors end the command with a sentence."""
    from service.records import ContactStore

    with closing(make_database(settings)) as database:
        yield ContactStore(database)


@contextmanager
def _open_decisions(settings: Settings) -> Iterator[Decisions]:
    """Open the decisions of staff for a `with` block.

    An error of the database, in the block too, is a StoreError.
    """
    from service.people import Decisions
    from vectorstore.storage import translate_errors

    with closing(make_database(settings)) as database, translate_errors():
        yield Decisions(database)


def _print_rejected(rejected: Sequence[RejectedRow]) -> None:
    """Print the number of rejected rows, and the first of them with the reasons; nothing if there
    are none.
    """
    if rejected:
        print_text(
            "commands.rejected", rows=labels.format_with_noun(len(rejected), "Zeile", "Zeilen")
        )
    print_lines(rejected)
