"""What is kept of a question names nobody, as far as form tells; what the papers say stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.masking import mask_question


def read(name: str) -> list[dict[str, Any]]:
    text = Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


# Questions with names of persons, written before the patterns, with the words that name somebody;
# in `form` those that have a form that tells the name: a salutation, a title, an introduction, kin,
# a signature. Others name nobody.
ROWS = read("names")


@pytest.mark.parametrize("row", read("masked"), ids=lambda item: str(item["ask"]))
def test_what_names_a_person_is_replaced_and_what_the_papers_speak_of_stays(
    row: dict[str, str],
) -> None:
    assert mask_question(row["ask"]) == row["kept"]


def test_a_name_that_its_form_tells_is_gone() -> None:
    rows = [item for item in ROWS if item.get("form")]
    assert len(rows) > 40
    assert not [name for row in rows for name in row["names"] if name in mask_question(row["ask"])]


def test_what_names_nobody_mostly_stays_and_what_has_no_form_is_left() -> None:
    """The figures of docs/staff.md; a name without a form is not told, and nobody should think that
    it is.
    """
    taken = [
        item["ask"] for item in ROWS if not item["names"] and "[Name]" in mask_question(item["ask"])
    ]
    untold = [item for item in ROWS if item.get("form") is False]
    left = [
        item for item in untold if any(name in mask_question(item["ask"]) for name in item["names"])
    ]
    assert (len(taken), len(left)) == (3, len(untold)), taken


def test_two_words_alone_on_the_last_line_are_a_signature() -> None:
    assert mask_question("Wann kommt Glasfaser?\n\nEva Muster") == "Wann kommt Glasfaser? [Name]"
    assert (
        mask_question("Wann kommt Glasfaser?\nDanke Ihnen!") == "Wann kommt Glasfaser? Danke Ihnen!"
    )
