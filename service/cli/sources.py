"""Commands on followed sources: `sources check` and `sources fetch`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from filelock import FileLock, Timeout

from prompts import say
from service.settings import Settings
from service.terminal.command_line import CommandLine
from service.terminal.errors import (
    CommandError,
    DataDir,
    Exit,
    errors,
    errors_as_sentences,
    fail,
    settings_for,
    user,
    write_audit_entry,
)
from service.terminal.output import out, print_lines
from vectorstore.disk import private_folder

if TYPE_CHECKING:
    from followed_sources.client import Network
    from followed_sources.fetching import SourceReport
    from service.office.uploads.draft_service import DraftService
    from service.office.uploads.followed import FollowedUploads

app = CommandLine(say("commands.sources_help"))
LOCK = "sources.lock"
MOST_DRAFTS = 3  # that a run makes by itself: of five, two stay free for people
POLL_SECONDS = 0.3
Names = Annotated[
    list[str] | None, typer.Argument(metavar="QUELLE...", help=say("commands.sources_names"))
]


@app.command("check", epilog="Beispiel: strategielotse sources check")
def check(names: Names = None, data_dir: DataDir = None) -> None:
    """Zeigt, was der nächste Abruf holen würde; geholt und verändert wird nichts."""
    settings = settings_for(data_dir)
    with errors_as_sentences(settings):
        has_problems = _run(settings, names or (), fetch=False)
    if has_problems:
        raise typer.Exit(Exit.REJECTED)


@app.command("fetch", epilog="Beispiel: strategielotse sources fetch")
def fetch(names: Names = None, data_dir: DataDir = None) -> None:
    """Holt Neues und Geändertes als Entwürfe; veröffentlicht und gelöscht wird nichts."""
    settings = settings_for(data_dir)
    lock = FileLock(settings.data_dir / LOCK)
    with errors_as_sentences(settings):
        try:
            private_folder(settings.data_dir)
            with lock.acquire(timeout=0):
                has_problems = _run(settings, names or (), fetch=True)
                read_waiting(settings)
        except Timeout:
            raise fail(say("sources.busy"), Exit.BUSY) from None
    if has_problems:
        raise typer.Exit(Exit.REJECTED)


def follow_sources(
    settings: Settings, names: Sequence[str], *, fetch: bool, network: Network | None = None
) -> Iterator[tuple[str, SourceReport]]:
    """Read the named sources, by default those that are due; yield each with its report. Raises
    CommandError.
    """
    from service.office.uploads.draft_service import SOURCES

    path = settings.data_dir / SOURCES
    if not path.is_file():
        raise CommandError(say("sources.none_set", path=path))
    from followed_sources.client import Network, SourceClient
    from followed_sources.configuration import SourcesError, load_sources
    from followed_sources.fetching import SourceFetcher, is_due

    try:
        sources = load_sources(path)
    except SourcesError as error:
        raise CommandError(str(error)) from None
    known = [source.name for source in sources.source]
    if unknown := [name for name in names if name not in known]:
        raise CommandError(say("sources.not_known", names=", ".join(unknown)))
    drafts, uploads = make_uploads(settings)
    for source in sources.source:
        is_named = source.name in names
        run = uploads.files.last_run(source.name)
        if not is_named and (names or (fetch and not is_due(source, run, datetime.now(UTC)))):
            continue
        client = SourceClient(source.hosts, sources.contact, network or Network())
        published = uploads.digests(drafts.store.current_name())
        documents = {file.document_id for file in uploads.files.all()}
        for edition in (None, *drafts.store.drafts()):
            documents |= set(drafts.store.document_ids(edition))
        originals = {digest: name for name, digest in published.items()}
        fetcher = SourceFetcher(source, client, uploads.files, documents, originals)
        yield source.name, fetcher.fetch() if fetch else fetcher.check()
        client.close()


def read_waiting(settings: Settings) -> None:
    """Read fetched files into drafts, one after the other, while drafts stay free for people; the
    others wait for a click.
    """
    from service.records.problems import ProblemError

    drafts, uploads = make_uploads(settings)
    try:
        for pending in uploads.pending():
            if pending.is_unread and len(drafts.store.drafts()) < MOST_DRAFTS:
                try:
                    job = uploads.read(pending, user())
                except ProblemError:  # people read as much as may be read at a time
                    break
                while drafts.jobs.get(job.name).is_open:
                    time.sleep(POLL_SECONDS)
    finally:
        drafts.jobs.close()


def make_uploads(settings: Settings) -> tuple[DraftService, FollowedUploads]:
    """Return the drafts of a data folder, and what was fetched into it."""
    from service.cli.ingestion.uploads import UploadReader
    from service.office.uploads.draft_service import DraftService
    from service.office.uploads.followed import FollowedUploads

    drafts = DraftService(settings, UploadReader(settings))
    return drafts, FollowedUploads(drafts)


def _run(settings: Settings, names: Sequence[str], *, fetch: bool) -> bool:
    """Follow sources and print what was found; returns whether there were problems."""
    has_problems = False
    for name, report in follow_sources(settings, names, fetch=fetch):
        counts = {part: len(getattr(report, part)) for part in ("new", "changed", "gone")}
        out.print(say("sources.report", name=name, unchanged=report.unchanged, **counts))
        for part in counts:
            print_lines([say(f"sources.{part}", title=title) for title in getattr(report, part)])
        for problem in report.problems:
            errors.print(problem)
        has_problems |= bool(report.problems)
        if fetch:
            write_audit_entry(settings, "source fetched", name)
    return has_problems
