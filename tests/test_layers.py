"""Rooms, arrows between them, and which single file knows which outside package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

from tests.imports import LAB, ROOMS, imported_names, modules
from tests.ingest.cases import cases
from tests.processes import REPOSITORY

VAGUE = {"utils", "helpers", "common", "misc"}
MAY_IMPORT = {
    "vectorstore": set[str](),
    "prompts": set[str](),
    "ingest": {"vectorstore", "prompts"},
    "service": {"vectorstore", "prompts"},
    "evals": {"service", "vectorstore", "prompts"},
}


def tach(folder: Path) -> tuple[str, ...]:
    """Return what tach says of a folder, nothing where all arrows are right."""
    command = [str(Path(sys.executable).with_name("tach")), "check"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    return (result.stdout, result.stderr) if result.returncode else ()


def test_arrows_point_one_way() -> None:
    assert tach(REPOSITORY) == ()


def test_every_arrow_back_is_seen_and_the_composition_root_may_import_all(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "tach.toml", tmp_path)
    written = {
        **{f"{room}/__init__.py": "" for room in (*ROOMS, "service/cli", "service/web")},
        **{
            f"{room}/x.py": "".join(f"import {other}\n" for other in MAY_IMPORT if other != room)
            for room in MAY_IMPORT
        },
        "service/__main__.py": "import service.cli",
        "service/models.py": "",
        "service/cli/x.py": "import ingest\nimport evals",
        "ingest/y.py": "from service import models",
        "ingest/z.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import service",
        "service/y.py": "def f():\n    import evals",
        "service/other/cli.py": "import ingest",
        "service/records/y.py": "import service.web",
    }
    for path, text in written.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    complaint = re.compile(r"\[FAIL\] (\S+):\d+: .* cannot depend on '([\w.]+)'")
    assert set(complaint.findall("".join(tach(tmp_path)))) == {
        *(
            (f"{room}/x.py", other)
            for room, known in MAY_IMPORT.items()
            for other in MAY_IMPORT.keys() - known - {room}
        ),
        ("ingest/y.py", "service"),
        ("ingest/z.py", "service"),
        ("service/y.py", "evals"),
        ("service/other/cli.py", "ingest"),
        ("service/records/y.py", "service.web"),
    }


def test_nobody_imports_past_a_door(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "tach.toml", tmp_path)
    for room in (*ROOMS, "vectorstore/records"):
        (tmp_path / room).mkdir(parents=True)
        (tmp_path / room / "__init__.py").write_text("")
    (tmp_path / "vectorstore/records/items.py").write_text("class Item: ...")
    (tmp_path / "ingest/past.py").write_text("from vectorstore.records.items import Item")
    (tmp_path / "ingest/door.py").write_text("from vectorstore.records import Item")
    said = "".join(tach(tmp_path))
    assert re.findall(r"\[FAIL\] (\S+):1: .*vectorstore.records.items.Item", said) == [
        "ingest/past.py"
    ]
    assert "ingest/door.py" not in said


@cases("package", "only")
def test_one_file_of_a_room_knows_the_package(package: str, only: tuple[str, ...]) -> None:
    knowing = {path for path, names in imported_names().items() if package in tops(names)}
    assert knowing == set(only)


def tops(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def test_nothing_that_is_installed_knows_the_laboratory_or_tests() -> None:
    imported = imported_names().items()
    assert [path for path, names in imported if tops(names) & {LAB, "tests"}] == []


def test_no_files_import_each_other_in_a_circle() -> None:
    files = {path.removesuffix("/__init__.py").removesuffix(".py"): path for path in modules()}
    by_name = {name.replace("/", "."): path for name, path in files.items()}
    arrows = {}
    for path, names in imported_names().items():
        arrows[path] = {by_name[name] for name in names if name in by_name} - {path}
    TopologicalSorter(arrows).prepare()  # raises CycleError with the files of a circle


def test_at_most_one_file_builds_language_models() -> None:
    assert (
        sum(any("chat_models" in name for name in names) for names in imported_names().values())
        <= 1
    )


@cases("folder", "unknown")
def test_a_folder_knows_nothing_of_these(folder: str, unknown: tuple[str, ...]) -> None:
    imported = {path: names for path, names in imported_names().items() if path.startswith(folder)}
    assert imported and not [
        path for path, names in imported.items() for name in names if name.startswith(unknown)
    ]


def test_no_file_is_named_for_nothing() -> None:
    assert [path for path in imported_names() if Path(path).stem in VAGUE] == []


def test_no_other_folder_stands_beside_the_rooms() -> None:
    tracked = subprocess.check_output(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=REPOSITORY, text=True
    ).splitlines()
    folders = {Path(name).parts[0] for name in tracked if len(Path(name).parts) > 1}
    assert folders <= {*ROOMS, LAB, "tests", "docs", ".ci", ".github"}


def test_reading_is_published_by_one_use_case() -> None:
    """Uploads, drafts of staff and the command line run the same ingestion; beside it an edition is
    only made anew.
    """
    texts = {path: (REPOSITORY / path).read_text(encoding="utf-8") for path in imported_names()}
    assert [path for path, text in texts.items() if "run_ingest(" in text] == [
        "ingest/job.py", "service/cli/ingestion/reading.py",
    ]  # fmt: skip
    assert [path for path, text in texts.items() if "tore.publish(" in text] == [
        "ingest/job.py", "service/cli/ingestion/editions.py",
    ]  # fmt: skip
