"""Everything that is said about speed, measured in one run and written into the pages: `make benchmark`.

usage: python -m tests.benchmarks [--only SECTION ...] [--quick] [--chunks N ...] [--keep FOLDER] [--docs FOLDER]

What is compared is asked in turns, so that other work on the machine slows all of it. Each section writes its own part
of docs/decisions/figures-speed.md as soon as it is measured; what is not measured anew stays.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from evals.kept import Marks, MarksMissing, with_table
from tests.benchmarks import answers, ingestion, scale
from tests.benchmarks.measured import QUICK, Options, say
from tests.processes import REPOSITORY

SECTIONS: Mapping[str, Callable[[Options], str]] = {
    "ingestion": ingestion.measure,
    "answers": answers.measure,
    "scale": scale.measure,
}
DOCS, QUICK_DOCS = REPOSITORY / "docs/decisions", REPOSITORY / "build/benchmarks"
PAGE = "figures-speed.md"


def written(page: str, section: str, text: str) -> str:
    """A page with the part of one section anew, the others as they were; raises MarksMissing."""
    return with_table(page, text, Marks(f"<!-- {section} -->", f"<!-- /{section} -->"))


def main() -> None:
    """Measure the sections asked for, one after the other; ends with 1 where one of them could not be measured."""
    asked, options = _asked()
    page = asked.docs / PAGE
    try:
        for section in SECTIONS:
            written(page.read_text(encoding="utf-8"), section, "")
    except (OSError, MarksMissing) as error:
        sys.exit(f"{asked.docs}: {error}")
    failed = []
    for section in asked.only or SECTIONS:
        say(f"{section} begins")
        try:
            text = SECTIONS[section](options)
        except Exception as error:  # the other sections are measured all the same
            say(f"{section} failed, its part of the page stays as it was: {type(error).__name__}: {error}")
            failed.append(section)
            continue
        page.write_text(written(page.read_text(encoding="utf-8"), section, text), encoding="utf-8")
        sys.stdout.write(f"## {section}\n\n{text}\n\n")
        sys.stdout.flush()
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")


def _asked() -> tuple[argparse.Namespace, Options]:
    parser = argparse.ArgumentParser(
        prog="make benchmark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=SECTIONS, help="measure this section; several times")
    parser.add_argument("--quick", action="store_true", help="few questions and small sizes, into build/benchmarks")
    parser.add_argument("--chunks", type=int, action="append", help="a size of edition for scale; several times")
    parser.add_argument("--keep", type=Path, help="folder in which editions for scale are kept and used again")
    parser.add_argument("--docs", type=Path, help="where the pages are; docs, or copies of them for --quick")
    asked = parser.parse_args()
    asked.docs = asked.docs or (_copied() if asked.quick else DOCS)
    options = replace(QUICK if asked.quick else Options(), keep=asked.keep)
    return asked, replace(options, sizes=tuple(sorted(asked.chunks))) if asked.chunks else options


def _copied() -> Path:
    """A folder with copies of the pages: what was measured quickly is for looking at, not for telling."""
    QUICK_DOCS.mkdir(parents=True, exist_ok=True)
    shutil.copy(DOCS / PAGE, QUICK_DOCS / PAGE)
    return QUICK_DOCS


if __name__ == "__main__":
    main()
