"""The commands `sources check` and `sources fetch`, on followed sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service import Settings
from service.terminal import (
    CommandError,
    CommandLine,
    DataDir,
    Exit,
    argument,
    error_console,
    print_lines,
    print_text,
    settings_for,
    system_user,
    write_audit_entry,
)

if TYPE_CHECKING:
    from service.followed_sources import FollowedSource, SourceReport
    from service.office.uploads import DraftService, SourceRuns

app = CommandLine(say("commands.sources_help"))
Names = Annotated[list[str] | None, argument("QUELLE...", "commands.sources_names")]


@app.command("check", epilog="Beispiel: strategielotse sources check")
def check(names: Names = None, data_dir: DataDir = None) -> None:
    """Zeigt, was ein Abruf holen würde; geholt und verändert wird nichts."""
    settings = settings_for(data_dir)
    runs = make_runs(make_drafts(settings))
    has_problems = _report(runs.check, _choose(runs, names or ()))
    if has_problems:
        raise typer.Exit(Exit.REJECTED)


@app.command("fetch", epilog="Beispiel: strategielotse sources fetch")
def fetch(names: Names = None, data_dir: DataDir = None) -> None:
    """Holt sofort Neues und Geändertes als Entwürfe; veröffentlicht und gelöscht wird nichts."""
    settings = settings_for(data_dir)
    drafts = make_drafts(settings)
    runs = make_runs(drafts)
    chosen = _choose(runs, names or ())
    try:
        with runs.writing():
            has_problems = _report(runs.fetch, chosen)
            problems = runs.read_waiting(system_user())
    finally:
        drafts.jobs.close()
    for problem in problems:
        error_console.print(problem)
    for source in chosen:
        write_audit_entry(settings, "source fetched", source.name)
    if has_problems or problems:
        raise typer.Exit(Exit.REJECTED)


def make_drafts(settings: Settings) -> DraftService:
    """Return the service for drafts of a data folder."""
    from service.cli.ingestion.uploads import UploadReader
    from service.office.uploads import DraftService

    return DraftService(settings, UploadReader(settings))


def make_runs(drafts: DraftService) -> SourceRuns:
    """Return what checks and fetches the followed sources; raises CommandError without any."""
    if not drafts.has_sources:
        raise CommandError(say("sources.none_set", path=drafts.sources_file))
    from service.office.uploads import SourceRuns

    return SourceRuns(drafts)


def _choose(runs: SourceRuns, names: Sequence[str]) -> list[FollowedSource]:
    """Return the sources with these names, all if none are named; raises CommandError for an
    unknown name.
    """
    sources = {source.name: source for source in runs.sources.source}
    unknown = [name for name in names if name not in sources]
    if unknown:
        raise CommandError(say("sources.not_known", names=", ".join(unknown)))
    return [sources[name] for name in names or sources]


def _report(
    run: Callable[[FollowedSource], SourceReport], sources: Sequence[FollowedSource]
) -> bool:
    """Run over each source, and print what it found; True if there were problems.

    `run` checks or fetches a source. A source with problems does not end the run over the others.
    """
    has_problems = False
    for source in sources:
        report = run(source)
        found = {"new": report.new, "changed": report.changed, "gone": report.gone}
        counts = {part: len(titles) for part, titles in found.items()}
        print_text("sources.report", name=source.name, unchanged=report.unchanged, **counts)
        for part, titles in found.items():
            print_lines([say(f"sources.{part}", title=title) for title in titles])
        for problem in report.problems:
            error_console.print(problem)
        has_problems |= bool(report.problems)
    return has_problems
