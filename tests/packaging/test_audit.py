"""`make audit` and `make sbom`: what was not checked is never told as clean, and a list of parts comes out the same."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.packaging.test_requirements import versions
from tests.processes import REPOSITORY, environment, free_port

SCRIPT = REPOSITORY / ".ci/audit.py"
CLEAN = {"name": "anyio", "version": "4.16.0", "vulns": []}
UNKNOWN = {"name": "bm25s", "skip_reason": "Dependency not found on PyPI and could not be audited: bm25s (0.3.16)"}
WEAK = {"name": "click", "version": "8.5.1", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["8.5.2"]}]}
REQUIREMENTS = "".join(f"{one['name']}=={one['version']} --hash=sha256:{'0' * 64}\n" for one in (CLEAN, WEAK))


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "text", "code"),
    [
        ([CLEAN], "geprüft, nichts gefunden (1 Pakete)", 0),
        ([UNKNOWN], "nicht geprüft: keine Liste erreichbar, die diese Pakete kennt", 0),
        ([], "nicht geprüft: keine Liste erreichbar, die diese Pakete kennt", 0),
        (
            [CLEAN, UNKNOWN],
            "geprüft, nichts gefunden (1 Pakete; nicht geprüft, weil die Liste sie nicht kennt: bm25s)",
            0,
        ),
        ([CLEAN, WEAK], "gefunden (2 Pakete geprüft)\n  click 8.5.1: PYSEC-2026-1, behoben in 8.5.2", 1),
    ],
)
def test_each_outcome_has_its_own_words(audit: ModuleType, packages: list[Any], text: str, code: int) -> None:
    assert audit.verdict(json.dumps({"dependencies": packages, "fixes": []}), "") == (text, code)


def test_no_connection_is_not_checked_and_another_fault_is_an_error(audit: ModuleType) -> None:
    refused = "requests.exceptions.ConnectionError: HTTPConnectionPool(host='127.0.0.1', port=9): Max retries exceeded"
    assert audit.verdict("", refused) == ("nicht geprüft: keine Liste erreichbar", 0)
    assert audit.verdict("", "ERROR: invalid requirements\n") == ("ERROR: invalid requirements", 2)


class Osv(BaseHTTPRequestHandler):
    """A list of vulnerabilities as OSV answers: one for click where the server says so, else none."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        weak = self.path == "/weak" and asked["package"]["name"] == "click"
        affected = {"package": asked["package"], "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "8.5.2"}]}]}
        told = {"vulns": [{"id": "PYSEC-2026-1", "modified": "2026-11-01T00:00:00Z", "affected": [affected]}]}
        body = json.dumps(told if weak else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Stay silent."""


@contextmanager
def served_list() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.long
def test_the_real_tools_over_a_list_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(REQUIREMENTS)
    closed = f"http://127.0.0.1:{free_port()}"
    ask = f"python {SCRIPT} {tmp_path}/requirements.txt -s osv --osv-url"
    project = f"--pyproject {REPOSITORY}/pyproject.toml --output-reproducible"
    parts = f"cyclonedx-py requirements {REPOSITORY}/requirements.txt {project} --output-file {tmp_path}"
    with served_list() as url:
        steps = [f"{ask} {address}; echo $?" for address in (f"{url}/clean", f"{url}/weak", closed)]
        steps += [f"{parts}/a", f"{parts}/b --no-validate"]  # checking the form takes most of the time
        result = subprocess.run(
            [REPOSITORY / ".ci/tools", "sh", "-c", "\n".join(steps)],
            env=environment(PYTHON=str(Path(sys.base_prefix) / "bin/python3"), NO_PROXY="127.0.0.1"),
            capture_output=True,
            text=True,
            timeout=900,
        )
    assert result.returncode == 0, result.stderr
    said = [line.removeprefix(f"{tmp_path}/requirements.txt: ") for line in result.stdout.splitlines()]
    assert said == [
        "geprüft, nichts gefunden (2 Pakete)", "0",
        "gefunden (2 Pakete geprüft)", "  click 8.5.1: PYSEC-2026-1, behoben in 8.5.2", "1",
        "nicht geprüft: keine Liste erreichbar", "0",
    ]  # fmt: skip
    first, second = ((tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second
    listed = json.loads(first)
    assert listed["bomFormat"] == "CycloneDX"
    named = {(one["name"], f"=={one['version']}") for one in listed["components"]}
    assert named == {(name, one) for name, found in versions(REPOSITORY / "requirements.txt").items() for one in found}
