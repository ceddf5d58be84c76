"""verify and rollback: what they say, and their exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disks import read_only
from tests.processes import run
from tests.service.county import motion, report
from vectorstore.editions import EditionStore


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = EditionStore(tmp_path / "data")
    store.publish([report()])
    store.publish([report(), motion()])
    return store.root


def current(data: Path) -> Path:
    return data / "editions" / (EditionStore(data).current_name() or "")


def test_whole_editions_are_told_in_one_sentence(data: Path) -> None:
    result = run("verify", data=data)
    assert (result.returncode, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    assert line.startswith("Alle Dateien sind, wie sie geschrieben wurden")
    assert all(name in line for name in EditionStore(data).names())


def test_a_damaged_file_is_named(data: Path) -> None:
    path = current(data) / "catalogue.sqlite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = run("verify", data=data)
    assert result.returncode == 6
    assert (
        f"Ausgabe {current(data).name} (veröffentlicht) ist beschädigt:\n  catalogue.sqlite ist verändert"
        in result.stdout
    )
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Beschädigt: {current(data).name}.") and "strategielotse rollback" in line


def test_verify_writes_nothing(data: Path) -> None:
    with read_only(data):
        assert run("verify", data=data).returncode == 0


def test_the_edition_before_is_published_once_and_there_is_none_before_it(data: Path) -> None:
    before, left = EditionStore(data).names()
    result = run("rollback", data=data)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Veröffentlicht ist wieder die Ausgabe {before}. Die Ausgabe {left} bleibt")
    again = run("rollback", data=data)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == f"Vor der Ausgabe {before} gibt es keine mehr.\n"
    assert EditionStore(data).current_name() == before
