"""The client against servers that were written from OParl and the issue alone (`blind/EXPECTED.md`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

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
from tests.followed_sources.fake_network import PUBLIC, FakeNetwork
from vectorstore import Texts
from vectorstore.storage import Database

HOST = "ratsinfo.auental.example"
BASE = f"http://{HOST}"
LIMITS = ClientLimits(
    page_bytes=2_000_000, file_bytes=3_000_000, request_seconds=1.5, run_seconds=30, requests=120
)


class BlindNetwork(FakeNetwork):
    """Leads every port to a server of the test; names resolve as the case says, else publicly."""

    def __init__(
        self, port: int, answers: Mapping[str, list[tuple[str, ...]]] = MappingProxyType({})
    ) -> None:
        super().__init__({}, defaultdict(lambda: port))
        self.answers = answers

    def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        answers = self.answers.get(host, [(PUBLIC,)])
        return list(answers.pop(0) if len(answers) > 1 else answers[0])


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


READ_WHOLE = (
    "window_404",
    "modified_ignored",
    "next_loops",
    "next_empty",
    "next_relative",
    "bom_json",
    "main_file_empty",
    "no_download_url",
    "urls_unescaped",
    "no_mime_type",
    "references_doubled",
    "ids_http",
    "licence_empty",
    "licence_missing",
    "decision_contradicts",
    "no_validators",
    "weak_etag",
    "etag_new",
    "conditional_ignored",
    "wrong_type_file",
    "unnamed_type_file",
    "redirect_file",
    "too_many",
    "unavailable",
    "retry_date",
    "retry_missing",
    "robots_missing",
    "robots_other_agent",
    "robots_html",
    "robots_delay",
)
READ_IN_PART = {
    "html_for_file": 15,
    "empty_file": 15,
    "truncated_file": 15,
    "redirect_file_loop": 0,
    "redirect_file_host": 0,
    "file_gone": 15,
    "file_error": 15,
    "robots_forbid": 15,
    "robots_forbid_all": 0,
    "robots_error": 0,
    "html_for_json_first": 0,
    "redirect_list_host": 0,
    "files_by_reference": 0,
}
COUNCIL = dict.fromkeys(READ_WHOLE, 16) | READ_IN_PART


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
