"""The client against servers that were written from OParl and the issue alone (`blind/EXPECTED.md`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpcore2 as httpcore
import pytest
from pydantic import ValidationError

from followed_sources import (
    FollowedFiles,
    FollowedSource,
    Network,
    SourceClient,
    SourceFetcher,
    SourceReport,
)
from followed_sources.addresses import RefusedAddress, is_public, parse_address
from followed_sources.client import ClientLimits
from tests.followed_sources.blind.council_server import CouncilServer
from tests.followed_sources.blind.hostile import CASES, HostileServer
from tests.followed_sources.blind.hostile_cases import AT_MOST_GOOD, NOTHING
from tests.followed_sources.blind.listening import Stranger
from tests.followed_sources.fake_network import PUBLIC
from vectorstore import Texts
from vectorstore.storage import Database

HOST = "ratsinfo.auental.example"
BASE = f"http://{HOST}"
LIMITS = ClientLimits(
    page_bytes=2_000_000, file_bytes=3_000_000, request_seconds=1.5, run_seconds=30, requests=120
)


@dataclass
class BlindNetwork(Network):
    """Leads public addresses to a server of the test; names resolve as the case says."""

    port: int
    names: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        answers = self.names.get(host, [(PUBLIC,)])
        return list(answers.pop(0) if len(answers) > 1 else answers[0])

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.connected.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, seconds)

    def wait(self, seconds: float, stopping: Event) -> None:
        self.waited.append(seconds)


def run(
    source: FollowedSource, network: Network, folder: Path, day: int = 0,
    limits: ClientLimits = LIMITS,
) -> SourceReport:  # fmt: skip
    client = SourceClient(source.hosts, "mailto:amt@kreis.example", network, limits)
    now = datetime.now(UTC) + timedelta(days=day)
    fetcher = SourceFetcher(source, client, files_in(folder), set(), {}, now)
    try:
        return fetcher.fetch()
    finally:
        client.close()


def files_in(folder: Path) -> FollowedFiles:
    return FollowedFiles(Texts(Database(folder)), folder)


@pytest.mark.parametrize("trusting", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_a_hostile_source_harms_nothing(name: str, trusting: bool, tmp_path: Path) -> None:
    with Stranger() as victim:
        server = HostileServer(name, base=BASE, stranger=victim.base, most_seconds=3)
        with server:
            names = {host: [*answers] for host, answers in server.case.dns.items()}
            network = BlindNetwork(server.port, names)
            try:
                source = FollowedSource.model_validate(server.source(trusting))
                parse_address(source.address, source.hosts)
            except (ValidationError, RefusedAddress):
                return
            report = run(source, network, tmp_path)
            assert victim.log == []
            assert all(map(is_public, network.connected))
            assert set(network.resolved) <= {host.partition(":")[0] for host in source.hosts}
            assert all(text.isprintable() for text in (*report.problems, *report.new))
            taken = len(report.new)
            if server.case.expect == NOTHING:
                assert taken == 0 and report.problems
            assert taken <= (1 if server.case.expect == AT_MOST_GOOD else source.most_files)


def council_source(server: CouncilServer, **more: Any) -> FollowedSource:
    given = {"name": "Rat", "kind": "oparl", "address": server.body_url, "hosts": [HOST]}
    return FollowedSource.model_validate({**given, "most_files": 200, **more})


COUNCIL = {
    "window_404": 16, "modified_ignored": 16, "next_loops": 16, "next_empty": 16, "next_relative": 16,
    "bom_json": 16, "main_file_empty": 16, "no_download_url": 16,
    "urls_unescaped": 16, "no_mime_type": 16, "references_doubled": 16, "ids_http": 16,
    "licence_empty": 16, "licence_missing": 16, "decision_contradicts": 16, "no_validators": 16,
    "weak_etag": 16, "etag_new": 16, "conditional_ignored": 16, "html_for_file": 15,
    "empty_file": 15, "truncated_file": 15, "wrong_type_file": 16, "unnamed_type_file": 16,
    "redirect_file": 16, "redirect_file_loop": 0, "redirect_file_host": 0, "file_gone": 15,
    "file_error": 15, "too_many": 16, "unavailable": 16, "retry_date": 16, "retry_missing": 16,
    "robots_missing": 16, "robots_forbid": 15, "robots_forbid_all": 0, "robots_other_agent": 16,
    "robots_error": 0, "robots_html": 16, "robots_delay": 16, "html_for_json_first": 0,
    "redirect_list_host": 0, "files_by_reference": 0,
}  # fmt: skip


@pytest.mark.parametrize(("switch", "taken"), COUNCIL.items(), ids=COUNCIL)
def test_a_wayward_council_is_read_and_unchanged_asks_for_no_file(
    switch: str, taken: int, tmp_path: Path
) -> None:
    with CouncilServer(base=BASE, switches=[switch]) as server:
        network, source = BlindNetwork(server.port), council_source(server)
        first = run(source, network, tmp_path)
        assert len(first.new) == taken
        assert taken == 16 or first.problems
        server.forget()
        report = run(source, network, tmp_path, 1)
        assert (report.new, report.changed, report.gone) == ([], [], [])
        if taken == 16:
            assert server.asked("file") == []
