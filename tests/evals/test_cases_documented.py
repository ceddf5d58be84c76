"""Every field of a case is documented for evaluators, and the examples are cases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import evals
from evals.cases import Case, CountProof, Expectation, load_cases
from evals.cases.cells import COLUMNS
from evals.cases.tables import read_any

DOCUMENTED = Path(evals.__file__).parents[1] / "docs" / "cases.md"
SHIPPED = Path(evals.__file__).parent / "cases" / "sample-dev.jsonl"


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENTED.read_text(encoding="utf-8")


def rows(section: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `([\w.]+)` \| (.+) \|$", section, re.MULTILINE)


def test_the_fields_are_those_of_the_model(text: str) -> None:
    documented = [name for name, _ in rows(text.partition("## Tables")[0])]
    expected = [
        *Case.model_fields,
        *(f"expect.{name}" for name in Expectation.model_fields),
        *(f"proof.{name}" for name in CountProof.model_fields),
    ]
    assert sorted(documented) == sorted(expected)


def test_the_examples_are_shipped_cases(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(text.split("```json\n")[1].split("```")[0], encoding="utf-8")
    shipped = {one.id: one for one in load_cases(SHIPPED)}
    examples = load_cases(tmp_path / "a.jsonl")
    assert len(examples) == 3
    assert [one.question for one in examples] == [shipped[one.id].question for one in examples]


def test_the_cells_are_read(text: str, tmp_path: Path) -> None:
    cells = {name: cell.replace("\\|", "|") for name, cell in rows(text.partition("## Tables")[2])}
    assert set(cells) <= {column.name for column in COLUMNS}
    cells["history"] = "\n".join(re.findall(r"`([^`]+)`", cells["history"]))
    row = {"id": "a", "type": "b", "question": "c", "behavior": "answer", "count": "1"}
    row |= {name: cell.strip("`") for name, cell in cells.items()}
    quoted = ('"{}"'.format(cell.replace('"', '""')) for cell in row.values())
    (tmp_path / "a.csv").write_text(f"{';'.join(row)}\n{';'.join(quoted)}\n", encoding="utf-8")
    (case,) = read_any(tmp_path / "a.csv")
    assert case.expect.facts == (("zwölf Minuten", "12 Minuten"), ("95 von 100",))
    assert [one.role for one in case.history] == ["user", "assistant"]
    assert case.proof and case.proof.status == ("planned", "idea")
