"""What the sections of the benchmark are made of: how much is measured, figures, tables."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.processes import REPOSITORY

REAL, SAMPLE = REPOSITORY / "../shared/corpus/corpus.toml", REPOSITORY / "ingest/sample/corpus.toml"
CASES = REPOSITORY / "evals/cases"
READ_SECONDS = 600.0  # the usual limit for one file is not meant for a machine that does other work
_BEGAN = time.monotonic()


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured; times in seconds, sizes in chunks.

    Editions for growth are kept in `keep`, where it is given, and used again: to publish large ones
    takes long.
    """

    questions: int = 200
    grown: int = 60
    sizes: tuple[int, ...] = (1_000, 10_000, 100_000)
    passages: int = 20_000
    rounds: int = 3
    keep: Path | None = None


QUICK = Options(questions=20, grown=5, sizes=(1_000,), passages=300, rounds=1)


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of the same thing done several times."""

    all: Sequence[float]

    @property
    def median(self) -> float:
        """The median; raises StatisticsError where there is none."""
        return statistics.median(self.all)

    @property
    def high(self) -> float:
        """The 95th percentile, the largest where there are fewer than two."""
        return (
            statistics.quantiles(self.all, n=20, method="inclusive")[-1]
            if len(self.all) > 1
            else max(self.all)
        )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its first column to the left, the others to the right."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def ratio(item: float, other: float) -> str:
    """How many times the other it is: two digits, "–" where the other is nothing."""
    if other <= 0:
        return "–"
    times = item / other
    return f"{times:.2f}" if times < 10 else f"{times:,.0f}"


def milliseconds(value: float) -> str:
    """A time that is shown: tenths below a hundred."""
    return f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def circumstances(load: float) -> str:
    """When and where a section was measured; `load` is what else the machine did before it
    began.
    """
    day = datetime.now(UTC)
    return (
        f"Measured on {day.day} {day:%B %Y} on {os.cpu_count()} cores, of which other work took {load:.1f} "
        "when it began (load average)."
    )


def say(text: str) -> None:
    """Tell on stderr what is being done, with the minutes since the beginning."""
    minutes, seconds = divmod(int(time.monotonic() - _BEGAN), 60)
    sys.stderr.write(f"{minutes:3}:{seconds:02} {text}\n")
    sys.stderr.flush()


def register() -> tuple[Path, str]:
    """The real papers where they are at hand, else the sample, and what they are called on the
    page.
    """
    return (
        (REAL, "five real papers")
        if REAL.is_file()
        else (SAMPLE, "the sample corpus, as the real papers are not here")
    )


def ended(command: Sequence[str | Path], env: Mapping[str, str]) -> str:
    """Run a command to its end; what it printed."""
    return subprocess.run(
        command, cwd=REPOSITORY, env=dict(env), stdout=subprocess.PIPE, text=True, check=True
    ).stdout
