"""Measures the halves that are held back, and logs their totals alone:
`python -m tests.answering.held`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evals.held_log import append_to_log
from service.answering.reading.safety import is_danger

HERE = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    """The rows of a file of JSON objects beside this module."""
    text = (HERE / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def count_danger(rows: Iterable[dict[str, Any]]) -> str:
    """How many real dangers are missed and how many harmless questions are taken for one."""
    real = [is_danger(row["text"]) for row in rows if row["danger"]]
    harmless = [is_danger(row["text"]) for row in rows if not row["danger"]]
    missed = real.count(False)
    return f"danger missed {missed} of {len(real)}, false {sum(harmless)} of {len(harmless)}"


if __name__ == "__main__":
    append_to_log("answers-held.log", {"danger-held.jsonl": count_danger(read("danger-held"))})
