"""The seam for proposed plans: what a maker says counts where the document bears it out, and staff's word over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.plan.form import Maker, Place, PlanFamily, PlanLabel, ReadingPlan, dump_plan, load_plan
from ingest.plan.makers import MOST, Sample
from ingest.reading import read_source
from ingest.register import RegisterEntry
from ingest.sources import load_source
from vectorstore.records import ItemKind, ParsedDocument

TITLES = ("Jobticket", "Radwege", "Solardächer", "Mehrweg")
TEXT = "# Wege in die Zukunft\n\n" + "\n\n".join(
    f"## Leuchtturm {number} {title}\n\nEin Satz dazu.\n\nWir packen an: Amt {number}"
    for number, title in enumerate(TITLES, start=1)
)
PROPOSED = ReadingPlan(
    families=(PlanFamily(label="Leuchtturm {n}", kind=ItemKind.PROJECT, place=Place.HEADINGS),),
    labels=(PlanLabel(label="Wir packen an", field="responsible"), PlanLabel(label="Steht nirgends", field="cost")),
)


def read(folder: Path, *plans: ReadingPlan, plan: str | None = None) -> ParsedDocument:
    path = folder / "wege.md"
    path.write_text(TEXT, encoding="utf-8")
    entry = RegisterEntry("wege", path, plan_source=plan)
    return read_source(entry, load_source(path), makers=[lambda _, one=one: one for one in plans])


def projects(document: ParsedDocument) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(item.ref, item.title, item.responsible) for item in document.items if item.kind is ItemKind.PROJECT]


def test_what_a_maker_proposes_is_read(tmp_path: Path) -> None:
    assert projects(read(tmp_path)) == []
    document = read(tmp_path, PROPOSED)
    assert projects(document) == [(str(n), title, (f"Amt {n}",)) for n, title in enumerate(TITLES, start=1)]
    plan = load_plan(document.document.plan or "")
    assert [family.by for family in plan.families if family.label] == [Maker.MODEL]
    assert "Steht nirgends" not in dump_plan(plan)


def test_what_the_document_does_not_bear_out_is_dropped(tmp_path: Path) -> None:
    wrong = ReadingPlan(families=(PlanFamily(label="Anker {n}", kind=ItemKind.PROJECT, place=Place.HEADINGS),))
    assert read(tmp_path, wrong).items == read(tmp_path).items


def test_staff_say_otherwise(tmp_path: Path) -> None:
    staff = 'version = 1\n[[family]]\nlabel = "Leuchtturm {n}"\nkind = "measure"\nplace = "headings"\n'
    assert projects(read(tmp_path, PROPOSED, plan=staff)) == []


def test_a_maker_sees_the_beginning_and_some_of_the_rest(tmp_path: Path) -> None:
    seen: list[Sample] = []

    def look(pages: Sequence[Sample]) -> ReadingPlan:
        seen.extend(pages)
        return ReadingPlan()

    path = tmp_path / "lang.txt"
    path.write_text("\n\n".join(f"Zeile {number} sagt etwas." for number in range(3_000)), encoding="utf-8")
    read_source(RegisterEntry("lang", path), load_source(path), makers=[look])
    assert [page.page for page in seen[:3]] == [1, 2, 3] and len(seen) <= MOST and seen[-1].page > 25
    assert seen[0].text.startswith("Zeile 0 sagt etwas.")
