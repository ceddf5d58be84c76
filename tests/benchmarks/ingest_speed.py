"""How long ingesting takes beside pypdf's bare extraction, and how much memory: measured in one run.

usage: python -m tests.benchmarks.ingest_speed CORPUS_FOLDER [REPORT.pdf ...]

CORPUS_FOLDER holds corpus.toml; each REPORT is read and built alone, into a fresh data folder with nothing cached.
Wall times, the best of `ROUNDS` each: other work on the machine makes single rounds slow, never fast.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader

from ingest.job import IngestRequest, run_ingest
from ingest.register import load_register
from tests.processes import COMMAND, REPOSITORY, environment
from vectorstore.editions import EditionStore

ROUNDS = 3


def main() -> None:
    """Measure and print one line each."""
    corpus, *reports = (Path(argument).resolve() for argument in sys.argv[1:])
    register = corpus / "corpus.toml"
    first = load_register(register).entries[0].file
    for pdf in dict.fromkeys((first, *reports)):
        _tell_ingest(pdf)
    _tell_command(first)
    with TemporaryDirectory() as folder:
        data = Path(folder)
        seconds, memory = _command("ingest", "--manifest", register, data=data)
        _tell(f"whole command, {register.name}", f"{seconds:.2f} s, peak {memory:.0f} MB")


def _tell_ingest(pdf: Path) -> None:
    """Reading, embedding and reading back, against pypdf's bare extraction in this same process."""
    bare, built = (_best(partial(work, pdf)) / 1000 for work in (_extract, _ingest))
    _tell(f"ingest {pdf.name}", f"{built:.2f} s, pypdf alone {bare:.2f} s: {built / bare:.2f} times")


def _extract(pdf: Path) -> None:
    for page in PdfReader(pdf).pages:
        page.extract_text()


def _ingest(pdf: Path) -> None:
    with TemporaryDirectory() as folder:
        assert run_ingest(IngestRequest((pdf,)), EditionStore(Path(folder))).exit_code == 0


def _tell_command(pdf: Path) -> None:
    with TemporaryDirectory() as folder:
        runs = [_command("ingest", pdf, data=Path(folder) / str(number)) for number in range(ROUNDS)]
    seconds, memory = min(runs)
    _tell(f"whole command, {pdf.name}", f"{seconds:.2f} s, peak {memory:.0f} MB")


def _command(*arguments: str | Path, data: Path) -> tuple[float, float]:
    """Run a command; return its seconds and its largest memory in MB."""
    began = time.perf_counter()
    command = [*COMMAND, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment(data), stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        time.sleep(0.01)
    assert process.returncode == 0
    return time.perf_counter() - began, peak


def _best(work: Callable[[], object]) -> float:
    """The fewest milliseconds that the work took in any round."""
    return min(_seconds(work) for _ in range(ROUNDS)) * 1000


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak(process: int) -> float:
    """The largest memory of a running process in MB (Linux); 0 once it has ended."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _tell(what: str, figures: str) -> None:
    print(f"{what:<56}{figures}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
