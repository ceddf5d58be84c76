"""Commands about curated answers: what there is, added, changed, taken out and back, checked, out and in as a table."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from service.terminal.errors import CommandError, DataDir, Exit, sentences, settings_for
from service.terminal.output import out, print_table

if TYPE_CHECKING:
    from service.curated.desk import Desk
    from service.curated.models import Version
    from service.curated.served import Standing
    from service.curated.typed import Typed
    from service.settings import Settings

MOST_TOLD = 20
ROLE = "console"
app = typer.Typer(
    help="Geprüfte Antworten der Redaktion: Texte mit Beleg, Verantwortlichen und Frist.", no_args_is_help=True
)
Entry = Annotated[str, typer.Argument(metavar="ID", help="Kennung, wie 'curated list' sie zeigt")]
Person = Annotated[
    str | None, typer.Option("--person", help="Wer das entscheidet (sonst die Kennung an diesem Rechner)")
]
Question = Annotated[str | None, typer.Option("--question", help="Die Frage")]
Wordings = Annotated[list[str] | None, typer.Option("--wording", help="Wie man sie noch stellt; mehrfach möglich")]
Text = Annotated[str | None, typer.Option("--text", help="Die Antwort")]
TextFile = Annotated[Path | None, typer.Option("--text-file", metavar="DATEI", help="Die Antwort, aus einer Datei")]
Cites = Annotated[list[str] | None, typer.Option("--cite", metavar="DOKUMENT;EINTRAG", help="Beleg; mehrfach möglich")]
Owner = Annotated[str | None, typer.Option("--owner", help="Wer für die Antwort verantwortlich ist")]
Until = Annotated[str | None, typer.Option("--until", metavar="TAG", help="Letzter Tag: 2027-06-30 oder 30.06.2027")]


@app.command("list", epilog="Beispiel: strategielotse curated list")
def list_(data_dir: DataDir = None) -> None:
    """Zeigt alle geprüften Antworten mit ihrem Zustand: gilt, abgelaufen, nicht mehr belegt, entfernt."""
    with _desk(data_dir) as desk:
        from service.curated.words import STATES

        standings = desk.standings()
        shown = Table("ID", "Frage", "Zustand", "Gültig bis", "Verantwortlich")
        for one, state in standings:
            until = one.answer.valid_until.strftime("%d.%m.%Y")
            shown.add_row(one.version.entry, one.answer.question, STATES[state], until, one.answer.owner)
    if standings:
        print_table(shown)
    out.print(f"{len(standings)} {'geprüfte Antwort' if len(standings) == 1 else 'geprüfte Antworten'}")


@app.command(epilog="Beispiel: strategielotse curated show 3f2a9c10")
def show(entry: Entry, data_dir: DataDir = None) -> None:
    """Zeigt eine geprüfte Antwort, was die Ausgabe dazu sagt, und alle Fassungen."""
    with _desk(data_dir) as desk:
        from service.curated.words import ACTIONS, STATES

        one = desk.standing(entry)
        state = dict((found.version.entry, state) for found, state in desk.standings())[entry]
        out.print(one.answer.question, style="bold")
        for wording in one.answer.wordings:
            out.print(f"  auch: {wording}")
        out.print(one.answer.text)
        out.print(f"Beleg: {', '.join(map(';'.join, one.answer.citations))}")
        out.print(f"{STATES[state]}; gültig bis {one.answer.valid_until:%d.%m.%Y}; verantwortlich: {one.answer.owner}")
        _tell_reasons(one)
        for version in desk.history(entry):
            when = f"{version.moment:%d.%m.%Y %H:%M} UTC"
            out.print(f"  {version.number}: {ACTIONS[version.action]} von {version.person}, {when}")


@app.command(
    epilog='Beispiel: strategielotse curated add --question "Bis wann fährt der Nachtbus?" --text-file antwort.txt '
    "--cite bericht;5.1.1.1 --owner Nahverkehr --until 2027-06-30"
)
def add(
    question: Question = None, wording: Wordings = None, text: Text = None, text_file: TextFile = None,
    cite: Cites = None, owner: Owner = None, until: Until = None, person: Person = None, data_dir: DataDir = None,
) -> None:  # fmt: skip
    """Nimmt eine neue geprüfte Antwort auf und sagt, was davon belegt ist; Ende mit 1, wo etwas nicht belegt ist."""
    with _desk(data_dir, person) as desk:
        from service.curated.typed import Typed

        made = desk.add(_typed(Typed(), question, wording, text, text_file, cite, owner, until))
        proven = _tell_kept(desk, made)
    if not proven:
        raise typer.Exit(Exit.REJECTED)


@app.command(epilog="Beispiel: strategielotse curated edit 3f2a9c10 --until 31.12.2027")
def edit(
    entry: Entry, question: Question = None, wording: Wordings = None, text: Text = None, text_file: TextFile = None,
    cite: Cites = None, owner: Owner = None, until: Until = None, person: Person = None, data_dir: DataDir = None,
) -> None:  # fmt: skip
    """Ändert, was angegeben ist, und prüft neu; Ende mit 1, wo etwas nicht belegt ist."""
    with _desk(data_dir, person) as desk:
        from service.curated.typed import Typed

        before = desk.newest(entry)
        typed = _typed(Typed.of(before.answer), question, wording, text, text_file, cite, owner, until)
        proven = _tell_kept(desk, desk.edit(entry, typed, before.number))
    if not proven:
        raise typer.Exit(Exit.REJECTED)


@app.command(epilog="Beispiel: strategielotse curated remove 3f2a9c10")
def remove(entry: Entry, person: Person = None, data_dir: DataDir = None) -> None:
    """Nimmt eine geprüfte Antwort heraus; 'curated restore' nimmt das zurück."""
    with _desk(data_dir, person) as desk:
        desk.remove(entry)
    out.print(f"{entry} ist entfernt. Zurück: strategielotse curated restore {entry}")


@app.command(epilog="Beispiel: strategielotse curated restore 3f2a9c10 --version 12")
def restore(
    entry: Entry,
    version: Annotated[int | None, typer.Option("--version", help="Nummer der Fassung, wie 'show' sie zeigt")] = None,
    person: Person = None,
    data_dir: DataDir = None,
) -> None:
    """Nimmt eine Entfernung zurück, oder mit --version eine Änderung; Ende mit 1, wo etwas nicht belegt ist."""
    with _desk(data_dir, person) as desk:
        proven = _tell_kept(desk, desk.restore(entry, version))
    if not proven:
        raise typer.Exit(Exit.REJECTED)


@app.command(epilog="Beispiel: strategielotse curated check")
def check(data_dir: DataDir = None) -> None:
    """Prüft alle gegen die Ausgabe und die Frist; Ende mit 1, wo eine abgelaufen oder nicht mehr belegt ist."""
    with _desk(data_dir) as desk:
        from service.curated.models import State
        from service.curated.words import STATES

        standings = [(one, state) for one, state in desk.standings() if state is not State.REMOVED]
        wanting = [(one, state) for one, state in standings if state is not State.VALID]
    for one, state in wanting:
        out.print(f"{one.version.entry} {one.answer.question}: {STATES[state]}", style="bold")
        _tell_reasons(one)
    out.print(f"{len(standings)} geprüft, {len(standings) - len(wanting)} gelten, {len(wanting)} nicht.")
    if wanting:
        raise typer.Exit(Exit.REJECTED)


@app.command("export", epilog="Beispiel: strategielotse curated export antworten.csv")
def export(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV-Datei, die geschrieben wird")],
    data_dir: DataDir = None,
) -> None:
    """Schreibt alle, die nicht entfernt sind, als CSV mit Kopfzeile, in UTF-8."""
    with _desk(data_dir) as desk:
        from service.curated.tables import table

        versions = [one.version for one, _ in desk.standings() if not one.version.removed]
        file.write_text(table(versions), encoding="utf-8", newline="")
    out.print(f"{len(versions)} geschrieben: {file}")


@app.command("import", epilog="Beispiel: strategielotse curated import antworten.csv")
def import_(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV wie vom Export; leere id: neue Antwort")],
    person: Person = None,
    data_dir: DataDir = None,
) -> None:
    """Nimmt Antworten einer Tabelle auf, ändert die mit ihrer id; Ende mit 1, wo Zeilen abgelehnt sind."""
    with _desk(data_dir, person) as desk:
        from service.curated.tables import read_table

        taken = desk.take(read_table(file))
        unproven = [one for one in taken.kept if not desk.standing(one.entry).check.proven]
    out.print(f"{len(taken.kept)} übernommen, {taken.same} unverändert, {len(taken.rejected)} abgelehnt.")
    for line in taken.rejected[:MOST_TOLD]:
        out.print(f"  {line}")
    if len(taken.rejected) > MOST_TOLD:
        out.print(f"  und {len(taken.rejected) - MOST_TOLD} weitere")
    if unproven:
        out.print(f"{len(unproven)} davon nicht belegt und nicht gesagt: 'strategielotse curated check' sagt, warum.")
    if taken.rejected:
        raise typer.Exit(Exit.REJECTED)


@contextmanager
def _desk(data_dir: Path | None, person: str | None = None) -> Iterator[Desk]:
    """The desk over the current edition; what goes wrong there is told in one sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.curated.desk import Refused
    from service.curated.store import Outdated, Unknown
    from service.curated.tables import TableError

    settings = settings_for(data_dir)
    with sentences(settings, TableError):
        try:
            with _opened(settings, person) as desk:
                yield desk
        except Refused as refused:
            raise CommandError("\n".join(one.reason for one in refused.wrong)) from None
        except Unknown as unknown:
            raise CommandError(f"Eine geprüfte Antwort „{unknown}“ gibt es nicht; 'curated list' zeigt alle.") from None
        except Outdated:
            raise CommandError("Jemand hat diese Antwort gerade geändert; nichts wurde übernommen.") from None
        except SQLAlchemyError as error:
            reason = type(error).__name__
            raise CommandError(
                f"Die Datenbank der geprüften Antworten ist nicht lesbar oder schreibbar ({reason})."
            ) from None


@contextmanager
def _opened(settings: Settings, person: str | None) -> Iterator[Desk]:
    from service.answering.corpus import Corpus
    from service.answering.pipeline import Parts
    from service.audit import AuditLog
    from service.composition import make_database, make_store
    from service.curated.desk import Desk
    from service.curated.served import Curated
    from service.curated.store import CuratedStore

    with closing(make_store(settings).open()) as edition, closing(make_database(settings)) as database:
        store = CuratedStore(database)
        curated = Curated(Parts(Corpus(edition, edition.catalogue.in_force)), store)
        yield Desk(store, AuditLog(database), curated, person or getpass.getuser(), ROLE)


def _typed(
    before: Typed, question: str | None, wordings: list[str] | None, text: str | None, text_file: Path | None,
    cites: list[str] | None, owner: str | None, until: str | None,
) -> Typed:  # fmt: skip
    """What is given, and else what was there before."""
    if text is not None and text_file is not None:
        raise CommandError("Bitte nur eines angeben: --text oder --text-file.")
    if text_file is not None:
        text = _text_of(text_file)
    given = {
        "question": question,
        "wordings": None if wordings is None else "\n".join(wordings),
        "text": text,
        "citations": None if cites is None else "\n".join(cites),
        "owner": owner,
        "valid_until": until,
    }
    return replace(before, **{name: value for name, value in given.items() if value is not None})


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{path}: Die Datei ist nicht in UTF-8 geschrieben.") from None
    except OSError as error:
        raise CommandError(f"{path}: Die Datei ist nicht lesbar ({error.strerror}).") from None


def _tell_kept(desk: Desk, version: Version) -> bool:
    """Print that a version is kept and what is not borne out; returns whether all is."""
    one = desk.standing(version.entry)
    told = "Sie wird gegeben." if one.check.proven else "Sie wird nicht gegeben:"
    out.print(f"{version.entry} ist gespeichert. {told}")
    _tell_reasons(one)
    return one.check.proven


def _tell_reasons(one: Standing) -> None:
    for reason in one.check.reasons:
        out.print(f"  {reason}")
    for cited in one.check.unused if one.check.proven else ():
        out.print(f"  Hinweis: {';'.join(cited)} belegt keinen Satz und wird nicht als Quelle gezeigt.")
