"""How documents that staff hand in are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.composition import make_shelf
from service.front_values import READ
from service.ingestion.reading import read_and_stop
from service.ingestion.removing import drop_draft
from service.review.paper import Paper
from service.settings import Settings
from service.uploads.orders import (
    FileOutcome,
    Order,
    Outcome,
    Papers,
    PlanChoices,
    PlanFamilyRow,
    PlanForm,
    PlanRefused,
    Tell,
)

if TYPE_CHECKING:
    from ingest.plan.form import PlanFamily, PlanLabel, PlanStatus, ReadingPlan
    from ingest.report.report import FileReport
    from vectorstore.kept_texts import Texts
    from vectorstore.records import Document, ParsedDocument


@dataclass(frozen=True, slots=True)
class UploadReader:
    """Reads for one data folder; `service.uploads.orders.Reader` says what each part does."""

    settings: Settings

    def read(self, order: Order, folder: Path, tell: Tell) -> Outcome:
        """Add the files of a folder to what is published, or read documents of a draft again; leave a draft."""
        report = read_and_stop(
            self.settings,
            tell,
            paths=tuple(folder / name for name in order.files),
            add=True,
            again=order.base is not None,
            only=order.only,
            draft=True,
            base=order.base,
            unplanned=order.unplanned,
            answers={name: _values(given) for name, given in order.answers.items()},
        )
        return Outcome(report.edition, report.draft, tuple(map(_told, report.files)))

    def papers(self, name: str, drafted: Papers, before: Papers, report: Mapping[str, Any]) -> list[Paper]:
        """Return what a draft has anew or otherwise."""
        files = {one["id"]: one for one in report.get("files", ()) if one["state"] != "rejected"}
        changed = [(key, one) for key, one in drafted.items() if before.get(key) != one]
        return [_paper(one, before.get(key), files.get(key, {})) for key, one in changed]

    def drop(self, name: str) -> None:
        """Drop a draft and what was read for it alone."""
        drop_draft(self.settings, name)

    def choices(self) -> PlanChoices:
        """Return what can be chosen in a plan."""
        from ingest.plan.check import FIELDS, NAMES, PLACES, STATUSES

        return PlanChoices(
            {str(kind): many for kind, (_, many) in NAMES.items()},
            {str(place): words for place, words in PLACES.items()},
            FIELDS,
            {str(status): words for status, words in STATUSES.items()},
        )

    def plan_of(self, document: Document) -> PlanForm:
        """Return a document's plan as a form."""
        from ingest.plan.form import load_plan

        plan = load_plan(document.plan or "")
        return PlanForm(
            tuple(PlanFamilyRow(one.label, str(one.kind), str(one.place)) for one in plan.families),
            tuple((one.label, one.field or "") for one in plan.labels),
            tuple((one.word, str(one.status or "")) for one in plan.statuses),
        )

    def keep_plan(self, document: Document, form: PlanForm) -> None:
        """Keep what a form says otherwise than the plan that was carried out, with what staff said before."""
        from ingest.plan.check import problems
        from ingest.plan.files import kept_plan
        from ingest.plan.form import PlanError, dump_plan, load_plan

        try:
            said = _said(load_plan(document.plan or ""), form)
            source = dump_plan(said)
            told = list(problems(load_plan(source)))
        except (PlanError, ValueError) as error:
            raise PlanRefused(_plainly(error)) from error
        if told:
            raise PlanRefused("\n".join(told))
        self._texts.put(kept_plan(document.id), source.encode())

    def forget_plan(self, document_id: str) -> None:
        """Forget what staff said of a plan."""
        from ingest.plan.files import kept_plan

        self._texts.remove(kept_plan(document_id))

    def is_corrected(self, document: Document) -> bool:
        """Tell whether staff said anything of a document's plan."""
        from ingest.plan.files import kept_plan, staff_parts
        from ingest.plan.form import load_plan

        said = staff_parts(load_plan(document.plan or ""))
        carried_out = bool(said.families or said.labels or said.statuses)
        return carried_out or self._texts.get(kept_plan(document.id)) is not None

    @property
    def _texts(self) -> Texts:
        return make_shelf(self.settings).texts


def _values(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what people gave as values; what says nothing is left out."""
    read = {part: READ[part](text) for part, text in given.items()}
    return {part: value for part, value in read.items() if value is not None}


def _told(file: FileReport) -> FileOutcome:
    return FileOutcome(file.file, not file.is_rejected, file.summary)


def _paper(parsed: ParsedDocument, before: ParsedDocument | None, file: Mapping[str, Any]) -> Paper:
    from ingest.notices import is_of_pages
    from ingest.plan.check import labels_in_words, places_in_words
    from ingest.plan.form import load_plan
    from ingest.report.loose import loose

    plan = load_plan(parsed.document.plan or "")
    warnings = tuple(file.get("warnings", parsed.document.warnings))
    return Paper(
        parsed,
        before=before,
        places=places_in_words(plan),
        plan=tuple(labels_in_words(plan)),
        page_doubts=tuple(filter(is_of_pages, warnings)),
        warnings=tuple(one for one in warnings if not is_of_pages(one)),
        loose=asdict(loose(parsed)),
    )


def _said(plan: ReadingPlan, form: PlanForm) -> ReadingPlan:
    """Return the parts of a form that are others than the plan's, and those that staff said already."""
    from ingest.plan.form import ReadingPlan

    return ReadingPlan(
        language=plan.language,
        families=tuple(_families(plan, form)),
        labels=tuple(_labels(plan, form)),
        statuses=tuple(_statuses(plan, form)),
    )


def _families(plan: ReadingPlan, form: PlanForm) -> Iterator[PlanFamily]:
    from ingest.plan.form import Maker, Place, PlanFamily
    from vectorstore.records import ItemKind

    known = {one.label: one for one in plan.families}
    for row in form.families:
        before, kind, place = known.get(row.label), ItemKind(row.kind), Place(row.place)
        if before is None:
            yield PlanFamily(label=row.label, kind=kind, place=place, by=Maker.STAFF)
        elif form.whole or before.by is Maker.STAFF or (before.kind, before.place) != (kind, place):
            yield before.model_copy(update={"kind": kind, "place": place, "by": Maker.STAFF})


def _labels(plan: ReadingPlan, form: PlanForm) -> Iterator[PlanLabel]:
    from ingest.plan.form import Maker, PlanLabel

    known = {one.label: one for one in plan.labels}
    for name, meant in form.labels:
        before = known.get(name)
        if form.whole or before is None or before.by is Maker.STAFF or before.field != (meant or None):
            yield PlanLabel(label=name, field=meant or None, column=bool(before and before.column), by=Maker.STAFF)


def _statuses(plan: ReadingPlan, form: PlanForm) -> Iterator[PlanStatus]:
    from ingest.plan.form import Maker, PlanStatus
    from vectorstore.records import ItemStatus

    known = {one.word: one for one in plan.statuses}
    for word, meant in form.statuses:
        before, status = known.get(word), ItemStatus(meant) if meant else None
        if form.whole or before is None or before.by is Maker.STAFF or before.status != status:
            yield PlanStatus(word=word, status=status, by=Maker.STAFF)


def _plainly(error: Exception) -> str:
    """Return what is wrong with a plan in words for people who never saw one."""
    if "form einer nummer" in str(error).casefold():
        return "Die Form einer Nummer braucht {n}, {roman}, {letters} oder {a}, oder bleibt leer."
    return "Der Leseplan ist so nicht zu verwenden: Bitte die Auswahl prüfen."
