"""The compose files without Docker: what they name exists, containers are closed and bounded,
releases pin images.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from service import SETTING_PREFIX, Settings, load_settings
from service.settings import CONFIG_VARIABLE, unknown_settings
from tests.ingest.cases import cases
from tests.processes import REPOSITORY
from tests.service.fakes import client_for
from vectorstore import EditionStore

FILES = ("compose.yaml", "compose.several.yaml")
SERVICES = [
    pytest.param(item, id=f"{name}:{key}")
    for name in FILES
    for key, item in yaml.safe_load((REPOSITORY / name).read_text())["services"].items()
]
FAKE = """#!/bin/sh
[ "$1 $2 $3" = "buildx imagetools inspect" ] || exit 2
case $4 in *lost*) exit 1 ;; esac
echo "sha256:of-$4"
"""
SITE = REPOSITORY / "docs" / "nginx" / "several.conf"


def composed(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPOSITORY / name).read_text())
    return found


def of_ours(name: str) -> list[dict[str, Any]]:
    """Return the services of a compose file that run our image."""
    return [
        item for item in composed(name)["services"].values() if item["image"] == "strategielotse"
    ]


def interpolated(value: str) -> str:
    """Return a value as Compose makes it where no variable is set but those that have to be."""
    return re.sub(
        r"\$\{\w+:([-?])([^}]*)\}", lambda hit: {"-": hit[2]}.get(hit[1], "secret"), value
    )


@pytest.fixture
def several() -> dict[str, Any]:
    return composed("compose.several.yaml")


@pytest.mark.parametrize("name", FILES)
def test_what_services_name_is_there(name: str) -> None:
    whole = composed(name)
    for service in whole["services"].values():
        mounted = [volume.split(":") for volume in service.get("volumes", ())]
        named = {source for source, *_ in mounted if not source.startswith(".")}
        files = {source for source, *_ in mounted if source.startswith("./docs")}
        assert named <= whole["volumes"].keys()
        assert all((REPOSITORY / path).is_file() for path in files)
        assert set(service.get("networks", ())) <= whole.get("networks", {}).keys()
        assert set(service.get("depends_on", ())) <= whole["services"].keys()
        assert service.get("build") == "." or re.fullmatch(
            r"[\w./-]+:[\w.-]*\d[\w.-]*", service["image"]
        )


@pytest.mark.parametrize("name", FILES)
def test_settings_exist_and_are_taken(name: str) -> None:
    known = {SETTING_PREFIX + field.upper() for field in Settings.model_fields}
    for service in composed(name)["services"].values():
        statement = service.get("environment", {}).items()
        ours = {
            key: value
            for key, value in statement
            if key.startswith(SETTING_PREFIX) and value is not None
        }
        assert ours.keys() <= known
        with pytest.MonkeyPatch.context() as patch:
            for key, value in ours.items():
                patch.setenv(key, interpolated(value))
            settings = Settings()
        assert bool(settings.database_url) == ("STRATEGIELOTSE_DATABASE_URL" in ours)


@pytest.mark.parametrize("name", FILES)
def test_every_setting_can_stand_in_one_file_beside_it_that_may_be_missing(name: str) -> None:
    """What Compose maps into the container itself is not moved by that file."""
    image = re.findall(r"STRATEGIELOTSE_\w+=\S+", (REPOSITORY / "Dockerfile").read_text())
    for service in of_ours(name):
        assert service["env_file"] == [{"path": ".env", "required": False}]
        fixed = {f"{key}={value}" for key, value in service["environment"].items()}
        assert {*image, "STRATEGIELOTSE_PORT=8000"} <= fixed
    assert "/.env" in (REPOSITORY / ".gitignore").read_text().splitlines()


def test_the_file_of_settings_that_is_shown_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (REPOSITORY / "docs/operation.md").read_text()
    (shown,) = re.findall(r"^```\n(STRATEGIELOTSE_.*?)^```$", page, re.M | re.S)
    (tmp_path / ".env").write_text(shown)
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / ".env"))
    settings = load_settings()
    assert (settings.staff_access, settings.public_path) == ("oidc", "")
    assert settings.oidc_client_secret and settings.oidc_client_secret.get_secret_value() == "…"
    assert unknown_settings() == []


def test_visitors_behind_nginx_of_the_machine_have_a_quota_each(tmp_path: Path) -> None:
    """What reaches a published port from the machine itself comes from the network's gateway."""
    (pool,) = composed("compose.yaml")["networks"]["default"]["ipam"]["config"]
    (service,) = of_ours("compose.yaml")
    assert ip_address(pool["gateway"]) in ip_network(pool["subnet"])
    assert service["ports"] == ["127.0.0.1:${STRATEGIELOTSE_PORT:-8000}:8000"]
    trusted = interpolated(service["environment"]["STRATEGIELOTSE_TRUSTED_PROXIES"]).split(",")
    limits = {"rate_per_minute": 1, "trusted_proxies": tuple(trusted)}
    client = client_for(EditionStore(tmp_path), pool["gateway"], **limits)
    visitors = ("198.51.100.1", "198.51.100.2", "198.51.100.1")
    headers = [{"X-Forwarded-For": visitor} for visitor in visitors]
    answers = [client.get("/docs", headers=header) for header in headers]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


@cases("host", "already", "model")
def test_a_model_beside_is_used_where_its_profile_runs(
    tmp_path: Path, host: str, already: str, model: str
) -> None:
    assert composed("compose.yaml")["services"]["ollama"]["profiles"] == ["model"]
    (tmp_path / "bin").mkdir()
    served = tmp_path / "bin" / "strategielotse"
    served.write_text('#!/bin/sh\necho "$STRATEGIELOTSE_ANSWER_MODEL|$*"\n')
    served.chmod(0o755)
    statement = {
        "MODEL_BESIDE": f"openai:m@http://{host}:9/v1",
        "STRATEGIELOTSE_ANSWER_MODEL": already,
    }
    command = [REPOSITORY / ".ci" / "start", "--prefix", tmp_path, "--model-beside", "--port", "1"]
    done = subprocess.run(
        command,
        env={**os.environ, **statement},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == f"{model}|serve --port 1"


def test_only_nginx_is_reached_from_outside(several: dict[str, Any]) -> None:
    assert [name for name, item in several["services"].items() if "ports" in item] == ["nginx"]
    assert several["networks"]["inside"]["internal"] is True
    assert [
        name for name, item in several["services"].items() if "outside" in item["networks"]
    ] == ["nginx"]


def test_no_password_stands_in_the_file(several: dict[str, Any]) -> None:
    statement = several["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert statement.startswith("${POSTGRES_PASSWORD:?")
    assert statement in several["services"]["lotse-1"]["environment"]["STRATEGIELOTSE_DATABASE_URL"]


def test_the_services_believe_the_network_of_nginx(several: dict[str, Any]) -> None:
    (pool,) = several["networks"]["inside"]["ipam"]["config"]
    trusted = several["services"]["lotse-1"]["environment"]["STRATEGIELOTSE_TRUSTED_PROXIES"]
    assert ip_network(trusted) == ip_network(pool["subnet"])


def test_nginx_asks_the_services_of_the_file_and_only_questions_twice(
    several: dict[str, Any],
) -> None:
    site = SITE.read_text()
    asked = re.findall(r"^    server ([\w-]+):(\d+) ", site, re.M)
    assert {name for name, _ in asked} == {
        name for name in several["services"] if name.startswith("lotse")
    }
    assert {port for _, port in asked} == {str(Settings.model_fields["port"].default)}
    assert re.findall(r"location ([^{]+) \{[^}]*non_idempotent", site) == ["= /api/v1/chat"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_closed_and_bounded(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and 0 < service["pids_limit"] <= 512
    assert any(place.split(":")[0] == "/tmp" and "size=" in place for place in service["tmpfs"])
    assert "SYS_ADMIN" not in service.get("cap_add", ()) and not service.get("privileged")


@pytest.mark.parametrize("service", SERVICES)
def test_images_have_an_exact_version(service: dict[str, Any]) -> None:
    assert service.get("build") == "." or re.search(r":\d+\.\d+(\.\d+)?(-\w+)?$", service["image"])
    bases = re.findall(r"^FROM (\S+)", (REPOSITORY / "Dockerfile").read_text(), re.M)
    assert bases and all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", base) for base in bases)


@pytest.mark.parametrize("lost", [False, True])
def test_the_release_command_pins_each_image(tmp_path: Path, lost: bool) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "digests", tmp_path / ".ci")
    several = (REPOSITORY / "compose.several.yaml").read_text()
    (tmp_path / "compose.several.yaml").write_text(
        several.replace("postgres:17", "lost:17") if lost else several
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(FAKE)
    (tmp_path / "bin" / "docker").chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run([tmp_path / ".ci" / "digests"], env={"PATH": path}, timeout=60)
    assert (done.returncode != 0) is lost
    assert not list(tmp_path.glob("*.new"))
    if lost:
        assert not (tmp_path / "compose.digests.yaml").exists()
        return
    pinned = yaml.safe_load((tmp_path / "compose.digests.yaml").read_text())["services"]
    images = {
        name: item["image"]
        for name, item in yaml.safe_load(several)["services"].items()
        if "build" not in item
    }
    assert {name: item["image"] for name, item in pinned.items()} == {
        name: f"{image}@sha256:of-{image}" for name, image in images.items()
    }
