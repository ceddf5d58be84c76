"""What people set for a family of numbers is kept as a value and applied to the claims of any reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.choices import (
    apply_choices,
    choices_name,
    forget_choices,
    is_of_family,
    load_choices,
    store_choice,
    with_choices,
)
from ingest.readers.claims import Claim, Claims
from ingest.register import RegisterEntry
from tests.service.county import report
from vectorstore.kept_texts import Texts


def claim(number: str | None, kind: str = "measure", where: str = "sheet") -> Claim:
    record: dict[str, Any] = {"kind": kind, "number": number, "title": "Wege", "page": 1, "where": where}
    return Claim.model_validate(record)


def test_choices_are_stored_taken_back_and_forgotten(tmp_path: Path) -> None:
    texts = Texts(tmp_path)
    store_choice(texts, "plan", "M {n}", "project")
    store_choice(texts, "plan", "{n}.{n}", "none")
    assert load_choices(texts, "plan") == {"M {n}": "project", "{n}.{n}": "none"}
    store_choice(texts, "plan", "M {n}", None)
    assert load_choices(texts, "plan") == {"{n}.{n}": "none"} and load_choices(texts, "anderer") == {}
    with pytest.raises(ValueError):
        store_choice(texts, "plan", "M {n}", "section")
    forget_choices(texts, ["plan"])
    assert texts.all("choices/") == {}
    texts.put(choices_name("plan"), b'{"M {n}": "unfug", "K {n}": "goal"}')
    assert load_choices(texts, "plan") == {"K {n}": "goal"}
    texts.put(choices_name("plan"), b"[")
    assert load_choices(texts, "plan") == {}


@pytest.mark.parametrize(
    ("label", "number", "fits"),
    [
        *(("M {n}", "M 12", True), ("M {n}", "K 12", False), ("{n}.{n}", "3.2", True), ("{n}.{n}", "3", False)),
        *(("{letters}-{n}", "KS-3", True), ("{letters}-{n}", "3", False), ("", None, True), ("", "3", False)),
        *(("{n}", "IV", True), ("B.{n}", "B.X", True)),
    ],
)
def test_a_label_is_the_shape_of_its_numbers(label: str, number: str | None, fits: bool) -> None:
    assert is_of_family(label, number) is fits


def test_choices_set_the_kind_or_make_sections() -> None:
    claims = Claims(records=(claim("M 1"), claim("K 1"), claim("K 2", where="row"), claim(None, "section", "heading")))
    found = apply_choices(claims, {"M {n}": "project", "K {n}": "none", "": "goal"})
    assert [(record.number, record.kind, record.where) for record in found.records] == [
        ("M 1", "project", "sheet"), ("K 1", "section", "heading"), (None, "section", "heading")
    ]  # fmt: skip
    assert apply_choices(claims, {}) is claims


def test_a_document_has_its_own_choices_or_those_of_its_series(tmp_path: Path) -> None:
    texts, old = Texts(tmp_path), report().document
    store_choice(texts, old.id, "M {n}", "project")
    new = RegisterEntry("neu", Path("neu.pdf"), series="bericht")
    series = [replace(old, series="bericht")]
    entries = [RegisterEntry(old.id, Path("a.pdf")), new, RegisterEntry("x", Path("x.pdf"))]
    [same, later, other] = with_choices(entries, texts, series)
    assert (same.choices, later.choices, other.choices) == ((("M {n}", "project"),), (("M {n}", "project"),), ())
    store_choice(texts, "neu", "K {n}", "none")
    assert with_choices([new], texts, series)[0].choices == (("K {n}", "none"),)
