"""The service as the image holds it: started by the Dockerfile's own commands, far from the
checkout.
"""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.conftest import IMAGE_PREFIX
from tests.packaging.dockerfile import Stage, exec_form
from tests.processes import Server, environment, free_port, run, served

pytestmark = pytest.mark.long


@pytest.fixture
def entrypoint(prefix: Path, stages: list[Stage]) -> list[str]:
    """Return the image's ENTRYPOINT, pointed to where the image's content lies here."""
    (arguments,) = stages[-1].arguments("ENTRYPOINT")
    return exec_form(arguments.replace(IMAGE_PREFIX, str(prefix)))


@pytest.fixture
def demo(entrypoint: list[str], tmp_path: Path) -> Iterator[Server]:
    command = [*entrypoint, "--demo"]
    data = tmp_path / "data"
    with served(
        command, env=environment(data), log=tmp_path / "log", cwd=tmp_path, path="/readyz"
    ) as server:
        yield server


def test_the_image_starts_empty_and_says_what_to_do(entrypoint: list[str], tmp_path: Path) -> None:
    with served(
        entrypoint, env=environment(tmp_path / "data"), log=tmp_path / "log", cwd=tmp_path
    ) as server:
        with pytest.raises(urllib.error.HTTPError) as refused:
            server.get("/api/v1/documents")
        assert refused.value.code == 503
        assert "strategielotse ingest" in json.loads(refused.value.read())["detail"]


def test_demo_serves_the_sample_corpus(demo: Server) -> None:
    documents = json.loads(demo.get("/api/v1/documents"))["items"]
    assert len(documents) >= 4
    assert "<form" in demo.get("/")
    assert "Beispieldaten" in demo.get("/api/v1/lookup?q=Radverkehr") + demo.get("/")


def test_health_check_of_the_image(prefix: Path, stages: list[Stage], demo: Server) -> None:
    (arguments,) = stages[-1].arguments("HEALTHCHECK")
    port = demo.url.rsplit(":", 1)[1]
    check = exec_form(arguments.replace(":8000", f":{port}"))
    check_closed = exec_form(arguments.replace(":8000", f":{free_port()}"))
    env = environment() | {"PATH": f"{prefix}/bin:{os.environ['PATH']}"}
    assert subprocess.run(check, env=env, timeout=30).returncode == 0
    assert (
        subprocess.run(check_closed, env=env, timeout=30, stderr=subprocess.DEVNULL).returncode != 0
    )


def test_the_laboratory_is_no_part_of_the_image(prefix: Path) -> None:
    assert not list(prefix.glob("lib/python*/site-packages/lab"))
    assert not list(prefix.glob("lib/python*/site-packages/sklearn"))


def test_cases_are_asked_without_the_laboratory(prefix: Path, tmp_path: Path) -> None:
    command = [prefix / "bin/strategielotse"]
    (cases,) = prefix.glob("lib/python*/site-packages/evals/cases/sample-dev.jsonl")
    asked = run(
        "eval",
        "run",
        cases,
        "--to",
        tmp_path / "runs",
        data=tmp_path / "data",
        command=command,
        cwd=tmp_path,
    )
    assert asked.returncode == 0, asked.stderr
    assert list(tmp_path.glob("runs/*/report.html"))


def test_start_without_installation_says_what_to_do(prefix: Path, tmp_path: Path) -> None:
    command = [str(prefix / "start"), "--prefix", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert result.returncode == 2
    assert ".ci/install" in result.stderr
