"""Sessions: they end by themselves and at sign-out, on the server, and a form of another website
changes nothing.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from service import Role
from service.office.staff import Ticket, Tickets
from service.office.staff.sessions import HOURS, IDLE_HOURS
from tests.ingest.cases import cases
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import NAME, link_for, signed_in
from vectorstore.storage import Database
from vectorstore.storage.database import BEFORE, FILE

HOUR = 3600.0


def test_a_session_ends_after_a_pause_and_after_a_day(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, passed = time.time(), [0.0]
    monkeypatch.setattr("service.office.staff.sessions.time.time", lambda: moment + passed[0])
    used = signed_in(client_for())
    while passed[0] < HOURS * HOUR - HOUR:
        passed[0] += HOUR
        assert used.get("/staff").status_code == 200
    passed[0] += HOUR
    assert used.get("/staff").status_code == 403
    idle = signed_in(client_for())
    passed[0] += IDLE_HOURS * HOUR
    assert idle.get("/staff").status_code == 403


def test_what_is_over_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets, moment = Tickets(Database(tmp_path)), time.time()
    assert tickets.delete_expired() == 0 and not (tmp_path / FILE).exists()
    token = tickets.issue(Ticket(name="Ada", host="localhost", seen=moment))
    assert tickets.delete_expired() == 0 and tickets.session(token, "localhost") is not None
    monkeypatch.setattr(
        "service.office.staff.sessions.time.time", lambda: moment + HOURS * HOUR + 1
    )
    assert tickets.delete_expired() == 1


def test_the_cookie_is_set_once_and_not_with_every_page(client_for: ClientFor) -> None:
    client = signed_in(client_for())
    for path in ("/staff", "/staff/audit"):
        assert "set-cookie" not in client.get(path).headers


def test_signing_out_ends_the_session_for_whoever_has_the_cookie(client_for: ClientFor) -> None:
    client = signed_in(client_for())
    stolen = dict(client.cookies)
    page = client.get("/staff").text
    assert "Angemeldet als" in page and NAME in page and "(Veröffentlichen)" in page
    left = client.post("/staff/sign-out", follow_redirects=False)
    assert (left.status_code, left.headers["location"]) == (303, "/staff/sign-in?left=true")
    assert "01 Jan 1970" in left.headers["set-cookie"]
    other = client_for()
    other.cookies.update(stolen)
    assert other.get("/staff").status_code == 403
    assert "Sie sind abgemeldet" in client.get("/staff/sign-in?left=true").text


def test_each_sign_in_is_a_new_session_and_ends_the_one_before(client_for: ClientFor) -> None:
    client = signed_in(client_for())
    before = dict(client.cookies)
    signed_in(client, Role.READER, "Bo")
    assert dict(client.cookies) != before
    other = client_for()
    other.cookies.update(before)
    assert other.get("/staff").status_code == 403


@cases("origin", "site", "status")
def test_only_our_own_pages_change_something(
    client_for: ClientFor, origin: str, site: str, status: int
) -> None:
    """The county's own origin may call the API, and still change nothing here."""
    client = signed_in(client_for(allowed_origins=("https://www.kreis.example",)))
    del client.headers["Sec-Fetch-Site"]
    given = {"Origin": origin, "Sec-Fetch-Site": site}
    headers = {name: item for name, item in given.items() if item}
    answer = client.post("/staff/sign-out", headers=headers, follow_redirects=False)
    assert answer.status_code == status
    assert (client.get("/staff").status_code == 200) is (status == 403)


def test_who_comes_without_a_name_is_asked_for_it_once(client_for: ClientFor) -> None:
    client = client_for()
    come = client.get(link_for(client, name=""), follow_redirects=False)
    assert (come.status_code, come.headers["location"]) == (303, "/staff/name")
    client.headers["Sec-Fetch-Site"] = "same-origin"
    assert client.get("/staff").status_code == 200
    for wrong in ("", "   ", "x" * 81):
        again = client.post("/staff/name", data={"name": wrong})
        assert again.status_code == 422 and "höchstens 80 Zeichen" in again.text
    assert (
        client.post(
            "/staff/name", data={"name": " Bo  <b>Muster</b> "}, follow_redirects=False
        ).status_code
        == 303
    )
    page = client.get("/staff").text
    assert "Bo &lt;b&gt;Muster&lt;/b&gt;" in page and "<b>Muster" not in page
    assert client.post("/staff/name", data={"name": "Anders"}).status_code == 404


def test_where_the_database_is_away_nobody_gets_in_and_is_told(client_for: ClientFor) -> None:
    client = signed_in(client_for())
    url = "postgresql+psycopg://127.0.0.1:1/x?connect_timeout=1"
    client.app.state.tickets._database = Database(Path("/nowhere"), url)  # type: ignore[attr-defined]
    away = client.get("/staff")
    assert away.status_code == 503 and away.json()["type"].endswith("database-away")


def test_publishers_delete_the_copy_from_before_a_migration(client_for: ClientFor) -> None:
    publisher, reader = signed_in(client_for()), signed_in(client_for(), Role.READER, "Bo")
    assert "Kopie löschen" not in publisher.get("/staff/administration").text
    copy = publisher.app.state.settings.data_dir / BEFORE  # type: ignore[attr-defined]
    copy.write_bytes(b"tables")
    assert "Kopie löschen" not in reader.get("/staff/administration").text
    assert reader.post("/staff/administration/copy").status_code == 403
    assert "Kopie löschen" in publisher.get("/staff/administration").text
    page = publisher.post("/staff/administration/copy").text
    assert "Kopie löschen" not in page and not copy.exists()
    assert "Kopie von vor der Umstellung gelöscht" in publisher.get("/staff/audit").text


def test_publishers_end_everybodys_session(client_for: ClientFor) -> None:
    publisher, reader = signed_in(client_for()), signed_in(client_for(), Role.READER, "Bo")
    assert "Alle abmelden" in publisher.get("/staff/administration").text
    assert "Alle abmelden" not in reader.get("/staff/administration").text
    assert reader.post("/staff/sessions").status_code == 403
    waiting = link_for(publisher, name="Cy")
    ended = publisher.post("/staff/sessions", follow_redirects=False)
    assert (ended.status_code, ended.headers["location"]) == (303, "/staff/sign-in?left=true")
    assert [item.get("/staff").status_code for item in (publisher, reader)] == [403, 403]
    assert client_for().get(waiting, follow_redirects=False).status_code == 403
    assert "alle abgemeldet" in signed_in(client_for()).get("/staff/audit").text
