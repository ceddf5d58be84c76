"""What holds on the real documents holds on copies with other titles, numbers, order, municipalities and county."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.reading import read_document
from ingest.register import RegisterEntry
from tests.ingest.mutations import mutate_report, renumber, set_copy, shuffle_parts
from tests.ingest.real import entries, needs_corpus, read
from vectorstore.records import DocumentKind, Item, ItemKind, ItemStatus, ParsedDocument

pytestmark = needs_corpus
SOEST, GOALS = "soest-nachhaltigkeitsreport-2023", "coesfeld-strategische-ziele-2025"
THESES, MOTION = "heinsberg-leitbild-entwurf", "coesfeld-antrag-digitaler-wandel-2021"
both = pytest.mark.parametrize("kind", ("pdf", "text"))


def _text(name: str) -> str:
    path = entries()[name].text
    assert path is not None
    return path.read_text(encoding="utf-8")


def _read(path: Path, kind: DocumentKind) -> ParsedDocument:
    return read_document(RegisterEntry("copy", path, title="Kopie", kind=kind))


def _projects(document: ParsedDocument) -> dict[str, Item]:
    found = (item for item in document.items if item.kind is ItemKind.PROJECT)
    return {item.ref: item for item in found if item.status is not ItemStatus.ARCHIVED}


@both
@pytest.mark.parametrize("seed", (1, 2, 3))
def test_report(tmp_path: Path, kind: str, seed: int) -> None:
    original = _projects(read(SOEST, "text"))
    towns = sorted({town for project in original.values() for town in project.municipalities} | {"Soest"})
    titles = {ref: (project.title, project.table_title or "") for ref, project in original.items()}
    changed = mutate_report(_text(SOEST), titles, towns, seed)
    header = "Nachhaltigkeitsreport Kreis " + changed.names["Soest"]
    copy = _read(set_copy(changed.text, header, tmp_path, kind), DocumentKind.REPORT)
    projects = _projects(copy)
    assert {ref: project.title for ref, project in projects.items()} == changed.titles
    for ref, project in original.items():
        other = projects[renumber(ref, changed.themes)]
        assert (other.status, other.responsible, other.all_municipalities) == (
            project.status, project.responsible, project.all_municipalities,
        )  # fmt: skip
        assert other.municipalities == tuple(changed.names[town] for town in project.municipalities)
        assert len(other.conflicts) == len(project.conflicts)
    _check_frame(copy)


def _check_frame(copy: ParsedDocument) -> None:
    kinds = [item.kind for item in copy.items]
    assert (kinds.count(ItemKind.THEME), kinds.count(ItemKind.GOAL)) == (6, 33)
    assert sum(item.status is ItemStatus.ARCHIVED for item in copy.items) == 9
    assert all(item.page for item in copy.items) == bool(copy.document.pages)


@both
@pytest.mark.parametrize("seed", (1, 2))
def test_strategy(tmp_path: Path, kind: str, seed: int) -> None:
    text, titles = shuffle_parts(_text(GOALS), seed)
    text = re.sub(r"^\|(?P<t>[^|]+)\|\s*(?P<n>\d+)\s*\|$", r"\g<t>\t\g<n>", text, flags=re.M)
    text = re.sub(r"^[|\s-]+$", "", text, flags=re.M).replace("Coesfeld", "Quonau")
    copy = _read(set_copy(text, "Strategische Ziele - Entwurf", tmp_path, kind), DocumentKind.STRATEGY)
    assert [item.title for item in copy.items if item.kind is ItemKind.GOAL] == titles
    assert sum(item.kind is ItemKind.MEASURE for item in copy.items) == 132
    assert sum(item.kind is ItemKind.PRINCIPLE for item in copy.items) == 5


def test_theses(tmp_path: Path) -> None:
    text = _text(THESES).replace("Heinsberg", "Tevsal")
    for old, new in (("Wohnen", "Bauen"), ("Finanzen", "Haushalt"), ("Umwelt", "Landschaft")):
        text = text.replace(f". {old}", f". {new}")
    copy = _read(set_copy(text, "", tmp_path, "text"), DocumentKind.GUIDING_PRINCIPLES)
    titles = {item.ref: item.title for item in copy.items if item.kind is ItemKind.THESIS}
    assert len(titles) == 10 and (titles["3"], titles["6"], titles["10"]) == ("Bauen", "Landschaft", "Haushalt")


def test_motion_with_arabic_points(tmp_path: Path) -> None:
    text = _text(MOTION).replace("Coesfeld", "Marfel").replace("\n\nBeschluss \n", "\n\nBeschlussvorschlag: \n")
    for number, roman in reversed(list(enumerate(("I", "II", "III", "IV", "V"), start=1))):
        text = re.sub(rf"^\s?{roman}\. ", f"{number}. ", text, flags=re.M)
    copy = _read(set_copy(text, "", tmp_path, "text"), DocumentKind.MOTION)
    assert [item.ref for item in copy.items if item.kind is ItemKind.RESOLUTION] == ["1", "2", "3", "4", "5"]
    assert any(item.ref == "Begründung" for item in copy.items)
