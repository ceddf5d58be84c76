"""What compose.several.yaml says, run as processes of this machine: its programs, commands, settings and files.

Each service becomes the program that its image holds; names of hosts become ports of loopback, volumes become folders.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chromadb
import yaml

from tests.machine import where
from tests.packaging.dockerfile import exec_form, parse_dockerfile
from tests.postgres import USER, postgres
from tests.processes import REPOSITORY, Server, children_of, environment, run, served
from tests.service.nginx import SEVERAL, Nginx, nginx
from tests.vectorstore.chroma_server import chroma_server

NAME = "lotse.example.org"  # what README has replaced by one's own
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


@dataclass(frozen=True)
class Composed:
    """The running set-up: nginx in front, the services by name with their environment, and what they share."""

    front: Nginx
    services: dict[str, Server]
    settings: dict[str, dict[str, str]]
    certificate: Path

    def call(self, service: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the container of a service, as `docker compose exec` does."""
        return run(*words, data=self.services[service].data, **self.settings[service])

    def kill(self, service: str) -> None:
        """End a service as its machine would by losing power: every process at once."""
        first = self.services[service].process.pid
        family = [first]
        for one in family:
            family += children_of(one)
        for one in family:
            os.kill(one, signal.SIGKILL)


@dataclass
class _File:
    """The compose file, with its variables filled in and hosts known by their address here."""

    variables: dict[str, str]
    hosts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        text = (REPOSITORY / "compose.several.yaml").read_text()
        self.services: dict[str, dict[str, Any]] = yaml.safe_load(VARIABLE.sub(self._value, text))["services"]

    def settings(self, service: str) -> dict[str, str]:
        """Return the environment of a service as it is right here."""
        return {name: self._here(value) for name, value in self.services[service].get("environment", {}).items()}

    def mounted(self, service: str, target: str) -> str:
        """Return what lies at a path of a service's container."""
        by_target = {volume.split(":")[1]: volume.split(":")[0] for volume in self.services[service]["volumes"]}
        return str(by_target[target])

    def _value(self, found: re.Match[str]) -> str:
        name, how, rest = found.groups()
        assert how == "-" or name in self.variables, f"{name}: {rest}"
        return self.variables.get(name, rest or "")

    def _here(self, value: str) -> str:
        for host, address in self.hosts.items():
            value = re.sub(rf"(?<=[/@]){host}(?::\d+)?(?=/|$)", address, value)
        return value.replace("172.30.7.0/24", "127.0.0.0/8")  # where nginx is


@contextmanager
def composed(root: Path, password: str) -> Iterator[Composed]:
    """Run what the file says until the block ends; its volumes lie in `root`."""
    file = _File({"POSTGRES_PASSWORD": password})
    with ExitStack() as running:
        _database(file, running)
        _vectors(file, root, running)
        names = [name for name, one in file.services.items() if one.get("build")]
        start = _entry(root)
        servers, settings = {}, {}
        for name in names:
            settings[name] = _image_settings() | file.settings(name)
            data = root / file.mounted(name, "/data")
            env = environment(data, **settings[name])
            log = root / f"{name}.log"
            servers[name] = running.enter_context(served(start, env=env, log=log, path="/healthz", patience=240))
        front = _front(file, servers, root, running)
        yield Composed(front, servers, settings, root / "nginx" / "certificate.pem")


def _database(file: _File, running: ExitStack) -> None:
    said = file.settings("postgres")
    assert said["POSTGRES_USER"] == USER
    server = running.enter_context(postgres(said["POSTGRES_PASSWORD"]))
    server.database(name=said["POSTGRES_DB"])
    file.hosts["postgres"] = f"127.0.0.1:{server.port}"
    kind, program, *options = file.services["postgres"]["healthcheck"]["test"]
    ready = [str(Path(where("postgresql")).with_name(program)), *options, "--host=127.0.0.1", f"--port={server.port}"]
    assert kind == "CMD" and subprocess.run(ready, capture_output=True, timeout=20).returncode == 0


def _vectors(file: _File, root: Path, running: ExitStack) -> None:
    image = file.services["chroma"]["image"]
    assert image == f"chromadb/chroma:{chromadb.__version__}", "the server is another version than the client"
    folder = root / file.mounted("chroma", "/data")
    folder.mkdir()
    file.hosts["chroma"] = running.enter_context(chroma_server(folder)).removeprefix("http://")


def _front(file: _File, servers: dict[str, Server], root: Path, running: ExitStack) -> Nginx:
    site = file.mounted("nginx", "/etc/nginx/conf.d/default.conf")
    assert (REPOSITORY / site).samefile(SEVERAL) and f"/etc/ssl/{NAME}/" in SEVERAL.read_text()
    assert file.mounted("nginx", f"/etc/ssl/{NAME}") == "./certificates"
    (root / "nginx").mkdir()
    first, second = (int(one.url.rpartition(":")[2]) for one in servers.values())
    return running.enter_context(nginx(first, root / "nginx", second))


def _image_settings() -> dict[str, str]:
    """Return the settings that the image brings, but for the folder and the address, which are those of here."""
    *_, final = parse_dockerfile((REPOSITORY / "Dockerfile").read_text())
    (said,) = final.arguments("ENV")
    pairs = dict(pair.split("=", 1) for pair in said.split())
    assert (pairs.pop("STRATEGIELOTSE_DATA_DIR"), pairs.pop("STRATEGIELOTSE_HOST")) == ("/data", "0.0.0.0")
    return {name: value for name, value in pairs.items() if name != "PATH"}


def _entry(root: Path) -> list[str]:
    """Return the entry command of the image, over this environment in place of the one that the image holds."""
    *_, final = parse_dockerfile((REPOSITORY / "Dockerfile").read_text())
    (entry,) = final.arguments("ENTRYPOINT")
    start, *words = exec_form(entry)
    (copied,) = [one.split()[0] for one in final.arguments("COPY") if one.split()[-1] == start]
    prefix = root / "prefix"
    (prefix / "bin").mkdir(parents=True)
    program = prefix / "bin" / "strategielotse"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m service "$@"\n')
    program.chmod(0o755)
    return [str(REPOSITORY / copied), *(str(prefix) if word.startswith("/opt/") else word for word in words)]
