"""Runs ingestion with the service's settings: for commands, the sample corpus and evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompts import say
from service import Settings
from service.backup import make_store
from service.office.uploads import ReportProgress
from service.terminal import CommandError, progress_bar
from vectorstore import processes

if TYPE_CHECKING:
    from ingest import IngestReport


def read(settings: Settings, tell: ReportProgress | None = None, **asked: Any) -> IngestReport:
    """Run ingestion; `asked` are fields of `IngestRequest`.

    The progress is reported to `tell`, without it to a progress bar. The server of the worker
    processes starts to import the reader first, while this process imports the rest. The processes
    are ended afterwards, since this process may continue for long without reading. Raises what
    ingestion raises.
    """
    from ingest import prepare_readers

    prepare_readers()
    from ingest import IngestRequest, ReadingLimits, run_ingest

    request = IngestRequest(**asked, limits=ReadingLimits(seconds=settings.read_seconds))
    try:
        with nullcontext(tell) if tell is not None else progress_bar() as report_progress:
            return run_ingest(request, make_store(settings), report_progress)
    finally:
        processes.stop()


def read_again(
    settings: Settings,
    report: IngestReport,
    ids: Iterable[str],
    tell: ReportProgress | None = None,
) -> IngestReport:
    """Read documents of an ingestion run again, into its draft if it made one; `tell` as in
    `read`.
    """
    base = report.edition if report.draft else None
    only = tuple(dict.fromkeys(ids))
    return read(settings, tell, again=True, add=True, only=only, draft=report.draft, base=base)


def read_sample(
    settings: Settings, meanwhile: AbstractContextManager[None] | None = None
) -> IngestReport | None:
    """Publish the sample corpus; no model is asked.

    `meanwhile` is entered while it is read. Nothing is done, and None returned, if any edition is
    published: it might be replaced. Raises CommandError.
    """
    folder = Path(str(files("ingest.sample")))
    if make_store(settings).current_name() is not None:
        return None
    with meanwhile or nullcontext():
        return _require_complete(read(settings, manifest=folder / "corpus.toml"))


def documents_in(folder: Path) -> dict[str, Path]:
    """Return the readable files of a folder, by the ids that they get without a register."""
    from ingest import entries_for_files, find_files

    return {entry.id: entry.file for entry in entries_for_files(find_files((folder,)).files)}


def read_documents(settings: Settings, documents: Sequence[Path], register: Path | None) -> None:
    """Publish an edition of exactly these files, or of a register.

    Raises CommandError if a file is rejected, and what ingestion raises.
    """
    _require_complete(read(settings, paths=tuple(documents), manifest=register, replace=True))


def _require_complete(report: IngestReport) -> IngestReport:
    """Return the report; raises CommandError with the reasons if any file was rejected."""
    if report.rejected:
        names = "; ".join(f"{file.file} ({file.terminal_summary})" for file in report.rejected)
        raise CommandError(say("commands.not_readable", names=names))
    return report
