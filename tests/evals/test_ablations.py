"""Parts of answering are there to be switched off, and are on again afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ablations import PARTS, compare, main

CASE = {
    "id": "t-1",
    "type": "list",
    "question": "Welche Projekte werden vom Land bezahlt?",
    "expect": {"behavior": "answer", "facts": [["bezahlt"]]},
}
WORDS = "passages with words that nothing took"


@pytest.mark.parametrize("name", PARTS)
def test_every_part_is_there(name: str) -> None:
    part = PARTS[name]
    before = vars(part.owner)[part.name]
    with part.switched_off():
        assert vars(part.owner)[part.name] is part.off
    assert vars(part.owner)[part.name] is before


def test_the_table_tells_what_changes_without_a_part(
    sample_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps(CASE), encoding="utf-8")
    main([f"{sample_data}={cases}", "--only", f"{WORDS},columns"])
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].startswith("| without, of 1 |")
    assert rows[2].startswith(f"| {WORDS} | 1 |") and rows[3] == "| columns | 0 | 0 | 0 | 0 |"


def test_gains_and_losses_are_counted_apart() -> None:
    whole = {("d", "1"): ("a", {"shown": 1.0}), ("d", "2"): ("b", {"shown": 0.0, "misled": 0.0})}
    without = {("d", "1"): ("a", {"shown": 0.0}), ("d", "2"): ("c", {"shown": 1.0, "misled": 1.0})}
    assert compare("x", whole, without) == "| x | 1 | +1 −1 | 0 | +1 −0 |"
