"""What the Dockerfile and the compose file promise; no engine is needed to read them."""

from __future__ import annotations

import yaml

from tests.packaging.conftest import build_context
from tests.packaging.dockerfile import Stage
from tests.processes import REPOSITORY


def test_only_the_built_environment_reaches_the_last_stage(stages: list[Stage]) -> None:
    assert len(stages) == 2
    assert stages[-1].arguments("COPY") == [
        "--from=build /opt/strategielotse /opt/strategielotse",
        ".ci/start /opt/strategielotse/start",
    ]


def test_image_runs_as_an_ordinary_user_that_owns_the_data_folder(stages: list[Stage]) -> None:
    (user,) = stages[-1].arguments("USER")
    (creation,) = stages[-1].arguments("RUN")
    assert user not in {"root", "0"}
    assert f"--owner={user} /data" in creation
    assert stages[-1].arguments("VOLUME") == ["/data"]


def test_image_is_built_from_no_more_than_the_rooms_and_root_files() -> None:
    kept = build_context(REPOSITORY)
    assert (REPOSITORY / ".dockerignore").read_text().splitlines()[1] == "*"
    assert all((REPOSITORY / name).exists() for name in kept)
    assert {
        "vectorstore",
        "prompts",
        "ingest",
        "service",
        "evals",
    } <= kept
    assert not {"tests", ".git", "docs"} & kept


def test_compose_keeps_the_data_in_a_volume_and_the_port_on_this_machine() -> None:
    composed = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
    service = composed["services"]["strategielotse"]
    assert service["volumes"] == ["data:/data"]
    assert "data" in composed["volumes"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["cap_drop"] == ["ALL"]
