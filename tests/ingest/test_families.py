"""How many records there should be: told by the paper itself, lower bounds where some are missing, else nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.keys import RECORDS
from tests.ingest.papers import PROSE, read_text
from tests.ingest.real import RENDERINGS, needs_corpus, read, read_alone
from tests.ingest.test_coverage import FILES, SAMPLE, late
from vectorstore.records import Family, ItemKind, ParsedDocument

OTHER = [path for path in FILES if path.parent.name == "corpus-other"]
CATALOGUES = [path for path in OTHER if (path.parent / "catalogues" / f"{path.stem}.jsonl").exists()]


def families_of(path: Path) -> tuple[Family, ...]:
    parsed = read_alone(path)
    assert isinstance(parsed, ParsedDocument)
    return parsed.document.families


@pytest.mark.parametrize(("name", "kind"), [pytest.param(*one, marks=needs_corpus) for one in RENDERINGS])
def test_the_known_papers_are_complete_by_their_own_word(name: str, kind: str) -> None:
    assert all(one.complete for one in read(name, kind).document.families)


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("lauterfeld*")), ids=lambda path: path.name)
def test_the_sample_is_complete_by_its_own_word(path: Path) -> None:
    assert all(one.complete for one in families_of(path))


@pytest.mark.parametrize("path", [pytest.param(one, id=one.name, marks=late(one)) for one in CATALOGUES])
def test_a_catalogue_is_counted_right_or_marked(path: Path) -> None:
    """Where every family of records is called complete, there are as many as are known (uncertain ones either way)."""
    source = (path.parent / "catalogues" / f"{path.stem}.jsonl").read_text(encoding="utf-8")
    known = [one for one in map(json.loads, source.splitlines()) if one["kind"] in ("measure", "project")]
    certain = [one for one in known if not one.get("uncertain")]
    families = [one for one in families_of(path) if one.kind in RECORDS]
    if families and all(one.complete for one in families):
        assert len(certain) <= sum(one.found for one in families) <= len(known)


def test_numbered_headings_with_labels_are_records(tmp_path: Path) -> None:
    sheets = "\n\n".join(f"### M {number} Baustein {number}\n\nZuständig: Amt 61\n\n{PROSE}" for number in range(1, 9))
    families = read_text(tmp_path, f"# Programm\n\n{sheets}", name="papier.md").document.families
    (family,) = [one for one in families if one.kind is ItemKind.MEASURE]
    assert (family.label, family.found, family.complete) == ("M {n}", 8, True)
