"""Commands about summaries: out as a table that people correct, in where the papers prove what it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli_audit import As, audited
from service.cli_errors import CommandError, DataDir, Exit, sentences, settings_for
from service.cli_output import out
from service.cli_questions import tell_rejected
from service.composition import make_store

if TYPE_CHECKING:
    from service.answering.corpus import Corpus
    from vectorstore.question_tables import RejectedRow
    from vectorstore.summaries import SummarySentence

COLUMNS = ("document_id", "key", "sentence", "items", "origin")
app = typer.Typer(help="Zusammenfassungen von Papieren und Handlungsfeldern.", no_args_is_help=True)


@app.command("export", epilog="Beispiel: strategielotse summaries export saetze.csv")
def export(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV-Datei, die geschrieben wird")],
    data_dir: DataDir = None,
) -> None:
    """Schreibt die Zusammenfassungen der Ausgabe als CSV: document_id;key;sentence;items;origin, in UTF-8."""
    settings = settings_for(data_dir)
    with sentences(settings), closing(make_store(settings).open()) as edition:
        file.write_text(_table(edition.summaries), encoding="utf-8", newline="")
        out.print(f"{_counted(len(edition.summaries))} geschrieben: {file}")


@app.command("import", epilog="Beispiel: strategielotse summaries import saetze.csv")
def import_(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV wie vom Export")],
    person: As = None,
    data_dir: DataDir = None,
) -> None:
    """Nimmt genau diese Zusammenfassungen und veröffentlicht eine Ausgabe; Ende mit 1, wo Zeilen abgelehnt sind."""
    settings = settings_for(data_dir)
    with sentences(settings):
        rows = _rows(file)
        store = make_store(settings)
        with store.writing(), closing(store.open()) as edition:
            from service.answering.corpus import Corpus

            taken, rejected = _proven(rows, Corpus(edition), edition.summaries)
            tell_rejected(rejected, "Zeile", "Zeilen")
            if rows and not taken:
                raise CommandError(f"Keine Zeile von {file} ließ sich übernehmen; nichts geändert.")
            published = store.publish(
                edition.catalogue.parsed(),
                report=edition.report,
                originals=edition.originals,
                questions=edition.questions.all,
                summaries=taken,
            )
        if published.changed:
            audited(settings, "summaries imported", f"{published.name}: {_counted(len(taken))}", person)
    change = "veröffentlicht" if published.changed else "unverändert"
    out.print(f"Ausgabe {published.name} {change}: {_counted(len(taken))}.")
    if rejected:
        raise typer.Exit(Exit.REJECTED)


def _rows(file: Path) -> list[tuple[int, list[str]]]:
    """The rows of a table behind its header with their lines; raises CommandError."""
    try:
        reader = csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
        rows = [(reader.line_num, [" ".join(cell.split()).removeprefix("'") for cell in row]) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file}: Das ist keine lesbare Tabelle in UTF-8.") from error
    if not rows or tuple(rows[0][1][:4]) != COLUMNS[:4]:
        raise CommandError(f"{file}, Zeile 1: Hier fehlt die Kopfzeile „{';'.join(COLUMNS)}“.")
    return rows[1:]


def _proven(
    rows: Sequence[tuple[int, list[str]]], corpus: Corpus, before: Iterable[SummarySentence]
) -> tuple[list[SummarySentence], list[RejectedRow]]:
    """The sentences that the papers bear out, and the lines of those that they do not."""
    from service.model_reading.summaries import Prover
    from vectorstore.question_tables import RejectedRow
    from vectorstore.summaries import MOST, SummarySentence

    known = {(one.subject, one.text): one for one in before}
    prover = Prover(corpus)
    taken: list[SummarySentence] = []
    rejected = []
    for line, (document, key, text, items, *_) in ((line, [*row, "", "", "", ""]) for line, row in rows):
        if (same := known.get(((document, key), text))) is not None:
            taken.append(same)
            continue
        found = [corpus.catalogue.item(document, name) for name in items.split()]
        proofs = prover.passages(text.rstrip("."), [one for one in found if one is not None])
        about = not key or corpus.catalogue.item(document, key) is not None
        if sum((document, key) == one.subject for one in taken) >= MOST:
            rejected.append(RejectedRow(line, f"Mehr als {MOST} Sätze zu einem gehen nicht."))
        elif not about or None in found or not proofs:
            rejected.append(RejectedRow(line, "Die genannten Einträge belegen den Satz nicht, oder es gibt sie nicht."))
        else:
            taken.append(SummarySentence(document, key, text, proofs))
    return taken, rejected


def _table(summaries: Iterable[SummarySentence]) -> str:
    from service.csv_export import BOM, cell

    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in summaries:
        items = " ".join(dict.fromkeys(passage.key for passage in one.passages))
        writer.writerow([cell(value) for value in (one.document_id, one.key, one.text, items, one.origin)])
    return BOM + text.getvalue()


def _counted(number: int) -> str:
    return f"{number} {'Satz' if number == 1 else 'Sätze'}"
