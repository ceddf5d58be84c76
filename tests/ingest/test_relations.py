"""The same document twice, and one that repeals another: which counts, and where that is told."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ingest import decide_relation, forget_choices, load_relations
from tests.ingest.cases import cases, values
from tests.ingest.formats import paper
from tests.ingest.papers import PROSE
from tests.ingest.runs import documents, ingest, write_paper, write_register
from vectorstore import EditionStore

MEASURES = ("Trinkbrunnen am Markt", "Bäume am Schulweg", "Telefon für Ältere")
TITLE = "Hitzeplan der Stadt Moorau"
TEXT = "Die Stadt kühlt ihre Plätze und hilft allen, die allein leben"


def write_plan(path: Path, more: str = "") -> Path:
    """Write the plan in the format that a file of this name has."""
    blocks = [f"# {TITLE}", "Stand: 10. Juni 2026"]
    for number, title in enumerate(MEASURES, 1):
        blocks += [f"## M {number} {title}", f"Zuständig: Amt {number}. {TEXT}{more}"]
    path.write_bytes(paper(f"a{path.suffix}", *blocks))
    return path


def superseded(store: EditionStore) -> dict[str, str | None]:
    with closing(store.open()) as edition:
        return dict(edition.catalogue.superseded)


def test_of_a_text_in_two_files_the_one_with_pages_counts(
    store: EditionStore, tmp_path: Path
) -> None:
    report = ingest(store, write_plan(tmp_path / "a.docx"), write_plan(tmp_path / "b.pdf"))
    warnings = {file.id: " ".join(file.warnings) for file in report.files}
    assert "Derselbe Text wie „b“" in warnings["a"] and warnings["b"] == ""
    assert documents(store)["a"].same_as == "b" and superseded(store) == {"a": "b"}


def test_of_a_text_in_three_files_the_newest_alone_counts(
    store: EditionStore, tmp_path: Path
) -> None:
    paths = []
    for name, year in (("a", 2020), ("b", 2021), ("c", 2022)):
        path = tmp_path / f"{name}.md"
        lines = [f"# {TITLE}", f"Stand: 10. Juni {year}"]
        lines += [f"## {title}\n\n{TEXT} ({title}). {PROSE}" for title in MEASURES]
        path.write_text("\n\n".join(lines), encoding="utf-8")
        paths.append(path)
    ingest(store, *paths)
    assert superseded(store) == {"a": "c", "b": "c"}


def test_what_was_published_before_is_compared_too(store: EditionStore, tmp_path: Path) -> None:
    ingest(store, write_plan(tmp_path / "b.pdf"))
    ingest(store, write_plan(tmp_path / "a.docx"), add=True)
    assert superseded(store) == {"a": "b"}
    ingest(store, write_plan(tmp_path / "a.docx"), replace=True)
    assert documents(store)["a"].same_as is None and superseded(store) == {}


def test_other_texts_and_distinct_ones_all_count(store: EditionStore, tmp_path: Path) -> None:
    other = " und pflanzt im Herbst an jeder Straße der Altstadt neue Linden."
    word_file = write_plan(tmp_path / "a.docx", other)
    ingest(store, word_file, write_plan(tmp_path / "b.pdf"))
    assert superseded(store) == {}
    write_plan(tmp_path / "a.docx")
    entry = 'title = "Plan"\npublisher = "Moorau"\nkind = "plan"\nstatus = "published"\n'
    register = tmp_path / "register.toml"
    first = f'[[document]]\nid = "a"\nfile = "a.docx"\ndistinct = true\n{entry}'
    second = f'[[document]]\nid = "b"\nfile = "b.pdf"\ndistinct = true\n{entry}'
    register.write_text(first + second, encoding="utf-8")
    ingest(store, manifest=register, replace=True)
    assert superseded(store) == {}
    ingest(store, again=True)
    assert documents(store)["a"].distinct and superseded(store) == {}


def statute(path: Path, title: str, day: str, end: str = "") -> Path:
    parts = [f"# {title}", f"Beschlossen am {day}", "## § 1 Zweck", PROSE]
    path.write_text("\n\n".join([*parts, "## § 2 Inkrafttreten", end or PROSE]), encoding="utf-8")
    return path


@cases("end")
def test_what_another_document_repeals_is_out_of_force(
    store: EditionStore, tmp_path: Path, end: str
) -> None:
    old = statute(tmp_path / "alt.md", "Marktsatzung der Stadt Moorau", "3. Mai 2015")
    new = statute(tmp_path / "neu.md", "Marktsatzung der Stadt Moorau", "2. Juni 2026", end)
    other = statute(tmp_path / "hund.md", "Hundesatzung der Stadt Moorau", "4. Mai 2016")
    report = ingest(store, old, new, other)
    assert superseded(store) == {"alt": "neu"} and documents(store)["alt"].repealed_by == "neu"
    told = {file.id: " ".join(file.warnings) for file in report.files}
    assert "Außer Kraft nach „neu“" in told["alt"]


@cases("end")
def test_what_nothing_repeals_stays_in_force(store: EditionStore, tmp_path: Path, end: str) -> None:
    old = statute(tmp_path / "alt.md", "Marktsatzung der Stadt Moorau", "3. Mai 2015")
    new = statute(tmp_path / "neu.md", "Festsatzung der Stadt Moorau", "2. Juni 2026", end)
    ingest(store, old, new)
    assert superseded(store) == {}


def yearly(path: Path, year: int, number: int, title: str = "Klimabericht") -> Path:
    """A report of a year with a number of measures."""
    heads = [
        f"## M {place} Weg {place * year}\n\nZuständig: Amt {place}" for place in range(number)
    ]
    own = " ".join(f"Wort{year}{place}" for place in range(60))
    parts = [f"# {title} {year} der Stadt Moorau", f"Stand: 3. Mai {year}", own, *heads]
    path.write_text("\n\n".join(parts), encoding="utf-8")
    return path


def test_of_a_series_the_newest_counts_and_staff_may_decide_otherwise(
    store: EditionStore, tmp_path: Path
) -> None:
    old, new = yearly(tmp_path / "alt.md", 2023, 3), yearly(tmp_path / "neu.md", 2025, 5)
    part = yearly(tmp_path / "teil.md", 2025, 2, "Klimabericht Teil 2")
    report = ingest(store, old, new, part)
    assert superseded(store) == {"alt": "neu"} and documents(store)["alt"].followed_by == "neu"
    assert "Neuer ist „neu“" in " ".join(next(f for f in report.files if f.id == "alt").warnings)
    pair = ("neu", "alt")
    decide_relation(store.texts, pair, "followed_by", "", None)
    ingest(store, old, new, part)
    assert superseded(store) == {}
    with pytest.raises(ValueError):  # somebody else decided meanwhile
        decide_relation(store.texts, pair, "followed_by", "alt", None)
    decide_relation(store.texts, pair, "followed_by", "alt", "")
    ingest(store, again=True)
    assert superseded(store) == {"neu": "alt"}
    forget_choices(store.texts, ["alt"])
    ingest(store, again=True)
    assert superseded(store) == {"alt": "neu"} and load_relations(store.texts) == {}


def test_the_copy_that_staff_chose_is_followed_too(store: EditionStore, tmp_path: Path) -> None:
    old = [yearly(tmp_path / name, 2023, 3) for name in ("a.md", "b.md")]
    ingest(store, *old, yearly(tmp_path / "neu.md", 2025, 5))
    decide_relation(store.texts, ("a", "b"), "same_as", "b", None)
    ingest(store, again=True)
    assert superseded(store) == {"a": "b", "b": "neu"}


def test_a_series_is_no_document_of_its_name(store: EditionStore, tmp_path: Path) -> None:
    entries = values(__file__, "plans")
    for entry in entries:
        write_paper(tmp_path / entry["file"])
    ingest(store, manifest=write_register(tmp_path, *entries))
    assert superseded(store) == {"alt": "neu"}


def test_without_a_publisher_nothing_is_a_series(store: EditionStore, tmp_path: Path) -> None:
    for year in (2023, 2025):
        text = f"# Klimabericht {year}\n\nWir berichten über das Jahr {year}. {PROSE * (year % 7)}"
        (tmp_path / f"{year}.md").write_text(text, encoding="utf-8")
    report = ingest(store, tmp_path / "2023.md", tmp_path / "2025.md")
    assert superseded(store) == {} and all(not file.warnings for file in report.files)


def test_documents_of_one_title_in_force_are_both_told(store: EditionStore, tmp_path: Path) -> None:
    first = statute(tmp_path / "a.md", "Marktsatzung der Stadt Moorau", "3. Mai 2015")
    second = statute(tmp_path / "b.md", "Marktsatzung der Stadt Moorau", "2. Juni 2026", PROSE * 9)
    report = ingest(store, first, second)
    assert superseded(store) == {}
    told = [" ".join(file.warnings) for file in report.files]
    assert "Derselbe Titel wie „b“" in told[0] and "Derselbe Titel wie „a“" in told[1]
