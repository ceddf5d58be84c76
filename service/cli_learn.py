"""Commands of learning from questions: what the pages do, by the same functions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from service.cli_learn_cases import cases
from service.cli_learn_wordings import Number, also, undo, wordings_told
from service.cli_learning import group_of, learning_of
from service.composition import make_holder
from service.learning.kinds import KINDS, Kind
from service.pages.labels import generated_line, shown_date
from service.terminal.errors import CommandError, DataDir, Exit, fail, file_sentences, settings_for
from service.terminal.output import out, print_raw, print_table, progress_bar

if TYPE_CHECKING:
    from service.learning.running import Try
    from service.learning.trial import Trial

Id = Annotated[str, typer.Argument(metavar="ID", help="Id einer Frage, wie „learn list“ sie zeigt")]


def make_app(attempt: Try) -> typer.Typer:
    """The command group; `attempt` tries what was learned."""
    app = typer.Typer(
        help="Aus Fragen lernen: aufbewahrte Fragen, Entscheidungen, Versuch, Übernahme.", no_args_is_help=True
    )
    app.command("list", epilog="Beispiel: strategielotse learn list")(list_)
    app.command(epilog="Beispiel: strategielotse learn show 3fa2b1c0")(show)
    app.command(
        epilog="Beispiel: strategielotse learn decide 3fa2b1c0 --as item_question --document bericht --item 5.1.2.1"
    )(decide)
    app.command(epilog="Beispiel: strategielotse learn decisions")(decisions)
    app.command(epilog='Beispiel: strategielotse learn also 4 "Kann man sich ein Rad leihen?"')(also)
    app.command(epilog="Beispiel: strategielotse learn undo 4")(undo)
    app.command(epilog="Beispiel: strategielotse learn case 4")(case)
    app.command(epilog="Beispiel: strategielotse learn cases kita --from kita.jsonl")(cases)
    app.command(epilog="Beispiel: strategielotse learn sweep")(sweep)
    app.command(epilog="Beispiel: strategielotse learn export fragen.jsonl")(export)
    app.command(epilog="Beispiel: strategielotse learn delete 3fa2b1c0")(delete)

    @app.command("try", epilog="Beispiel: strategielotse learn try")
    def try_(data_dir: DataDir = None) -> None:
        """Probiert die Entscheidungen aus: alle Fälle vorher und nachher; Ende mit 3, wo einer schlechter wurde."""
        from service.learning.running import TrialFailed

        tables = learning_of(settings_for(data_dir), TrialFailed, attempt=attempt)
        with tables as (learning, _), progress_bar() as told:
            trial = learning.runner.run(told)
        _print_trial(trial)
        raise typer.Exit(Exit.HELD_BACK if trial.worse else Exit.DONE)

    app.command(epilog="Beispiel: strategielotse learn publish")(publish)
    return app


def list_(data_dir: DataDir = None) -> None:
    """Zeigt die offenen Fragen nach Bedeutung, die häufigsten zuerst."""
    from service.learning.forms import overview_of
    from service.learning.words import reasons_told, told

    settings = settings_for(data_dir)
    with learning_of(settings) as (learning, _), make_holder(settings).lease() as served:
        found, left = learning.groups(served)
        views = overview_of(found, served, learning.decisions.all())
    if not views:
        out.print("Zurzeit ist keine Frage offen.")
        return
    table = Table("Id", "Frage", "Anzahl", "Warum", "Antwort heute", "Gefunden", box=None, padding=(0, 2, 0, 0))
    for one in views:
        first = f"{one.found[0].record.ref} {one.found[0].record.title}" if one.found else ""
        reasons = reasons_told(one.group.reasons)
        table.add_row(one.group.id, one.group.wording, str(one.group.times), reasons, told(one.answer), first)
    print_table(table)
    if left:
        out.print(f"{left} seltene Wortlaute sind noch nicht eingeordnet.")


def show(kept: Id, data_dir: DataDir = None) -> None:
    """Zeigt eine Gruppe von Fragen, was heute geantwortet und was gefunden wird."""
    from service.learning.choosing import KEY
    from service.learning.forms import view_of
    from service.learning.store import REASONS
    from service.learning.words import told

    settings = settings_for(data_dir)
    with learning_of(settings) as (learning, _), make_holder(settings).lease() as served:
        view = view_of(group_of(kept, learning, served), served, learning.decisions.all())
    for one in view.group.members:
        out.print(f"{one.id}  {one.question}  ({one.times} Mal, {shown_date(one.day)}, {REASONS[one.reason]})")
    out.print(f"\nAntwort heute: {told(view.answer)}", style="bold")
    out.print(view.answer.answer)
    out.print(generated_line(view.answer.generated_by), style="dim")
    if view.found:
        out.print("\nGefunden", style="bold")
    for entry in view.found:
        record = entry.record
        out.print(f"  {record.ref} {record.title}  (--document {record.document_id} --item {KEY}{record.key})")
        for question in entry.leading:
            out.print(f"      führt schon dorthin: {question}")
    for other in view.similar:
        made = other.decision
        out.print(f"\nSchon entschieden, Nr. {made.id}: {KINDS[made.kind]} („{other.wording}“)")
    for other in view.to_join:
        out.print(f"  auch dafür: strategielotse learn also {other.decision.id} --group {kept}")


def decide(
    kept: Id,
    kind: Annotated[Kind, typer.Option("--as", help="Was entschieden wird")],
    wording: Annotated[str | None, typer.Option("--wording", help="Wortlaut, mit dem gearbeitet wird")] = None,
    document: Annotated[str, typer.Option("--document", help="Id des Dokuments, in dem der Eintrag steht")] = "",
    item: Annotated[str, typer.Option("--item", help="Nummer oder Schlüssel des Eintrags")] = "",
    note: Annotated[str, typer.Option("--note", help="Notiz")] = "",
    also: Annotated[
        list[str] | None, typer.Option("--also", help="So fragen andere danach; mehrmals möglich, bis zu zehn")
    ] = None,
    as_case: Annotated[bool, typer.Option("--case", help="Auch als Fall aufnehmen")] = False,
    data_dir: DataDir = None,
) -> None:
    """Entscheidet über die Gruppe, zu der eine Frage gehört."""
    from service.learning import deciding
    from service.learning.choosing import ChoiceError
    from service.learning.decisions import Choice

    settings = settings_for(data_dir)
    with learning_of(settings, ChoiceError) as (learning, who), make_holder(settings).lease() as served:
        group = group_of(kept, learning, served)
        choice = Choice(
            kind=kind, wording=group.wording if wording is None else wording, document_id=document, key=item,
            note=note, times=group.times, as_case=as_case, also=tuple(also or ()),
        )  # fmt: skip
        ids = [one.id for one in group.members]
        made = deciding.decide(learning, served.edition, choice, ids, who)
    out.print(f"Entscheidung {made.id}: {KINDS[made.kind]} für „{made.wording}“.")
    for line in wordings_told(made):
        out.print(line)


def decisions(data_dir: DataDir = None) -> None:
    """Zeigt alle Entscheidungen, die neueste zuerst."""
    from service.learning.words import state

    settings = settings_for(data_dir)
    with learning_of(settings) as (learning, _):
        found = learning.decisions.all()
    table = Table("Nr.", "Frage", "Entscheidung", "Eintrag", "Von", "Am", "Stand", box=None, padding=(0, 2, 0, 0))
    for one in found:
        state_told = f"{state(one)}, Fall" if one.as_case else state(one)
        table.add_row(str(one.id), one.wording, KINDS[one.kind], one.key, one.person, shown_date(one.day), state_told)
    if found:
        print_table(table)
        for one in found:
            for line in wordings_told(one):
                out.print(f"Nr. {one.id}, weiterer Wortlaut {line.strip()}")
    else:
        out.print("Noch wurde nichts entschieden.")


def case(
    number: Number,
    drop: Annotated[bool, typer.Option("--drop", help="Nicht mehr als Fall führen")] = False,
    data_dir: DataDir = None,
) -> None:
    """Macht aus einer Entscheidung einen Fall."""
    from service.learning import deciding

    with learning_of(settings_for(data_dir)) as (learning, who):
        if not deciding.set_case(learning, number, who, as_case=not drop):
            raise CommandError(f"Aus Entscheidung {number} lässt sich kein Fall machen.")
    out.print(f"Entscheidung {number} ist {'kein Fall mehr' if drop else 'ein Fall'}; learn cases zeigt alle.")


def sweep(data_dir: DataDir = None) -> None:
    """Löscht, was seine Tage hinter sich hat; der laufende Dienst tut es täglich."""
    settings = settings_for(data_dir)
    with learning_of(settings) as (learning, _):
        gone = learning.sweep()
    out.print(f"{gone} {'Eintrag' if gone == 1 else 'Einträge'} nach {settings.keep_questions_days} Tagen gelöscht.")


def export(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="JSONL-Datei, die geschrieben wird")],
    data_dir: DataDir = None,
) -> None:
    """Schreibt alle aufbewahrten Fragen als JSONL."""
    from service.learning.words import kept_lines

    settings = settings_for(data_dir)
    with learning_of(settings) as (learning, who):
        rows = learning.kept.all()
        who.note("export", str(len(rows)))
    with file_sentences():
        file.write_text(kept_lines(rows), encoding="utf-8")
    out.print(f"{len(rows)} Fragen geschrieben: {file}")


def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids von Fragen")], data_dir: DataDir = None
) -> None:
    """Löscht aufbewahrte Fragen endgültig."""
    settings = settings_for(data_dir)
    with learning_of(settings) as (learning, who):
        known = {one.id for one in learning.kept.all()}
        if missing := [one for one in ids if one not in known]:
            raise CommandError(f"Eine Frage mit dieser Id gibt es nicht: {', '.join(missing)}. Gelöscht ist nichts.")
        gone = learning.kept.delete(ids)
        for one in ids:
            who.note("delete", one)
    out.print(f"{gone} gelöscht.")


def publish(
    even_if_worse: Annotated[
        bool, typer.Option("--even-if-worse", help="Auch wenn Fälle schlechter wurden; das wird vermerkt")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Übernimmt, was der letzte Versuch geprüft hat; ein laufender Dienst folgt von selbst."""
    from service.learning.publishing import NotPublished
    from service.learning.publishing import publish as published

    settings = settings_for(data_dir)
    with learning_of(settings) as (learning, who):
        try:
            done = published(learning, even_if_worse=even_if_worse)
        except NotPublished as error:
            raise fail(str(error), Exit.HELD_BACK) from None
        who.note("publish-worse" if even_if_worse else "publish", done.name)
    out.print(f"Übernommen: Ausgabe {done.name}.")


def _print_trial(trial: Trial) -> None:
    from service.learning.words import because, figure

    for one in trial.measured:
        title = f"{one.name}: {one.cases} Fälle, {len(one.won)} besser, {len(one.lost)} schlechter"
        table = Table("Maß", "Fälle", "vorher", "nachher", title=title, box=None, padding=(0, 2, 0, 0))
        for row in one.figures:
            told = [figure(value, share=row.share) for value in (row.before, row.after)]
            table.add_row(row.label, str(row.cases), *told)
        print_table(table)
        for case_ in one.lost:
            print_raw(f"schlechter: {case_.id} {case_.question}\n  vorher: {case_.before}\n  nachher: {case_.after}")
            print_raw(f"  {because(case_)}")
    if number := len(trial.waiting):
        out.print(f"{number} offene {'Frage wäre' if number == 1 else 'Fragen wären'} damit auch beantwortet.")
    for note in trial.notes:
        out.print(note)
    if trial.proves_nothing:
        out.print("Kein Fall wurde gestellt: Der Versuch beweist nichts.")
    else:
        out.print("Etwas ist schlechter geworden." if trial.worse else "Nichts ist schlechter geworden.")
    for cause in trial.to_blame:
        only = f" --wording {cause.wording}" if cause.wording else ""
        out.print(f"Ohne das: strategielotse learn undo {cause.decision}{only}, dann noch einmal ausprobieren.")
