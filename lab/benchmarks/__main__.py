"""Everything that is said about speed, measured in one run and written into the pages: `make
benchmark`.

What is compared is asked in turns, so that other work on the machine slows all of it. Each section
writes its own part of docs/decisions/figures-speed.md as soon as it is measured; what is not
measured anew stays.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from evals.tables import insert_table
from lab.benchmarks import answers, encoder, ingestion, scale
from lab.benchmarks.measured import QUICK, Options, say
from tests.processes import REPOSITORY

SECTIONS: Mapping[str, Callable[[Options], str]] = {
    "ingestion": ingestion.measure,
    "answers": answers.measure,
    "encoder": encoder.measure,
    "scale": scale.measure,
}
PAGE, QUICK_PAGE = (
    REPOSITORY / "docs/decisions/figures-speed.md",
    REPOSITORY / "build/benchmarks/figures-speed.md",
)


def written(page: str, section: str, text: str) -> str:
    """A page with the part of one section anew, the others as they were; raises CommandError."""
    return insert_table(page, text, section)


def main() -> None:
    """Measure the sections asked for, one after the other; those that were measured stay where a
    later one fails.
    """
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=SECTIONS, help="measure this section; several times"
    )
    parser.add_argument(
        "--quick", action="store_true", help="few questions and small sizes, into build/benchmarks"
    )
    parser.add_argument(
        "--chunks", type=int, action="append", help="a size of edition for scale; several times"
    )
    parser.add_argument(
        "--keep", type=Path, help="folder in which editions for scale are kept and used again"
    )
    asked = parser.parse_args()
    options = replace(QUICK if asked.quick else Options(), keep=asked.keep)
    if asked.chunks:
        options = replace(options, sizes=tuple(sorted(asked.chunks)))
    page = QUICK_PAGE if asked.quick else PAGE
    if asked.quick:  # for looking at, not for telling
        page.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PAGE, page)
    for section in asked.only or SECTIONS:
        say(f"{section} begins")
        text = SECTIONS[section](options)
        page.write_text(written(page.read_text(encoding="utf-8"), section, text), encoding="utf-8")
        sys.stdout.write(f"## {section}\n\n{text}\n\n")


if __name__ == "__main__":
    main()
