"""Reports of generated counties read from PDF and text: every number, title, status, unit and place exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.layout.lines import squash
from ingest.reading import read_document
from ingest.register import RegisterEntry
from tests.ingest.county import County, TrueProject, make_county
from tests.ingest.setting import set_pdf, set_text
from vectorstore.records import DocumentKind, Item, ItemKind, ItemStatus, ParsedDocument

SEEDS = tuple(range(1, 9))


BOTH = [(seed, kind) for seed in SEEDS for kind in ("pdf", "text")]
MARKED = [pytest.param(one, id=str(one), marks=[pytest.mark.long] * (one[0] > 2)) for one in BOTH]


@pytest.fixture(scope="module", params=MARKED)
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[County, ParsedDocument]:
    seed, kind = request.param
    county, folder = make_county(seed), tmp_path_factory.mktemp("county")
    pdf, text = set_pdf(county.paper, folder / "report.pdf"), set_text(county.paper, folder / "report.txt", seed)
    entry = RegisterEntry("bericht", pdf, title="Nachhaltigkeitsbericht", kind=DocumentKind.REPORT, text=text)
    return county, read_document(entry, prefer_text=kind == "text")


def _items(document: ParsedDocument, kind: ItemKind) -> dict[str, Item]:
    return {item.ref: item for item in document.items if item.kind is kind and item.status is not ItemStatus.ARCHIVED}


def test_themes_and_goals(read: tuple[County, ParsedDocument]) -> None:
    county, document = read
    assert {ref: item.title for ref, item in _items(document, ItemKind.THEME).items()} == county.themes
    assert {ref: item.title for ref, item in _items(document, ItemKind.GOAL).items()} == county.goals


def test_projects(read: tuple[County, ParsedDocument]) -> None:
    county, document = read
    found = _items(document, ItemKind.PROJECT)
    assert list(found) == [project.ref for project in county.projects]
    for project in county.projects:
        _check_project(project, found[project.ref])


def _check_project(project: TrueProject, item: Item) -> None:
    assert (item.title, item.status) == (project.title, project.status)
    assert item.theme is not None and item.theme.ref == project.theme
    assert item.goal is not None and item.goal.ref == project.goal
    assert item.responsible == project.units
    assert squash(item.cooperation or "") == squash(project.cooperation)
    assert item.municipalities == project.municipalities
    assert item.all_municipalities == project.cooperation.startswith("alle")
    assert squash(item.description or "") == squash(project.description)
    assert squash(item.state or "") == squash(project.state)
    conflicts = {(conflict.field, conflict.text, conflict.table) for conflict in item.conflicts}
    expected = set()
    if project.table_ref != project.ref:
        expected.add(("ref", project.ref, project.table_ref))
    if project.table_status != project.status:
        expected.add(("status", project.status, project.table_status))
    assert conflicts == expected


def test_archive(read: tuple[County, ParsedDocument]) -> None:
    county, document = read
    rows = [item for item in document.items if item.status is ItemStatus.ARCHIVED]
    assert [(r.theme.title if r.theme else "", r.title, r.former_ref) for r in rows] == county.archive


def test_lists_make_no_sections(read: tuple[County, ParsedDocument]) -> None:
    _, document = read
    assert [item.ref for item in document.items if item.kind is ItemKind.SECTION] == [
        "Titel",
        "Einleitung",
        "Wie der Bericht entstand",
    ]


def test_introduction_of_a_theme_is_a_passage_of_it(read: tuple[County, ParsedDocument]) -> None:
    county, document = read
    for ref in county.themes:
        assert len([chunk for chunk in document.chunks if chunk.key == ref]) >= 2


def test_pages_of_items(read: tuple[County, ParsedDocument], tmp_path: Path) -> None:
    _, document = read
    for item in document.items:
        if document.document.pages:
            page = document.document.pages[(item.page or 1) - 1]
            assert page.number == item.page and page.start <= item.start
            assert item.page_label == str(item.page)
        else:
            assert item.page is None and item.page_label is None
