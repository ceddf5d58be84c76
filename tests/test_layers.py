"""Rooms, arrows between them, and which single file knows which outside package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import ROOMS, imported_names, importers, modules, wrong_arrows

REPOSITORY = Path(__file__).resolve().parents[1]
VAGUE = {"utils", "helpers", "common", "misc"}


def test_arrows_point_one_way() -> None:
    assert wrong_arrows(REPOSITORY) == []


@pytest.mark.parametrize(
    ("module", "line", "complaint"),
    [
        ("vectorstore/x.py", "import ingest.job", "vectorstore/x.py imports ingest"),
        ("ingest/x.py", "from service.models import Answer", "ingest/x.py imports service"),
        ("service/x.py", "def f():\n    import evals", "service/x.py imports evals"),
        ("service/other/cli.py", "import ingest", "service/other/cli.py imports ingest"),
    ],
)
def test_an_arrow_back_is_seen(tmp_path: Path, module: str, line: str, complaint: str) -> None:
    (tmp_path / module).parent.mkdir(parents=True)
    (tmp_path / module).write_text(line)
    assert wrong_arrows(tmp_path) == [complaint]


def test_the_composition_root_may_import_ingest(tmp_path: Path) -> None:
    (tmp_path / "service/cli").mkdir(parents=True)
    (tmp_path / "service/cli/main.py").write_text("from ingest import job\nimport evals.gate")
    assert wrong_arrows(tmp_path) == []


def test_tach_agrees() -> None:
    command = [str(Path(sys.executable).with_name("tach")), "check"]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("package", "only"),
    [
        ("chromadb", {"vectorstore/chroma.py"}),
        ("pypdf", {"ingest/layout/pdf.py"}),
        ("docx", {"ingest/layout/docx.py"}),
        (
            "pypdfium2",
            {
                "ingest/layout/pdf.py",
                "ingest/layout/pdf_words.py",
                "ingest/layout/walls.py",
                "ingest/layout/pdf_objects.py",
                "service/pictures/drawing.py",
            },
        ),
    ],
)
def test_one_file_of_a_room_knows_the_package(package: str, only: set[str]) -> None:
    assert importers(REPOSITORY, package) == only


def test_at_most_one_file_builds_language_models() -> None:
    builders = {str(path) for path, names in modules(REPOSITORY) if any("chat_models" in name for name in names)}
    assert len(builders) <= 1


def test_the_seam_to_language_models_knows_nobody_who_asks() -> None:
    for path in sorted((REPOSITORY / "service/language_models").glob("*.py")):
        names = imported_names(path.read_text())
        assert not {name for name in names if name.startswith(("service.answering", "service.model_check"))}, path.name


def test_routes_know_neither_langchain_nor_chroma() -> None:
    for path in sorted((REPOSITORY / "service/routes").glob("*.py")):
        packages = {name.split(".")[0] for name in imported_names(path.read_text())}
        assert not {name for name in packages if name.startswith(("langchain", "chroma"))}, path.name


def test_no_file_is_named_for_nothing() -> None:
    assert [path for path, _ in modules(REPOSITORY) if path.stem in VAGUE] == []


def test_no_other_folder_stands_beside_the_rooms() -> None:
    tracked = subprocess.check_output(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=REPOSITORY, text=True
    ).splitlines()
    folders = {Path(name).parts[0] for name in tracked if len(Path(name).parts) > 1}
    assert folders <= {*ROOMS, "tests", "docs", ".ci"}


def test_reading_is_published_by_one_use_case() -> None:
    """Uploads, drafts of staff and the command line run the same ingestion; beside it an edition is only made anew."""
    texts = {str(path): (REPOSITORY / path).read_text(encoding="utf-8") for path, _ in modules(REPOSITORY)}
    assert [path for path, text in texts.items() if "run_ingest(" in text] == [
        "ingest/job.py", "service/cli/ingestion/reading.py",
    ]  # fmt: skip
    assert [path for path, text in texts.items() if "tore.publish(" in text] == [
        "ingest/job.py", "service/cli/ingestion/editions.py",
    ]  # fmt: skip
