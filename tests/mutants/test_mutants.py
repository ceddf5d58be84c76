"""The tool over a tree of its own: a fault that is noticed, one that is not, one that is gone, one that ran before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.mutants.listed import mutants_of

CODE = """
class Till:
    @property
    def open(self) -> bool:
        return self.sum() > 0

    @staticmethod
    def sum() -> int:
        return 3


def unseen() -> int:
    return 5


def early() -> int:
    return 7


EARLY = early()
"""
TESTS = """
from toy.code import EARLY, Till

def test_first() -> None:
    assert EARLY == 7

def test_open() -> None:
    assert Till().open
"""
REPOSITORY = Path(__file__).resolve().parents[2]
LIST = """
[tests]
toy = ["tests"]

[mutants.toy."toy/code.py"]
noticed = ['self.sum() > 0', 'self.sum() > 3']
unseen = ['return 5', 'return 6', 'unseen']
elsewhere = ['return 5', 'return 6', 'early']
gone = ['return 4', 'return 5']
early = ['return 7', 'return 8']
"""


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    report = folder.parent / "report"
    command = [sys.executable, "-m", "tests.mutants", "--root", folder, "--list", folder / "list", "--report", report]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)


def made(folder: Path, tests: str = TESTS) -> Path:
    for path, text in {"toy/__init__.py": "", "toy/code.py": CODE, "tests/test_toy.py": tests, "list": LIST}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def test_what_becomes_of_a_fault(tmp_path: Path) -> None:
    tree = made(tmp_path / "tree")
    done = run(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    ends = {
        line["id"]: (line["how"], line["by"])
        for line in map(json.loads, (tmp_path / "report").read_text().splitlines())
    }
    assert ends == {
        "noticed": ("killed", "tests/test_toy.py::test_open"),
        "unseen": ("survived", ""),
        "elsewhere": ("gone", ""),
        "gone": ("gone", ""),
        "early": ("gone", ""),
    }
    assert "toy: 1 of 5 killed" in done.stdout
    assert (tree / "toy/code.py").read_text() == CODE


def test_nothing_is_counted_where_tests_fail_without_a_fault(tmp_path: Path) -> None:
    done = run(made(tmp_path / "tree", TESTS.replace("== 7", "== 8")))
    assert done.returncode == 1
    assert "toy without a fault: red" in done.stdout
    assert "killed" not in done.stdout
    assert not (tmp_path / "report").exists()


def test_every_fault_of_the_list_has_a_name_of_its_own() -> None:
    mutants = list(mutants_of(Path(__file__).with_name("mutants.toml")))
    assert len({one.id for one in mutants}) == len(mutants) == 194
    assert not [one.id for one in mutants if one.original == one.replacement]
