"""`python -m tests.mutants [--only ROOM] [--report FILE]`: how many of the listed faults the tests notice, by room.

In a copy of the tree the tests of a room are collected once; for each fault a process is forked that has nothing set
up yet, gets the code of one function exchanged (and the file changed, for what it starts) and runs the tests until one
fails. A fault whose code has been rewritten, or has run before any test, is "gone" and counts as nothing; one that
makes the tests take too long is told apart.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, ModuleType

import pytest

from tests.mutants.listed import Mutant, mutants_of, put_in

HERE = Path(__file__).resolve().parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "build", "*.egg-info")
OPTIONS = (
    "-q", "--tb=no", "-n", "0", "-p", "no:cacheprovider", "-p", "no:tach", "--hypothesis-seed=0",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip
SECONDS = 120.0  # a run with a fault may take; five times as long as the run without one where that is more
ENDS = {0: "survived", 1: "killed", 2: "gone", 3: "broken"}  # exit codes of a run; broken is the tool itself
Outcome = tuple[str, str, float]  # how a run ended, the first test that failed, seconds


class Room:
    """A plugin of pytest that runs the collected tests once without a fault and once for every mutant."""

    def __init__(
        self, folder: Path, source: Path, mutants: Sequence[Mutant], tell: Callable[[str, str, float, str], None]
    ) -> None:
        self._folder, self._source, self._mutants, self._tell = folder, source, mutants, tell
        self._called: set[tuple[str, str]] = set()  # file and function of what ran while modules were imported
        self._failed = folder / "failed"

    def profile(self, frame: FrameType, event: str, argument: object) -> None:
        """Note what is called, for `sys.setprofile`."""
        self._called.add((frame.f_code.co_filename, frame.f_code.co_qualname))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Stand in for running every test once."""
        sys.setprofile(None)
        sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
        how, by, seconds = self._run(session, session.items, 20 * SECONDS, lambda: not session.testsfailed)
        self._tell("green" if how == "survived" else "red", by, seconds, "")
        for mutant in self._mutants if how == "survived" else ():
            self._tell(*self._tried(session, mutant, max(SECONDS, 5 * seconds)), mutant.id)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the first test that failed."""
        if report.failed and not self._failed.exists():
            self._failed.write_text(report.nodeid, encoding="utf-8")

    def _tried(self, session: pytest.Session, mutant: Mutant, limit: float) -> Outcome:
        file = self._folder / "tree" / mutant.file
        made = mutant.applied(file.read_text(encoding="utf-8")) if file.is_file() else None
        if made is None or (str(file), made[1]) in self._called:
            return "gone", "", 0.0

        def ready() -> bool:
            importlib.import_module(mutant.file.removesuffix(".py").replace("/", "."))
            file.write_text(made[0], encoding="utf-8")
            return put_in(file, *made)

        by_file: dict[str, list[pytest.Item]] = {}
        for one in session.items:
            by_file.setdefault(one.nodeid.partition("::")[0], []).append(one)
        if missing := set(mutant.tests) - by_file.keys():
            return "broken", f"no tests in {missing}", 0.0
        items = [one for path in mutant.tests or by_file for one in by_file[path]]
        try:
            return self._run(session, items, limit, ready)
        finally:
            shutil.copy2(self._source / mutant.file, file)

    def _run(
        self, session: pytest.Session, tests: Sequence[pytest.Item], limit: float, ready: Callable[[], bool]
    ) -> Outcome:
        """Run tests in a process of their own until one fails."""
        self._failed.unlink(missing_ok=True)
        began, child = time.monotonic(), os.fork()
        if not child:
            code = 3
            try:
                os.setsid()
                code = _failing(session, tests) if ready() else 2
            finally:
                os._exit(code)
        how, seconds = _ended(child, limit), time.monotonic() - began
        shutil.rmtree(self._folder / "scratch", ignore_errors=True)
        (self._folder / "scratch").mkdir()
        return how, self._failed.read_text(encoding="utf-8") if self._failed.exists() else "", seconds


def _failing(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            session._setupstate.teardown_exact(None)
            return True
    return False


def _ended(child: int, limit: float) -> str:
    """Wait for a run, end it and what it started where it takes too long, and return how it ended."""
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(round(limit))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ENDS.get(code, "killed by crash") if signal.alarm(0) else "killed by timeout"


def _become(room: Room, folder: Path, source: Path, paths: Sequence[str]) -> None:
    """Be the process of a room: nothing imported from the tree that was copied, and no path to it."""
    tree, scratch, here = folder / "tree", folder / "scratch", {str(source), str(HERE.parents[1])}
    scratch.mkdir()
    os.chdir(tree)
    os.environ |= {
        "PYTHONPATH": str(tree),
        "TMPDIR": str(scratch),
        "HYPOTHESIS_STORAGE_DIRECTORY": f"{scratch}/examples",
    }
    tempfile.tempdir = None
    sys.path[:] = [str(tree), *(path for path in sys.path if path and path not in here)]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file.startswith(tuple(f"{one}/" for one in here)) and "/site-packages/" not in file:
            del sys.modules[name]
    sys.modules["__main__"] = ModuleType("__main__")
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.setprofile(room.profile)
    pytest.main([*OPTIONS, f"--basetemp={scratch / 'pytest'}", f"--rootdir={tree}", *paths], plugins=[room])


def _tested(room: str, paths: Sequence[str], mutants: Sequence[Mutant], source: Path, report: Path | None) -> bool:
    """Try the mutants of a room and print what became of them; False where its tests fail without any."""
    folder, output = Path(tempfile.mkdtemp(prefix="mutants-")).resolve(), os.dup(1)

    def tell(how: str, by: str, seconds: float, of: str) -> None:
        os.write(output, f"{of or room + ' without a fault:'} {how} {seconds:.1f} s {by}\n".encode())
        line = json.dumps({"id": of, "room": room, "how": how, "by": by, "seconds": round(seconds, 1)})
        for path in filter(None, (folder / "told", report if of else None)):
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    try:
        shutil.copytree(source, folder / "tree", ignore=LEFT_OUT)
        if (child := os.fork()) == 0:
            try:
                _become(Room(folder, source, mutants, tell), folder, source, paths)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        told = (folder / "told").read_text().splitlines() if (folder / "told").exists() else []
        ends = [json.loads(line)["how"] for line in told] or ["red"]
        log = (folder / "log").read_text(errors="replace")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    counts = Counter(ends[1:])
    killed = sum(number for how, number in counts.items() if how.startswith("killed"))
    print(f"{room}: {killed} of {len(mutants)} killed {dict(counts)}" if ends[0] == "green" else log, flush=True)  # noqa: T201
    return ends[0] == "green"


def main() -> int:
    """Run and report; 1 where the tests of a room are not green without any fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", metavar="ROOM", action="append", help="only the mutants of this room")
    parser.add_argument("--id", action="append", help="only this mutant")
    parser.add_argument("--report", type=Path, metavar="FILE", help="add a line of JSON for each mutant")
    parser.add_argument("--list", type=Path, default=HERE / "mutants.toml", help="the list of mutants")
    parser.add_argument("--marks", default="not browser and not long", help="the tests that are run, as pytest says it")
    parser.add_argument("--root", type=Path, default=HERE.parents[1], help="the tree to be copied")
    chosen = parser.parse_args()
    said = tomllib.loads(chosen.list.read_text(encoding="utf-8"))
    for name in said.get("imported", ()):
        importlib.import_module(name)
    wanted = [one for one in mutants_of(chosen.list) if one.id in (chosen.id or [one.id])]
    green = True
    for room, paths in said["tests"].items():
        mutants = [one for one in wanted if one.room == room and room in (chosen.only or [room])]
        run = ["-m", chosen.marks, *paths]
        green = (not mutants or _tested(room, run, mutants, chosen.root.resolve(), chosen.report)) and green
    return 0 if green else 1


if __name__ == "__main__":
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a process with threads is not forked safely
    raise SystemExit(main())
