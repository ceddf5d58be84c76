"""Commands about reading plans: show what was understood of a document, check it, and correct it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service.composition import make_store
from service.settings import Settings
from service.terminal.errors import CommandError, DataDir, Exit, fail, sentences, settings_for
from service.terminal.notes import audited
from service.terminal.output import out, print_raw

if TYPE_CHECKING:
    from vectorstore.records import Document

app = typer.Typer(help=say("commands.plans_help"), no_args_is_help=True)
DocumentId = Annotated[str, typer.Argument(metavar="ID", help="Kennung des Dokuments, wie 'documents' sie nennt")]


@app.command(epilog="Beispiel: strategielotse plan show klima-2026 > klima-2026.plan.toml")
def show(document: DocumentId, data_dir: DataDir = None) -> None:
    """Gibt den Leseplan eines Dokuments aus, als TOML zum Bearbeiten."""
    settings = settings_for(data_dir)
    with sentences(settings):
        print_raw(_document(settings, document).plan or "")


@app.command(epilog="Beispiel: strategielotse plan check klima-2026")
def check(document: DocumentId, data_dir: DataDir = None) -> None:
    """Sagt in Worten, was vom Dokument verstanden wurde und was fehlt; Ende mit 1, wo nicht alles sicher ist."""
    from ingest.plan.check import is_complete, outcome_in_words, plan_in_words, problems
    from ingest.plan.form import load_plan

    settings = settings_for(data_dir)
    with sentences(settings):
        found = _document(settings, document)
        plan = load_plan(found.plan or "")
    for line in [*plan_in_words(plan), *problems(plan), *outcome_in_words(found)]:
        out.print(line, soft_wrap=True)
    if not is_complete(found):
        raise typer.Exit(Exit.REJECTED)


@app.command(epilog="Beispiel: strategielotse plan edit klima-2026 --from plan.toml")
def edit(
    document: DocumentId,
    source: Annotated[Path | None, typer.Option("--from", help=say("commands.plan_from"))] = None,
    data_dir: DataDir = None,
) -> None:
    """Berichtigt den Leseplan, in EDITOR oder aus einer Datei; er gilt ab dem nächsten Einlesen."""
    from ingest.plan.check import problems
    from ingest.plan.files import kept_plan, kept_text
    from ingest.plan.form import PlanError, load_plan

    settings = settings_for(data_dir)
    with sentences(settings, PlanError):
        store = make_store(settings)
        before = kept_text(store.texts, kept_plan(document)) or _document(settings, document).plan or ""
        text = source.read_text(encoding="utf-8") if source else _edited(before, document)
        told = list(problems(load_plan(text)))
        if told:
            raise fail("\n".join(told))
        if text == before and not source:
            out.print(say("commands.plan_same"))
            return
        store.texts.put(kept_plan(document), text.encode())
        audited(settings, "plan corrected", document)
    out.print(say("commands.plan_kept", id=document))


def _document(settings: Settings, document: str) -> Document:
    with closing(make_store(settings).open()) as edition:
        found = edition.catalogue.documents.get(document)
    if found is None:
        raise CommandError(say("commands.no_document", id=document))
    if not found.plan:
        raise CommandError(say("commands.read_earlier"))
    return found


def _edited(text: str, document: str) -> str:
    """Return the text as somebody leaves it in the editor that EDITOR names."""
    import tempfile

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor or not sys.stdin.isatty():
        raise CommandError(say("commands.no_editor"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{document}.plan.toml"
        file.write_text(text, encoding="utf-8")
        if subprocess.run([*shlex.split(editor), str(file)], check=False).returncode:
            raise CommandError(say("commands.editor_failed"))
        return file.read_text(encoding="utf-8")
