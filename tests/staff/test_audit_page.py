"""The page on who did what: for publishers, filtered, as a table and as CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.audit import AuditLog
from service.staff.roles import Role
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in
from vectorstore.database import Database


@pytest.fixture
def filled(client_for: ClientFor, tmp_path: Path) -> ClientFor:
    """Clients of a service whose log has notes of two days."""
    database = Database(tmp_path)
    for day, person, action, subject in (
        (1, "=Ada", "corrected", "klima/5.1"),
        (2, "Bo <b>", "ingested", "2026-11-02-1"),
        (2, "Bo <b>", "corrected", "klima/5.2"),
    ):
        moment = datetime(2026, 11, day, 23, 30, tzinfo=UTC)
        AuditLog(database, lambda moment=moment: moment).note(person, "editor", action, subject)  # type: ignore[misc]

    def made(*args: object, **settings: object) -> object:
        client = client_for(*args, **settings)
        client.app.state.audit = AuditLog(database)  # type: ignore[attr-defined]
        return client

    return made  # type: ignore[return-value]


def test_publishers_read_who_did_what(filled: ClientFor) -> None:
    page = signed_in(filled()).get("/staff/audit").text
    assert "klima/5.1" in page and "02.11.2026 23:30:00" in page and "eingelesen" in page and "Redaktion" in page
    assert "Bo &lt;b&gt;" in page and "Bo <b>" not in page and "angemeldet" in page
    assert "Das Protokoll beginnt am 01.11.2026. Einträge werden nach 730 Tagen gelöscht." in page
    assert page.index("klima/5.2") < page.index("klima/5.1")


def test_others_do_not(filled: ClientFor) -> None:
    for role in (Role.READER, Role.EDITOR):
        client = signed_in(filled(), role)
        assert client.get("/staff/audit").status_code == client.get("/staff/audit.csv").status_code == 403
        assert "Protokoll</a>" not in client.get("/staff").text
    assert filled(staff_access="public").get("/staff/audit").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=bo", ["klima/5.2", "2026-11-02-1"]),
        ("person=%25", []),
        ("action=corrected&until=2026-11-01", ["klima/5.1"]),
        ("since=2026-11-02&until=2026-11-02", ["klima/5.2", "2026-11-02-1"]),
        ("action=corrected&since=&until=", ["klima/5.2", "klima/5.1"]),
    ],
)
def test_filters_hold_for_page_and_file(filled: ClientFor, query: str, found: list[str]) -> None:
    client = signed_in(filled())
    page = client.get(f"/staff/audit?{query}").text
    assert [one for one in ("klima/5.2", "2026-11-02-1", "klima/5.1") if f"<td>{one}</td>" in page] == found
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"/staff/audit.csv?{query}").text.lstrip("\ufeff")), delimiter=";")
    )
    assert [row["subject"] for row in rows[:-1]] == found
    assert (rows[-1]["moment"], rows[-1]["subject"]) == (
        "2026-11-01T23:30:00+00:00",
        "Einträge werden nach 730 Tagen gelöscht.",
    )


def test_no_cell_is_a_formula(filled: ClientFor) -> None:
    response = signed_in(filled()).get("/staff/audit.csv?person=ada")
    assert "'=Ada" in response.text and "protokoll" in response.headers["content-disposition"]


def test_a_day_that_is_none_is_told(filled: ClientFor) -> None:
    assert signed_in(filled()).get("/staff/audit?since=gestern").status_code == 422
