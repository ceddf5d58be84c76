"""What was said of the look of records, over runs: by a register, after a new version, and next
year.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ingest import (
    IngestReport,
    IngestRequest,
    Look,
    RecordExample,
    add_look,
    load_choices,
    remove_look,
    run_ingest,
)
from ingest.readers.looks import PREDECESSOR
from tests.staff.test_record_questions import TITLES, measures, write_concept
from vectorstore import EditionStore
from vectorstore.records import ItemKind

ENTRY = """[[document]]
id = "{id}"
title = "Klimakonzept {year}"
publisher = "Kreis Quonau"
kind = "concept"
status = "adopted"
as_of = {year}-03-01
file = "{id}.pdf"
{more}
"""
LOOK = """
[[document.records]]
kind = "measure"
like = "1 Radweg am Fluss bauen"
page = 2
"""
EXAMPLE = Look(kind="measure", examples=(RecordExample(name="1 Radweg am Fluss bauen", page=2),))


def entry(id_: str, year: int, more: str = "") -> str:
    return ENTRY.format(id=id_, year=year, more=more)


def ingest(folder: Path, *entries: str) -> IngestReport:
    """Ingest a register of these entries; each has a file of its own."""
    for id_ in ("alt", "neu"):
        write_concept(folder / f"{id_}.pdf")
    register = folder / "corpus.toml"
    register.write_text("\n".join(entries), encoding="utf-8")
    request = IngestRequest(manifest=register, replace=True)
    return run_ingest(request, EditionStore(folder / "data"))


def test_a_build_without_people_reads_what_the_register_says(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ingest(tmp_path, entry("alt", 2023))
    assert measures(data, document="alt") == []
    ingest(tmp_path, entry("alt", 2023, LOOK))
    assert measures(data, document="alt") == list(TITLES)
    run_ingest(IngestRequest(again=True), EditionStore(data))
    assert measures(data, document="alt") == list(TITLES)
    ingest(tmp_path, entry("alt", 2023))
    assert measures(data, document="alt") == []


def test_an_earlier_document_takes_over_nothing(tmp_path: Path) -> None:
    store = EditionStore(tmp_path / "data")
    old, new = entry("alt", 2023, 'series = "konzept"'), entry("neu", 2025, 'series = "konzept"')
    ingest(tmp_path, new)
    add_look(store.texts, "neu", EXAMPLE)
    ingest(tmp_path, old, new)
    assert load_choices(store.texts, "alt").looks == ()


@pytest.mark.parametrize("more", ['series = "konzept"', 'replaces = "alt"', ""])
def test_the_next_document_takes_over_what_was_said_and_the_report_says_so(
    tmp_path: Path, more: str
) -> None:
    store = EditionStore(tmp_path / "data")
    series = more if more.startswith("series") else ""
    old, new = entry("alt", 2023, series), entry("neu", 2025, f"distinct = true\n{more}")
    ingest(tmp_path, old)
    add_look(store.texts, "alt", EXAMPLE)
    report = ingest(tmp_path, old, new)
    (warnings,) = (file.warnings for file in report.files if file.id == "neu")
    assert any("1 Radweg am Fluss bauen" in warning for warning in warnings)
    assert measures(store.root, document="neu") == list(TITLES)
    (look,) = load_choices(store.texts, "neu").looks
    assert look.source == PREDECESSOR and look.examples[0].page is None
    remove_look(store.texts, "neu", look.names)
    ingest(tmp_path, old, new)
    assert measures(store.root, document="neu") == []


PLAN = """# Wege im Kreis

## M 1 Radweg bauen

Zuständig: Amt 66

Der Kreis baut einen Radweg am Fluss.

## M 2 Bäume pflanzen

Zuständig: Amt 67

Der Kreis pflanzt Bäume an den Straßen.

## M 3 Busse takten

Zuständig: Amt 68

Der Kreis lässt Busse öfter fahren.
"""
OLD_CHOICES = b'{"families": [["M {n}", "%s"], ["K {n}", "goal"]]}'


@pytest.mark.parametrize("kind", ["project", "none"])
def test_what_an_earlier_version_stored_of_a_family_becomes_a_look(
    tmp_path: Path, kind: str
) -> None:
    store, path = EditionStore(tmp_path / "data"), tmp_path / "wege.md"
    path.write_text(PLAN, encoding="utf-8")
    store.texts.put("choices/wege.json", OLD_CHOICES % kind.encode())
    run_ingest(IngestRequest((path,), dry_run=True), store)
    assert load_choices(store.texts, "wege").looks == ()
    for _ in range(2):
        run_ingest(IngestRequest((path,)), store)
        with closing(store.open()) as opened:
            kinds = {item.kind for item in opened.catalogue.items_of("wege")}
        assert kinds - {ItemKind.SECTION} == {kind} - {"none"}
    choices = load_choices(store.texts, "wege")
    (look,) = choices.looks
    assert look.kind == kind and look.names == ("M 1 Radweg bauen", "M 3 Busse takten")
    assert choices.families == (("K {n}", "goal"),), "it is not in the document yet"
    remove_look(store.texts, "wege", look.names)
    run_ingest(IngestRequest((path,)), store)
    with closing(store.open()) as opened:
        kinds = {item.kind for item in opened.catalogue.items_of("wege")}
    assert ItemKind.MEASURE in kinds
