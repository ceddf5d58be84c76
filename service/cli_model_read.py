"""`model read`: a model reads the published papers; what it proposes is checked and published. Composition root."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from service.composition import make_ingest_model, make_store
from service.ingestion.reading import limits_of
from service.settings import PREFIX, Settings
from service.terminal.cost import requests_told, require_agreed, tokens_told
from service.terminal.errors import CommandError, DataDir, Exit, errors, sentences, settings_for
from service.terminal.notes import As, audited
from service.terminal.output import out, print_table, progress_bar

if TYPE_CHECKING:
    from service.model_reading.asking import Asking, Request
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore
    from vectorstore.records import Document

Documents = Annotated[
    list[str] | None, typer.Option("--document", metavar="ID", help="Nur dieses Dokument; mehrfach möglich")
]


def read(
    document: Documents = None,
    yes: Annotated[bool, typer.Option("--yes", help="Nicht fragen, bevor es etwas kostet")] = False,
    person: As = None,
    data_dir: DataDir = None,
) -> None:
    """Lässt ein Sprachmodell Papiere lesen: Leseplan und Titelei, wo sie unsicher sind."""
    from ingest.plan.form import PlanError

    settings = settings_for(data_dir)
    with sentences(settings, PlanError):
        complete = read_papers(settings, document or (), yes=yes)
        audited(settings, "papers read", ", ".join(document or ()) or "alle Dokumente", person)
    if not complete:
        raise typer.Exit(Exit.REJECTED)


def read_papers(settings: Settings, documents: Sequence[str], *, yes: bool) -> bool:
    """Ask about what was not asked yet, check what is replied, publish it; False where something is left.

    Raises CommandError, a StoreError, and OSError where what is replied cannot be kept.
    """
    from service.model_reading.asking import Asking, estimate
    from service.question_writing.cache import REPLIES, written_cache

    access, store = make_ingest_model(settings), make_store(settings)
    if access is None:
        raise CommandError(f"Es ist kein Modell eingestellt, das Papiere liest: {PREFIX}INGEST_MODEL=openai:NAME@URL")
    with written_cache(settings.data_dir, REPLIES) as cache:
        asking = Asking(access, cache)
        with closing(store.open()) as edition:
            wanted = _Wanted.of(edition, store, documents)
        missing = asking.missing(wanted.requests)
        if missing:
            expected = estimate(missing)
            told = f"{access.name} ({access.host}): {requests_told(len(missing))}"
            out.print(f"{told}, etwa {tokens_told(expected, access.limits)}.")
            require_agreed(expected, access.limits, yes=yes)
        done = _propose(settings, store, asking, wanted)
    out.print(f"Gefragt: {tokens_told(asking.tokens, access.limits)}." if missing else "Es ist nichts zu fragen.")
    return done and _went_through(asking)


@dataclass(slots=True)
class _Wanted:
    """What a model may be asked of an edition: plans and front matter by document."""

    plans: dict[str, Request] = field(default_factory=dict)
    fronts: dict[str, Request] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)

    @property
    def requests(self) -> list[Request]:
        return [*self.plans.values(), *self.fronts.values()]

    @classmethod
    def of(cls, edition: Edition, store: EditionStore, documents: Sequence[str]) -> _Wanted:
        from ingest.front_proposed import asked_parts, shown_front
        from ingest.plan.proposed import FIELDS, KINDS, is_unsure, shown
        from service.model_reading.plans import front_request, plan_request

        known = edition.catalogue.documents
        wanted = cls(documents={name: known[name] for name in _named(edition, documents)})
        for name, one in wanted.documents.items():
            if one.language == "de" and one.plan and is_unsure(one) and not _is_proposed(store, one):
                wanted.plans[name] = plan_request(shown(one), KINDS, FIELDS)
            if one.language == "de" and asked_parts(one):
                wanted.fronts[name] = front_request(shown_front(one))
        return wanted


def _named(edition: Edition, documents: Sequence[str]) -> list[str]:
    for name in documents:
        if name not in edition.catalogue.documents:
            raise CommandError(f"Ein Dokument „{name}“ gibt es nicht.")
    return list(documents or edition.catalogue.documents)


def _is_proposed(store: EditionStore, document: Document) -> bool:
    """Tell whether a plan was proposed for exactly this file."""
    from ingest.plan.files import kept_text, proposal

    return document.digest in (kept_text(store.texts, proposal(document.id)) or "").partition("\n")[0]


def _propose(settings: Settings, store: EditionStore, asking: Asking, wanted: _Wanted) -> bool:
    """Ask for plans and front matter, keep what is in order, and read those papers by it; False where one is not."""
    with progress_bar() as progress:
        asking.ask([*wanted.plans.values(), *wanted.fronts.values()], progress)
    plans = [_keep_plan(store, asking, wanted.documents[name], request) for name, request in wanted.plans.items()]
    fronts = [_keep_front(store, asking, wanted.documents[name], request) for name, request in wanted.fronts.items()]
    kept = zip((*wanted.plans, *wanted.fronts), (*plans, *fronts), strict=True)
    names = list(dict.fromkeys(name for name, changed in kept if changed))
    read = _read_again(settings, store, names, wanted) if names else True
    return read and False not in plans


def _keep_plan(store: EditionStore, asking: Asking, document: Document, request: Request) -> bool | None:
    """Keep the plan that was proposed for a document; False where it is none, None where nothing was replied."""
    from ingest.plan.files import proposal
    from ingest.plan.form import PlanError, dump_plan
    from ingest.plan.proposed import read_proposal

    if (reply := asking.reply(request)) is None:
        return None
    try:
        plan = dump_plan(read_proposal(reply))
    except PlanError as error:
        errors.print(f"{document.id}: {error} Es bleibt beim erkannten Leseplan.")
        return False
    text = f"# {request.origin(asking.access.name)} {document.digest}\n{plan}"
    store.texts.put(proposal(document.id), text.encode())
    return True


def _keep_front(store: EditionStore, asking: Asking, document: Document, request: Request) -> bool | None:
    """Keep the front matter that was proposed for a document and that it proves; None where that is nothing new."""
    from ingest.front_proposed import dump_front, read_front
    from ingest.plan.files import front_proposal, kept_text

    parts = read_front(asking.reply(request) or "", document)
    name, text = front_proposal(document.id), dump_front(parts)
    if not parts or kept_text(store.texts, name) == text:
        return None
    store.texts.put(name, text.encode())
    return True


def _read_again(settings: Settings, store: EditionStore, names: list[str], wanted: _Wanted) -> bool:
    """Read papers by what was proposed for them, where the edition keeps their file; False where one is rejected."""
    from hashlib import sha256

    from ingest import workers
    from ingest.job import IngestRequest, run_ingest
    from ingest.plan.files import forget_proposals

    originals, _ = store.stored()
    same = [
        name
        for name in names
        if name in originals and sha256(originals[name].read_bytes()).hexdigest() == wanted.documents[name].digest
    ]
    for name in set(names) - set(same):
        out.print(f"{name}: Der Vorschlag gilt ab dem nächsten Einlesen.")
    if not same:
        return True
    request = IngestRequest(again=True, add=True, only=tuple(same), limits=limits_of(settings))
    with progress_bar() as progress:
        report = run_ingest(request, store, progress)
    workers.stop()
    forget_proposals(store.texts, [one.id for one in report.rejected])
    print_table(report.table())
    return not report.rejected


def _went_through(asking: Asking) -> bool:
    from service.model_check.advice import failed

    if asking.failure is None:
        return True
    access = asking.access
    errors.print(f"{access.name} ({access.host}): {failed(asking.failure, access.limits.seconds)}")
    errors.print("Noch einmal ausgeführt, geht es dort weiter, wo es aufgehört hat.")
    return False
