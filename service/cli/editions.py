"""The commands `editions list`, `editions diff`, `editions publish`, `rollback` and `verify`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

from rich.table import Table

from prompts import say
from service import make_database, migrate_database
from service.backup import make_store
from service.records import labels
from service.terminal import (
    AsJson,
    CommandLine,
    DataDir,
    Exit,
    argument,
    console,
    fail,
    option,
    print_json,
    print_lines,
    print_table,
    print_text,
    settings_for,
    write_audit_entry,
)
from vectorstore.storage import EditionDamaged

if TYPE_CHECKING:
    from vectorstore import EditionStore
    from vectorstore.records import ParsedDocument

app = CommandLine(say("commands.editions_help"))
MOST = 40  # differences that are printed; --json has all


@app.command("list", epilog="Beispiel: strategielotse editions list")
def list_(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Zeigt alle Ausgaben: welche veröffentlicht ist, welche davor war, welche Entwürfe warten."""
    settings = settings_for(data_dir)
    infos = make_store(settings).list_editions()
    if as_json:
        print_json(infos)
        return
    if not infos:
        print_text("commands.no_edition")
        return
    documents, entries = say("commands.documents_column"), say("commands.entries_column")
    table = Table("Ausgabe", "Zustand", documents, entries, "Vom", box=None, pad_edge=False)
    for info in infos:
        numbers = (str(info.documents), str(info.items))
        if info.documents is None:
            numbers = (say("commands.damaged"), "")
        state = labels.EDITION_STATES[info.state]
        if info.outdated:
            state += say("commands.outdated")
        table.add_row(info.name, state, *numbers, labels.format_edition_time(info))
    print_table(table)


@app.command(epilog="Beispiel: strategielotse editions diff 2026-11-20-1 2026-11-22-1")
def diff(
    names: Annotated[list[str], argument("[A] B", "commands.diff_names")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Sagt, was sich von einer Ausgabe zur anderen ändert: Dokumente und Einträge, neu, weg oder
    anders.
    """
    from service.records import change_rows, count_records
    from vectorstore.records import compare_editions

    if len(names) > 2:
        raise fail(say("commands.diff_two"))
    settings = settings_for(data_dir)
    store = make_store(settings)
    # With one name it is compared with the published edition.
    before = names[0] if len(names) == 2 else store.current_name()
    for name in filter(None, (*names, before)):
        if name not in store.names():
            raise fail(say("commands.no_such_edition", name=name))
    changes = compare_editions(*(_documents_of(store, name) for name in (before, names[-1])))
    counts, all_differences = count_records(changes), list(change_rows(changes))
    if as_json:
        columns = ("document_id", "name", "word", "before", "now")
        rows = [dict(zip(columns, difference, strict=True)) for difference in all_differences]
        print_json({"counts": counts, "differences": rows})
        return
    if not all_differences:
        print_text("commands.no_difference", before=before, now=names[-1])
        return
    print_text(
        "commands.diff_numbers",
        before=before or "nichts",
        now=names[-1],
        new=counts["new"],
        gone=counts["gone"],
        numbers=counts["changed"],
    )
    print_lines([_difference_line(*difference) for difference in all_differences], MOST)


@app.command(epilog="Beispiel: strategielotse editions publish 2026-11-22-1")
def publish(
    name: Annotated[str, argument("NAME", "commands.edition_name")],
    anyway: Annotated[bool, option("--anyway", "commands.publish_anyway")] = False,
    data_dir: DataDir = None,
) -> None:
    """Veröffentlicht einen Entwurf, oder wieder eine Ausgabe, die noch da ist."""
    settings = settings_for(data_dir)
    before = make_store(settings).make_current(name, anyway=anyway)
    write_audit_entry(settings, "publish", name)
    back = say("commands.rollback_leads", before=before) if before else ""
    print_text("commands.published", name=name, back=back)


def rollback(data_dir: DataDir = None) -> None:
    """Veröffentlicht wieder die Ausgabe davor; gelöscht wird nichts."""
    settings = settings_for(data_dir)
    store = make_store(settings)
    previous, name = store.current_name(), store.roll_back()
    write_audit_entry(settings, "rolled back", f"{previous} → {name}")
    print_text("commands.published_again", name=name, left=previous)


def verify(data_dir: DataDir = None) -> None:
    """Prüft jede Datei jeder Ausgabe gegen deren Dateiliste mit Größen und SHA-256."""
    settings = settings_for(data_dir)
    store, database = make_store(settings), make_database(settings)
    table_damage = database.damage()
    # A damaged file is left as it is: the migration would write into it.
    if table_damage is None:
        migrate_database(database)
    try:
        current, checks = store.current_name(), store.check()
    except EditionDamaged as error:
        raise fail(str(error), Exit.DAMAGED) from None
    damaged = {name: damages for name, damages in checks.items() if damages}
    for name, damages in damaged.items():
        where = " (veröffentlicht)" if name == current else ""
        print_text("commands.edition_damaged", name=name, current=where)
        print_lines(damages)
    if table_damage:
        console.print(table_damage)
    if damaged:
        names = ", ".join(damaged)
        raise fail(
            say("commands.verify_damaged", damaged=names, helps=say("commands.verify_helps")),
            Exit.DAMAGED,
        )
    if table_damage:  # of the tables alone
        raise fail(say("commands.verify_running"), Exit.DAMAGED)
    print_text("commands.verify_whole", names=", ".join(checks), current=current)


def _difference_line(document_id: str, name: str, word: str, before: str, now: str) -> str:
    if before or now:
        word = say("commands.diff_field", what=word, before=before, now=now)
    return f"{document_id} {name}: {word}"


def _documents_of(store: EditionStore, name: str | None) -> dict[str, ParsedDocument]:
    """Return the documents of an edition by id; none if the name is None. Raises StoreError."""
    if name is None:
        return {}
    with closing(store.open(name)) as edition:
        return edition.catalogue.parsed_by_id
