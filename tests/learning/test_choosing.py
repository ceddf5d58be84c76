"""Which entry is meant by what staff say of it: a number, a title, a key, the address of its page."""

from __future__ import annotations

import pytest

from ingest.job import IngestRequest, run_ingest
from service.learning.choosing import item_of, missing
from vectorstore.catalogue import Catalogue
from vectorstore.editions import EditionStore

FIELDS = ("Bürgerservice", "Netze", "Schulen", "Pflege")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("choosing")
    paper = folder / "plan.md"
    parts = [f"### {one}\n\n**Ziele**\n\nDer Kreis baut {one} in den Gemeinden aus.\n" for one in FIELDS]
    paper.write_text("\n".join(["# Digitalplan\n\n## Felder\n", *parts, "## 3.1 Wege\n\nDer Kreis baut Radwege.\n"]))
    store = EditionStore(folder / "data")
    run_ingest(IngestRequest(paths=(paper,)), store)
    return store.open().catalogue


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Bürgerservice", "Bürgerservice"),
        ("netze: ziele", "Netze: Ziele"),
        ("=Ziele", "Bürgerservice: Ziele"),
        ("=Ziele~2", "Netze: Ziele"),
        ("https://kreis.example/staff/items/plan/Ziele~3", "Schulen: Ziele"),
    ],
)
def test_an_entry_is_called_by_number_title_key_or_address(catalogue: Catalogue, said: str, title: str) -> None:
    found = item_of("plan", said, catalogue)
    assert found is not None and found.title == title


def test_what_several_are_called_names_none_and_says_which(catalogue: Catalogue) -> None:
    assert item_of("plan", "Ziele", catalogue) is None
    told = missing("plan", "Ziele", catalogue)
    assert "heißen 4 Einträge so" in told and "„Pflege: Ziele“ (=Ziele~4)" in told
