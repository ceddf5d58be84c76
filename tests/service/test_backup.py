"""Backup and restore as docs/operation.md tells: a plain copy while the server works, put elsewhere, checked, asked."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.request
from contextlib import closing
from pathlib import Path

from service.feedback.store import FeedbackStore
from tests.processes import COMMAND, REPOSITORY, Server, environment, run, served
from tests.service.county import motion, report
from vectorstore.editions import EditionStore

QUESTION = "Welche Projekte sind noch Ideen?"


def ask(server: Server) -> dict[str, object]:
    body = json.dumps({"question": QUESTION}).encode()
    request = urllib.request.Request(server.url + "/api/v1/chat", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, object] = json.load(response)
    return answer


def rate(server: Server) -> None:
    body = json.dumps({"answer_id": ask(server)["answer_id"], "helpful": True}).encode()
    request = urllib.request.Request(server.url + "/api/v1/feedback", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=60).close()


def test_a_copy_made_while_the_server_works_is_restored_elsewhere(tmp_path: Path) -> None:
    data, backup, restored = tmp_path / "data", tmp_path / "backup", tmp_path / "elsewhere" / "data"
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7 the printed report")
    store = EditionStore(data)
    store.publish([report()], originals={"auenland-report": paper})
    store.publish([report(), motion()], originals={"auenland-report": paper})
    stop = threading.Event()

    def keep_asking(server: Server) -> None:
        while not stop.is_set():
            ask(server)

    with served([*COMMAND, "serve"], env=environment(data), log=tmp_path / "log", path="/readyz") as server:
        rate(server)
        told = ask(server)
        client = threading.Thread(target=keep_asking, args=(server,))
        client.start()
        subprocess.run(["cp", "-a", str(data), str(backup)], check=True)
        stop.set()
        client.join()
    assert run("verify", data=backup).returncode == 0
    restored.parent.mkdir()
    backup.rename(restored)
    data.rename(tmp_path / "gone")
    with served([*COMMAND, "serve"], env=environment(restored), log=tmp_path / "log", path="/readyz") as server:
        assert {key: ask(server)[key] for key in ("answer", "citations")} == {
            key: told[key] for key in ("answer", "citations")
        }
    assert run("rollback", data=restored).returncode == 0
    with closing(EditionStore(restored).open()) as edition:
        assert edition.originals["auenland-report"].read_bytes() == paper.read_bytes()
    assert [day.helpful for day in FeedbackStore(restored).counts()] == [1]


def test_the_commands_of_the_document_are_those_that_are_tested() -> None:
    text = (REPOSITORY / "docs" / "operation.md").read_text()
    for command in ("cp -a", "strategielotse verify --data-dir", "strategielotse serve --data-dir"):
        assert command in text
