"""Quotas of what people have to read: one subscriber leaves room for others, whatever addresses it
has.
"""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import insert
from starlette.applications import Starlette
from starlette.types import Scope

from service.web.http import Quota, RateLimit, limits, quota
from tests.ingest.cases import cases
from vectorstore.storage import Database, database_clock

HOUR = 3600.0


def sender(address: str) -> Scope:
    return {"type": "http", "client": (address, 1)}


def of(folder: Path, *, most: int = 20, total: int = 600) -> Quota:
    return Quota(Database(folder), b"key", "hints", [(most, HOUR)], (total, HOUR))


def taken(quota: Quota, addresses: list[str]) -> int:
    return sum(not quota.wait(sender(address)) for address in addresses)


def addresses(form: str, number: int) -> list[str]:
    return [form.format(f"{place:x}" if ":" in form else place) for place in range(1, number + 1)]


@cases("form", "number", "expected")
def test_one_subscriber_takes_no_more_whatever_addresses_it_has(
    tmp_path: Path, form: str, number: int, expected: int
) -> None:
    counted = of(tmp_path)
    assert taken(counted, addresses(form, number)) == expected
    assert taken(counted, ["198.51.100.1", "2001:db8:2::1"]) == 2


def test_a_share_is_left_for_those_that_have_sent_nothing(tmp_path: Path) -> None:
    counted = of(tmp_path, most=20, total=30)
    greedy = [f"192.0.2.{number}" for number in (1, 2, 3, 4)] * 10
    assert taken(counted, greedy) == 20
    assert taken(counted, [f"198.51.100.{number}" for number in range(1, 20)]) == 10
    assert counted.wait(sender("198.51.100.200")) > HOUR - 60


def test_who_has_to_wait_is_told_until_enough_of_the_others_is_over(tmp_path: Path) -> None:
    counted, database = of(tmp_path, total=30), Database(tmp_path)
    assert not counted.wait(sender("192.0.2.1"))
    with database.writing() as connection:
        now = database_clock(connection)
        for place in range(25):  # five minutes to 50 minutes old
            other = (f"client {place}", f"network {place}", now - 300 - 108 * place)
            connection.execute(insert(quota.SENT).values(("hints", *other)))
    # of 26 at least 7 have to be over, so that fewer than 20 are left
    seventh = HOUR - 300 - 108 * (24 - 6)
    assert counted.wait(sender("192.0.2.1")) == pytest.approx(seventh, abs=30)


def test_several_processes_count_together(tmp_path: Path) -> None:
    two = cycle((of(tmp_path), of(tmp_path)))
    assert sum(not next(two).wait(sender("203.0.113.7")) for _ in range(60)) == 20


def test_turns_come_back_and_nothing_tells_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, counted = [1_800_000_000.0], of(tmp_path, most=1)
    monkeypatch.setattr(quota, "database_clock", lambda connection: now[0])
    assert taken(counted, ["203.0.113.7", "203.0.113.7"]) == 1
    assert b"203.0.113" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    now[0] += HOUR
    assert taken(counted, ["203.0.113.7", "203.0.113.7"]) == 1
    with Database(tmp_path).reading(quota.METADATA) as connection:
        assert connection is not None and len(connection.execute(quota.SENT.select()).all()) == 1


def test_without_the_database_it_counts_here(tmp_path: Path) -> None:
    (tmp_path / "operation.sqlite").write_bytes(b"no database" * 1000)
    counted = of(tmp_path, most=2)
    assert taken(counted, ["203.0.113.7"] * 5) == 2


def test_requests_of_a_network_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NETWORK_FACTOR", 2)
    turns = RateLimit(Starlette(), 3)
    passed = [
        turns.wait(sender(f"2001:db8:1:{place // 3:x}::{place % 3:x}")) == 0 for place in range(12)
    ]
    assert passed == [True] * 6 + [False] * 6 and not turns.wait(sender("2001:db8:2::1"))
