"""What each part of finding is worth: `python -m evals.ablate --set CASES=DATA_DIR ... [--vary NAME=V1,V2,...]`.

Without `--vary` it switches parts off one by one (lexical only, dense only, no vocabulary, no titles). Prints, per
variant, the share of right items among the first three and of fully right answers, over all cases and by wording.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.cases import Case, load_cases
from evals.judging import Judgement, judge
from evals.measure import ask, shares
from service.answering.finding import Finder, Weights
from service.answering.service import AnswerService
from service.settings import load_settings
from vectorstore.editions import EditionStore

SWITCHES: dict[str, Weights] = {
    "as shipped": Weights(),
    "lexical only": replace(Weights(), dense=0.0, concepts=0.0, concepts_found=0.0),
    "no vocabulary": replace(Weights(), concepts=0.0, concepts_found=0.0),
    "no dense": replace(Weights(), dense=0.0),
    "dense only": replace(Weights(), lexical=0.0, title=0.0),
    "no titles": replace(Weights(), title=0.0),
}
GROUPS = {
    "all": None,
    "everyday": ("topic_lookup_colloquial",),
    "topics": ("topic_lookup", "noisy"),
    "facts": ("single_fact", "status", "responsibility", "false_premise"),
    "english": ("english",),
}
Loaded = list[tuple[AnswerService, list[Case]]]


def load(sets: list[str]) -> Loaded:
    """Case files with the service over their edition, from "CASES=DATA_DIR"."""
    loaded: Loaded = []
    for entry in sets:
        cases, _, folder = entry.partition("=")
        settings = load_settings(data_dir=Path(folder))
        loaded.append((AnswerService(EditionStore(settings.data_dir).open(), settings), load_cases(Path(cases))))
    return loaded


def judged(loaded: Loaded, weights: Weights) -> list[Judgement]:
    """Every case judged with these weights."""
    found = []
    for service, cases in loaded:
        service.finder = Finder(service.corpus, weights)
        found += [judge(case, ask(service, case)) for case in cases]
    return found


def variants(vary: list[str]) -> Iterator[tuple[str, Weights]]:
    """The weights to try: each value of each varied name, or the switches."""
    if not vary:
        yield from SWITCHES.items()
    for entry in vary:
        name, _, values = entry.partition("=")
        for value in values.split(","):
            changed: dict[str, Any] = {name: float(value)}
            yield f"{name} {value}", replace(Weights(), **changed)


def row(judgements: list[Judgement]) -> list[str]:
    """Right item among three / fully right, by group; then false answers and refusals."""
    cells = []
    for types in GROUPS.values():
        values = shares(one for one in judgements if types is None or one.case.type in types)
        cells.append(f"{values['right@3'] or 0:.3f} / {values['fully'] or 0:.3f}")
    values = shares(judgements)
    return [*cells, f"{values['false answers'] or 0:.2f} / {values['false refusals'] or 0:.2f}"]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.ablate", description=__doc__)
    parser.add_argument("--set", action="append", required=True, metavar="CASES=DATA_DIR")
    parser.add_argument("--vary", action="append", default=[], metavar="NAME=V1,V2")
    options = parser.parse_args()
    loaded = load(options.set)
    shown = Table("variant", *GROUPS, "false answers / refusals", title="right item among three / fully right")
    for name, weights in variants(options.vary):
        shown.add_row(name, *row(judged(loaded, weights)))
    Console(width=150).print(shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
