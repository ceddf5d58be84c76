"""Plans that a model proposes: read strictly, held against the document, kept only where more is complete."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.job import IngestRequest, run_ingest
from ingest.limits import ReadingLimits
from ingest.plan.files import forget_proposals, proposal
from ingest.plan.form import Maker, PlanError, dump_plan, load_plan
from ingest.plan.proposed import KEPT, NOT_KEPT, PAGES, is_unsure, read_proposal, shown
from ingest.reading import read_document, read_source
from ingest.register import RegisterEntry
from ingest.sources import Copy, load_source
from ingest.workers import Task
from tests.papers import papers
from vectorstore.editions import EditionStore
from vectorstore.records import ItemKind, ParsedDocument

TITLES = ("Jobticket", "Radwege", "Solardächer", "Mehrweg")
TEXT = "# Wege in die Zukunft\n\n## Projekte\n\n" + "\n\n".join(
    f"### Leuchtturm {number} {title}\n\nEin Satz dazu.\n\nWir packen an: Amt {number}"
    for number, title in enumerate(TITLES, start=1)
)
FAMILY = {"label": "Leuchtturm {n}", "kind": "project", "place": "headings"}
LABELS = [{"label": "Wir packen an", "field": "responsible"}, {"label": "Steht nirgends", "field": "cost"}]
RIGHT = {"families": [FAMILY], "labels": LABELS}


def proposed(plan: Any) -> str:
    return dump_plan(read_proposal(json.dumps(plan)))


def read(folder: Path, source: str | None = None, plan: str | None = None) -> ParsedDocument:
    path = folder / "wege.md"
    path.write_text(TEXT, encoding="utf-8")
    return read_source(RegisterEntry("wege", path, proposed=source, plan_source=plan), load_source(path))


def projects(document: ParsedDocument) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(item.ref, item.title, item.responsible) for item in document.items if item.kind is ItemKind.PROJECT]


def test_a_proposal_by_which_more_is_complete_is_kept(tmp_path: Path) -> None:
    induced = read(tmp_path)
    assert projects(induced) == [] and is_unsure(induced.document)
    document = read(tmp_path, proposed(RIGHT))
    assert projects(document) == [(str(n), title, (f"Amt {n}",)) for n, title in enumerate(TITLES, start=1)]
    plan = load_plan(document.document.plan or "")
    assert [family.by for family in plan.families] == [Maker.MODEL] and KEPT in document.document.warnings
    assert [(one.label, one.by) for one in plan.labels if one.field] == [("Wir packen an", Maker.MODEL)]
    assert not is_unsure(document.document)


def test_of_an_outline_without_labels_every_record_is_found(tmp_path: Path) -> None:
    paper = next(one for one in papers(1) if one.file_name.startswith("55-outline-3-2-1"))
    path = paper.write(tmp_path)
    entry = RegisterEntry("outline", path)
    assert not [item for item in read_document(entry).items if item.kind is ItemKind.MEASURE]
    plan = {"families": [{"label": "{n}.{n}.{n}", "kind": "measure", "place": "headings"}]}
    read_by_it = read_source(RegisterEntry("outline", path, proposed=proposed(plan)), load_source(path))
    found = [(item.ref, item.title) for item in read_by_it.items if item.kind is ItemKind.MEASURE]
    assert found == [(one.ref, one.title) for one in paper.truth.records if one.kind == "measure"] and len(found) == 48


def test_goals_without_numbers_are_found_by_their_labels(tmp_path: Path) -> None:
    path = tmp_path / "felder.md"
    path.write_text(
        "# Klinikstrategie\n\n## Felder\n\n"
        + "\n\n".join(
            f"### {title}\n\n#### Strategisches Ziel\n\n{title} gelingt allen.\n\n"
            f"#### Strategische Ansätze\n\n- Das Haus prüft {title}.\n- Das Haus fördert {title}."
            for title in TITLES
        ),
        encoding="utf-8",
    )
    induced = read_document(RegisterEntry("felder", path))
    assert is_unsure(induced.document) and not [one for one in induced.items if one.kind is ItemKind.GOAL]
    labels = [{"label": "Strategisches Ziel", "field": "goal"}, {"label": "Strategische Ansätze", "field": "steps"}]
    plan = {"families": [{"label": "", "kind": "goal", "place": "sheets"}], "labels": labels}
    read_by_it = read_source(RegisterEntry("felder", path, proposed=proposed(plan)), load_source(path))
    assert [item.title for item in read_by_it.items if item.kind is ItemKind.GOAL] == list(TITLES)


@pytest.mark.parametrize(
    "plan",
    [
        {"families": [{"label": "Anker {n}", "kind": "project", "place": "headings"}]},
        {"families": [{"label": "{n}", "kind": "project", "place": "headings"}]},
        {"families": [FAMILY | {"kind": "section"}]},
        {"families": [{"label": "Tabelle {n}", "kind": "measure", "place": "headings"}]},
        {"labels": [{"label": "Ein Satz dazu", "field": "title"}]},
    ],
)
def test_a_proposal_that_does_not_read_better_changes_nothing(tmp_path: Path, plan: dict[str, Any]) -> None:
    induced, tried = read(tmp_path), read(tmp_path, proposed(plan))
    assert (tried.items, tried.document.plan) == (induced.items, induced.document.plan)
    assert tried.document.warnings == (*induced.document.warnings, NOT_KEPT)


def test_chapters_that_run_on_are_no_records(tmp_path: Path) -> None:
    path = tmp_path / "kapitel.md"
    path.write_text(
        "# Plan\n\nEr enthält 40 Maßnahmen.\n\n" + "\n\n".join(f"## {n} Kapitel {n}\n\nText." for n in range(1, 8))
    )
    plan = {"families": [{"label": "{n}", "kind": "measure", "place": "headings"}]}
    read_by_it = read_source(RegisterEntry("kapitel", path, proposed=proposed(plan)), load_source(path))
    assert not any(one.complete for one in read_by_it.document.families if one.kind is ItemKind.MEASURE)


def test_a_paper_that_may_be_read_twice_has_twice_the_time(tmp_path: Path) -> None:
    entry, limits = RegisterEntry("wege", tmp_path / "wege.md"), ReadingLimits(seconds=10.0)
    copy = Copy(entry.file, "wege.md", "")
    both = Task(replace(entry, proposed=proposed(RIGHT)), copy)
    assert (Task(entry, copy).seconds(limits), both.seconds(limits)) == (10.0, 20.0)


def test_staff_say_otherwise(tmp_path: Path) -> None:
    staff = 'version = 1\n[[family]]\nlabel = "Leuchtturm {n}"\nkind = "measure"\nplace = "headings"\n'
    assert read(tmp_path, proposed(RIGHT), staff) == read(tmp_path, None, staff)


def test_what_is_known_to_be_complete_is_not_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "gut.md"
    path.write_text("# Konzept\n\n" + "\n\n".join(f"## Maßnahme {n}: Rad\n\nZuständig: Amt {n}" for n in range(1, 5)))
    induced = read_document(RegisterEntry("gut", path))
    assert not is_unsure(induced.document)
    assert read_source(RegisterEntry("gut", path, proposed=proposed(RIGHT)), load_source(path)) == induced


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Gern! Der Plan: zuerst die Maßnahmen.",
        '{"families": [',
        '{"families": "alle"}',
        "[]",
        "{}",
        json.dumps({"families": [], "labels": []}),
        json.dumps({"families": [FAMILY], "befehl": "lösche alles"}),
        json.dumps({"families": [FAMILY | {"place": "überall"}]}),
        json.dumps({"families": [FAMILY | {"label": "Leuchtturm"}]}),
        json.dumps({"families": [FAMILY, FAMILY]}),
        '{"a":' * 100_000,
    ],
)
def test_what_is_no_plan_is_refused(reply: str) -> None:
    with pytest.raises(PlanError):
        read_proposal(reply)


def test_a_plan_is_found_in_what_stands_around_it() -> None:
    by_staff = {"families": [FAMILY | {"by": "staff"}], "statuses": [{"word": "Idee", "status": "implemented"}]}
    plan = read_proposal(f"Hier:\n```json\n{json.dumps(by_staff)}\n```\nGruß")
    assert [one.by for one in plan.families] == [Maker.MODEL] and plan.statuses == ()


def test_a_model_sees_the_beginning_and_some_of_the_rest_behind_bars(tmp_path: Path) -> None:
    path = tmp_path / "lang.txt"
    lines = [f"Zeile {number} sagt {'etwas' if number % 2 else 'mehr'}." for number in range(3_000)]
    path.write_text("\n\n".join(["=== Seite 1 ===", *lines]), encoding="utf-8")
    seen = shown(read_document(RegisterEntry("lang", path)).document)
    heads = [line for line in seen.splitlines() if line and not line.startswith("| ")]
    pages = [head for head in heads if head.startswith("=== Seite ")]
    assert pages[:3] == ["=== Seite 1 ===", "=== Seite 2 ===", "=== Seite 3 ==="] and len(pages) <= PAGES
    assert len(heads) == len(pages) + 2 and "| 1500× Zeile # sagt etwas." in seen and "| Zeile 0 sagt mehr." in seen


def test_an_edition_is_read_by_the_proposal_in_its_data_folder(tmp_path: Path) -> None:
    path, store = tmp_path / "wege.md", EditionStore(tmp_path / "data")
    path.write_text(TEXT, encoding="utf-8")
    first = run_ingest(IngestRequest((path,)), store)
    store.texts.put(proposal("wege"), proposed(RIGHT).encode())
    second = run_ingest(IngestRequest((path,)), store)
    assert "project" not in first.files[0].counts and second.files[0].counts["project"] == 4
    assert KEPT in second.files[0].warnings and KEPT in second.files[0].summary
    store.texts.put(proposal("wege"), b"unlesbar [")
    assert run_ingest(IngestRequest((path,)), store).files[0].counts == first.files[0].counts
    forget_proposals(store.texts, ["wege", "gibtesnicht"])
    third = run_ingest(IngestRequest((path,)), store)
    assert (third.files[0].counts, third.files[0].warnings) == (first.files[0].counts, first.files[0].warnings)
