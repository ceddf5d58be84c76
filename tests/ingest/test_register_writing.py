"""Answers written into a register: entries added or completed, everything else in it as it was, or nothing at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import RegisterError
from ingest.register import load_register
from ingest.register_writing import Known, write_register
from tests.ingest.phrases import phrases
from tests.ingest.test_register import GOOD
from vectorstore.records import DocumentKind, DocumentStatus

FRONT = {"title": "Plan", "publisher": "Kreis Quonau", "kind": "plan", "status": "draft", "as_of": "2026-05-01"}


def test_a_new_register(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    path, file = tmp_path / "papers" / "corpus.toml", tmp_path / "plan.pdf"
    write_register(path, [Known("plan", file, FRONT), Known("zwei", tmp_path / "papers" / "2.md", {"title": "Zwei"})])
    first, second = load_register(path).entries
    assert (first.id, first.file, first.title, first.kind) == ("plan", file, "Plan", DocumentKind.PLAN)
    assert (first.status, first.as_of, first.unconfirmed) == (DocumentStatus.DRAFT, date(2026, 5, 1), ())
    assert second.unconfirmed == ("publisher", "kind", "status", "as_of") and second.publisher is None


def test_an_entry_keeps_its_other_keys_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "corpus.toml"
    source = GOOD.replace('publisher = "Fraktion"\n', '# bleibt\nunconfirmed = ["publisher", "as_of"]\n')
    path.write_text(source, encoding="utf-8")
    write_register(path, [Known("antrag", tmp_path / "c.pdf", {**FRONT, "kind": "motion"})])
    first, second = load_register(path).entries
    assert (first.title, first.source_url) == ("Bericht", "https://example.org/bericht.pdf")
    assert (second.title, second.publisher, second.unconfirmed) == ("Plan", "Kreis Quonau", ())
    assert second.file == tmp_path / "c.pdf" and second.as_of == date(2026, 5, 1)
    text = path.read_text(encoding="utf-8")
    assert "# bleibt" in text and text.startswith("# Register\n") and text.count("[[document]]") == 2


@pytest.mark.parametrize("source", phrases("register_writing", "a_register_of_too_free_a_form_stays_as_it_is"))
def test_a_register_of_too_free_a_form_stays_as_it_is(tmp_path: Path, source: str) -> None:
    path = tmp_path / "corpus.toml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(RegisterError, match="von Hand"):
        write_register(path, [Known("plan", tmp_path / "p.pdf", FRONT)])
    assert path.read_text(encoding="utf-8") == source and list(tmp_path.iterdir()) == [path]


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.split() != []))
def test_any_title_comes_back(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    written = title.encode("utf-8", "replace").decode()
    write_register(folder / "corpus.toml", [Known("plan", folder / "p.pdf", {**FRONT, "title": written})])
    (entry,) = load_register(folder / "corpus.toml").entries
    assert entry.title == " ".join(written.split())
