"""How the command line hands documents to ingestion, and what it says of the outcome; part of the composition root."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from service.cli_amending import tell_lines
from service.cli_audit import audited
from service.cli_errors import CommandError, Exit, errors, fail, sentences
from service.cli_front import ask_front, unconfirmed, write_front
from service.cli_gate import EvaluateEdition, held_to
from service.cli_ingest_page import IngestPage
from service.cli_output import out, print_raw, print_table, progress_bar
from service.cli_questions import MOST_TOLD, counted, tell_rejected
from service.composition import make_store
from service.settings import Settings

if TYPE_CHECKING:
    from ingest.corrections import CorrectionReport
    from ingest.job import IngestRequest
    from ingest.limits import ReadingLimits
    from ingest.report.report import IngestReport
    from ingest.report.review import Reviewer
    from vectorstore.records import ParsedDocument


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants ingested, as the command line took it."""

    paths: tuple[Path, ...]
    manifest: Path | None = None
    add: bool = False
    replace: bool = False
    dry_run: bool = False
    prefer_text: bool = False
    register: Path | None = None
    report_html: Path | None = None
    again: bool = False
    draft: bool = False
    gate: Path | None = None


def ingest(
    settings: Settings, wanted: Wanted, evaluate: EvaluateEdition, *, as_json: bool, person: str | None = None
) -> Exit:
    """Ingest, asking in a terminal before documents go that were not named, and tell what became of every file.

    With a gate, `evaluate` asks its cases over the draft; what misses a threshold stays a draft.
    """
    from ingest.errors import RegisterError, WouldRemove
    from ingest.gate import GateError, load_gate

    asks = sys.stdin.isatty() and sys.stderr.isatty() and not wanted.dry_run
    with sentences(settings, RegisterError, WouldRemove, GateError):
        gate = load_gate(wanted.gate) if wanted.gate else None
        request = _request(settings, wanted)
        if asks:
            request = _asked(settings, request, front=not as_json)
        shown = IngestPage(settings) if wanted.report_html else None
        report = _run(settings, request, shown.take if shown else None)
        if shown and wanted.report_html:
            wanted.report_html.write_text(shown.page(report), encoding="utf-8")
        register = wanted.register or (_chosen_register(wanted) if request.answers else None)
        if register and not report.dry_run:
            write_front(register, report)
        report, held = held_to(gate, settings, report, evaluate, publish=not wanted.draft) if gate else (report, ())
        _note(settings, report, request.answers, person)
    if as_json:
        told = report.as_dict() | ({"gate": list(held)} if gate else {})
        print_raw(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    else:
        _tell(report, held)
    return Exit.HELD_BACK if held else _exit_of(report)


def _note(settings: Settings, report: IngestReport, answers: Mapping[str, object], person: str | None) -> None:
    """Note in the audit log what was published, and whose front matter somebody confirmed."""
    if report.dry_run:
        return
    if answers:
        audited(settings, "confirmed", ", ".join(sorted(answers)), person)
    if report.changed:
        audited(
            settings,
            "ingested",
            f"{report.edition}: {len(report.files)} {'Datei' if len(report.files) == 1 else 'Dateien'}",
            person,
        )


def _asked(settings: Settings, request: IngestRequest, *, front: bool) -> IngestRequest:
    """Read first, and ask whether documents may go, then for what they do not surely say of themselves."""
    seen = _run(settings, replace(request, dry_run=True))
    if seen.going and not request.replace:
        errors.print(f"Aus der Ausgabe verschwänden damit: {', '.join(seen.going)}.")
        if not typer.confirm("Sollen sie entfernt werden?", default=False, err=True):
            raise fail("Nichts geändert; mit --add bleiben die vorhandenen Dokumente.") from None
    return replace(request, replace=request.replace or bool(seen.going), answers=ask_front(seen) if front else {})


def _chosen_register(wanted: Wanted) -> Path | None:
    """Ask where the answers are to be kept; None for nowhere."""
    label = "In welches Register sollen die Angaben, damit nicht wieder gefragt wird? (-: in keines)"
    typed = typer.prompt(label, default=str(wanted.manifest or "-"), err=True).strip()
    return None if typed == "-" else Path(typed)


def ingest_sample(settings: Settings) -> None:
    """Ingest the sample corpus where nothing is ingested."""
    if make_store(settings).current_name() is not None:
        return
    from ingest import workers

    report = _run(settings, _request(settings, Wanted((), Path(str(files("ingest.sample"))) / "corpus.toml")))
    workers.stop()
    if report.rejected:
        raise CommandError("Die Beispieldaten konnten nicht vollständig eingelesen werden.")
    out.print(f"Beispieldaten eingelesen: Ausgabe {report.edition} ({report.seconds:.1f} s).")


def papers_in(folder: Path) -> dict[str, Path]:
    """Return the readable files of a folder by the id that each gets without a register."""
    from ingest.files import entries_for_files, found_in

    return {entry.id: entry.file for entry in entries_for_files(found_in(folder).files)}


def ingest_papers(settings: Settings, files: Sequence[Path], register: Path | None) -> None:
    """Publish an edition of exactly these files, or of a register; raises CommandError where one is rejected."""
    from ingest import workers
    from ingest.errors import RegisterError

    try:
        report = _run(settings, _request(settings, Wanted(tuple(files), register, replace=True)))
    except RegisterError as error:
        raise CommandError(str(error)) from None
    finally:
        workers.stop()
    if report.rejected:
        names = "; ".join(f"{one.file} ({one.reason})" for one in report.rejected)
        raise CommandError(f"Nicht einzulesen: {names}")


def read_files(paths: Sequence[Path]) -> Iterator[tuple[Path, ParsedDocument | str]]:
    """Read files without an edition, within the usual limits; yield each with its contents, or why there are none."""
    from ingest import workers
    from ingest.errors import Rejected
    from ingest.files import entries_for_files
    from ingest.limits import ReadingLimits
    from ingest.sources import load_source, put_aside
    from vectorstore.codec import load_parsed

    limits, tasks = ReadingLimits(), dict[workers.Task, Path]()
    with TemporaryDirectory() as folder:
        for number, (path, entry) in enumerate(zip(paths, entries_for_files(paths), strict=True)):
            try:
                copy = put_aside(load_source(path, limits.file_bytes), Path(folder), f"{number}")
            except Rejected as rejection:
                yield path, rejection.reason
            else:
                tasks[workers.Task(entry, copy)] = path
        for done in workers.read_all(list(tasks), limits):
            result = done.result
            yield tasks[done.task], result.reason if isinstance(result, Rejected) else load_parsed(result)


def remove(settings: Settings, ids: list[str]) -> str:
    """Publish an edition without these documents and forget them everywhere; return its name."""
    with sentences(settings):
        return _removed(settings, ids)


def _removed(settings: Settings, ids: list[str]) -> str:
    from ingest.cache import ParsedCache
    from ingest.keeping import KeptDocuments
    from ingest.model_reader.applying import forget_readings
    from ingest.sources import private_folder

    store = make_store(settings)
    with store.writing(), private_folder(store.root), closing(store.open()) as edition:
        kept = KeptDocuments.of(edition, ids)
        known = edition.catalogue.documents.keys() & ids
        report = {"files": kept.files, "removed": sorted(known)}
        name = store.publish(kept.parsed, report=report, originals=kept.originals).name if known else edition.name
        ParsedCache(store.root).keep_only(kept.ids)
        forget_readings(store.texts, ids)
        store.forget(ids)
    if unknown := sorted(set(ids) - known):
        raise CommandError(f"In der Ausgabe gibt es kein Dokument mit dieser Id: {', '.join(unknown)}.")
    return name


def _run(settings: Settings, request: IngestRequest, reviewer: Reviewer | None = None) -> IngestReport:
    from ingest.job import run_ingest

    store = make_store(settings)
    with progress_bar() as show:
        return run_ingest(request, store, show, reviewer)


def _request(settings: Settings, wanted: Wanted) -> IngestRequest:
    from ingest import workers

    workers.warm()  # it imports the reader while this process imports the rest
    from ingest.job import IngestRequest

    return IngestRequest(
        paths=wanted.paths,
        manifest=wanted.manifest,
        add=wanted.add,
        replace=wanted.replace,
        dry_run=wanted.dry_run,
        prefer_text=wanted.prefer_text,
        limits=limits_of(settings),
        jobs=settings.read_jobs or None,
        again=wanted.again,
        draft=wanted.draft or wanted.gate is not None,
    )


def limits_of(settings: Settings) -> ReadingLimits:
    """Return what reading one file may take, by the settings."""
    from ingest.limits import ReadingLimits

    return ReadingLimits(
        file_bytes=settings.read_file_megabytes * 1_000_000,
        memory_bytes=settings.read_memory_megabytes * 1_000_000,
        seconds=settings.read_seconds,
        pages=settings.read_pages,
        characters=settings.read_characters,
        rows=settings.read_rows,
        cells=settings.read_cells,
    )


def _exit_of(report: IngestReport) -> Exit:
    if not report.files:
        from ingest.register_form import FORMATS

        raise fail(f"Dort gibt es kein {FORMATS}.")
    if len(report.rejected) == len(report.files):
        message = "Kein Dokument konnte eingelesen werden; was bisher veröffentlicht ist, bleibt, wie es ist."
        raise fail(message, Exit.REJECTED)
    return Exit(report.exit_code)


def _tell(report: IngestReport, held: Sequence[str] = ()) -> None:
    if report.files or report.left:
        print_table(report.table())
    if not report.files or len(report.rejected) == len(report.files):
        return
    _tell_questions(report)
    _tell_corrections(report.corrections)
    if report.dry_run:
        gone = f" Es verschwänden: {', '.join(report.going)}." if report.going else ""
        out.print(f"Probelauf: Es wurde nichts veröffentlicht ({report.seconds:.1f} s).{gone}")
        return
    if report.going:
        out.print(f"Nicht mehr in der Ausgabe: {', '.join(report.going)}.")
    if open_parts := unconfirmed(report):
        out.print(
            f"{open_parts} {'Angabe' if open_parts == 1 else 'Angaben'} zu Dokumenten sind unbestätigt und so "
            "gekennzeichnet; ein Register (--manifest) bestätigt sie."
        )
    for sentence in held:
        errors.print(f"Schwelle verfehlt: {sentence}")
    if report.draft:
        out.print(_waiting(report))
        return
    change = "veröffentlicht" if report.changed else "unverändert: Der Inhalt ist derselbe"
    out.print(f"Ausgabe {report.edition} {change} ({report.seconds:.1f} s).")


def _waiting(report: IngestReport) -> str:
    """Say what can be done with a draft."""
    name = report.edition
    return (
        f"Entwurf {name} liegt bereit ({report.seconds:.1f} s); veröffentlicht ist er nicht. 'strategielotse editions "
        f"diff {name}' zeigt, was sich änderte, 'strategielotse editions publish {name}' veröffentlicht ihn."
    )


def _tell_questions(report: IngestReport) -> None:
    """Say what of the questions for items is not (or no longer) in the edition."""
    told = report.questions
    tell_rejected(told.rejected, "Frage des Registers", "Fragen des Registers")
    if told.damaged:
        out.print(f"{told.damaged} Sie sind nicht übernommen.")
    if told.lost:
        items = dict.fromkeys(f"{one.document_id} {one.key}" for one in told.lost)
        shown = [*list(items)[:MOST_TOLD], *(["…"] if len(items) > MOST_TOLD else [])]
        way_out = "" if report.dry_run else "; 'strategielotse questions export DATEI --lost' schreibt sie heraus"
        out.print(f"{counted(len(told.lost))} ohne Eintrag, den es noch gibt: {', '.join(shown)}{way_out}.")


def _tell_corrections(report: CorrectionReport) -> None:
    """Say what became of the corrections of the data folder; nothing where there are none."""
    if report.applied or report.needless:
        more = f", {report.needless} nicht mehr nötig" if report.needless else ""
        out.print(f"Korrekturen: {report.applied} angewandt{more}.")
    if report.lost:
        many = len(report.lost) > 1
        out.print(f"{len(report.lost)} {'Korrekturen passen' if many else 'Korrektur passt'} nicht mehr:")
        tell_lines(report.lost)
    if report.rejected:
        out.print("Nicht zu lesen:")
        tell_lines(report.rejected)
