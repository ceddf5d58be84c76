"""One-time links: they open the staff page once, for a time, to whoever has them."""

from __future__ import annotations

import json
import os
import re
import stat
import time
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select
from starlette.testclient import TestClient

from service import Role
from service.backup.restoring import BACKED_UP_TABLES
from service.office.staff import Ticket, Tickets, sign_in_link
from service.office.staff.paths import redirect_target
from service.office.staff.sessions import HOURS, METADATA, TICKETS
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import link_for, signed_in
from tests.staff.test_access import HTML, STRANGER
from vectorstore.storage import Database, StoreUnavailable


def cookies_of(client: TestClient, link: str, **headers: str) -> tuple[str, dict[str, str]]:
    """Follow a link; return the cookie as it is set, and as a client sends it back."""
    response = client.get(link, headers=headers, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/staff")
    line = response.headers["set-cookie"]
    return line, {"Cookie": line.partition(";")[0]}


def test_a_link_opens_the_page_once(client_for: ClientFor) -> None:
    client, other = client_for(), client_for()
    link = link_for(client)
    assert client.get(link, follow_redirects=False).status_code == 303
    assert client.get("/staff").status_code == 200
    spent = other.get(link, headers=HTML)
    assert spent.status_code == 403 and "Zugangslink gilt nicht mehr" in spent.text
    assert "strategielotse staff-link" in spent.text and "/staff/catalogue" not in spent.text
    assert other.get("/staff").status_code == 403
    assert (
        client.get(link, follow_redirects=False).headers["location"] == "/staff"
    )  # who is in already stays in


def test_looking_at_a_link_does_not_use_it_up(client_for: ClientFor) -> None:
    client, scanner = client_for(), client_for()
    link = link_for(client)
    looked = scanner.head(link, follow_redirects=False)
    assert looked.status_code == 303 and looked.headers["location"] == "/staff"
    assert "set-cookie" not in looked.headers
    assert scanner.get("/staff").status_code == 403
    assert client.get(link, follow_redirects=False).status_code == 303
    assert client.get("/staff").status_code == 200


def test_who_has_the_link_has_the_right_wherever_they_are_where_one_is_needed(
    client_for: ClientFor,
) -> None:
    client = client_for(staff_access="public")
    assert client.get(link_for(client), follow_redirects=False).status_code == 404
    for address in (STRANGER, "172.18.0.1"):  # the second: as a container sees its machine
        assert signed_in(client_for(address)).get("/staff/catalogue").status_code == 200


def test_the_cookie_is_for_nobody_else(client_for: ClientFor) -> None:
    client = client_for(trusted_proxies=("127.0.0.0/8",))
    line, _ = cookies_of(client, link_for(client))
    assert re.search(r"; path=/staff; httponly; samesite=lax$", line)
    assert "secure" not in line and "max-age" not in line.lower() and "domain" not in line.lower()
    behind, _ = cookies_of(client, link_for(client), **{"X-Forwarded-Proto": "https"})
    assert behind.endswith("; secure")
    stranger = client_for(STRANGER)
    assert (
        "secure"
        not in cookies_of(stranger, link_for(stranger), **{"X-Forwarded-Proto": "https"})[0]
    )


def test_a_session_holds_for_its_host_only(client_for: ClientFor) -> None:
    client = client_for()
    _, cookie = cookies_of(client, link_for(client), Host="localhost:8000")
    client.cookies.clear()
    hosts = {
        "localhost:8000": 200,
        "LOCALHOST": 200,
        "127.0.0.1:8000": 403,
        "boese.example:8000": 403,
        "": 403,
    }
    for host, status in hosts.items():
        assert client.get("/staff", headers={**cookie, "Host": host}).status_code == status, host


def test_a_cookie_that_is_changed_or_signed_by_another_opens_nothing(client_for: ClientFor) -> None:
    client = client_for()
    link = link_for(client, Role.READER, "Mia")
    name, _, value = cookies_of(client, link)[0].partition(";")[0].partition("=")
    statement, *signed = value.strip('"').split(".")
    session = json.loads(b64decode(statement))
    raised = b64encode(json.dumps({**session, "next": "/staff"}).encode()).decode()
    forged = (
        ".".join((raised, *signed)),
        TimestampSigner("another key").sign(statement).decode(),
        "",
        "x" * 5000,
    )
    client.cookies.clear()
    for item in forged:
        assert client.get("/staff", headers={"Cookie": f"{name}={item}"}).status_code == 403
    assert client.get("/staff", headers={"Cookie": f"{name}={value}"}).status_code == 200


def test_links_end_and_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets, end = Tickets(Database(tmp_path)), time.time() + HOURS * 3600
    early = tickets.issue(Ticket())
    monkeypatch.setattr("service.office.staff.sessions.time.time", lambda: end - 60)
    late = tickets.issue(Ticket())
    monkeypatch.setattr("service.office.staff.sessions.time.time", lambda: end + 60)
    assert tickets.take_link(early) is None and tickets.take_link(late) is not None
    assert tickets.delete_expired() == 1
    assert digests(tmp_path) == []


def digests(folder: Path) -> list[str]:
    with Database(folder).reading(METADATA) as connection:
        assert connection is not None
        return list(connection.execute(select(TICKETS.c.digest)).scalars())


def test_of_many_at_once_one_gets_in(tmp_path: Path) -> None:
    token = Tickets(Database(tmp_path)).issue(Ticket())
    with ThreadPoolExecutor(8) as pool:  # each as a process of its own would
        taken = pool.map(lambda _: Tickets(Database(tmp_path)).take_link(token), range(40))
        assert sum(link is not None for link in taken) == 1


def test_no_token_stands_in_the_data_folder(tmp_path: Path) -> None:
    token = Tickets(Database(tmp_path)).issue(Ticket())
    (path,) = tmp_path.iterdir()
    assert token.encode() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (digest,) = digests(tmp_path)
    for wrong in ("", token[:-1], digest, f"{digest}' OR ''='", "\x00", "\ud800"):
        assert not Tickets(Database(tmp_path)).take_link(wrong)
    assert digests(tmp_path) == [digest]
    assert "staff_ticket" not in {table.name for table in BACKED_UP_TABLES}, "backups open nothing"


def test_a_data_folder_that_is_read_only_has_no_links_and_says_so(tmp_path: Path) -> None:
    folder = Path("/sys/strategielotse") if os.geteuid() == 0 else tmp_path
    if os.geteuid() != 0:
        folder.chmod(0o500)
    with pytest.raises(StoreUnavailable, match="lässt sich nichts schreiben"):
        Tickets(Database(folder)).issue(Ticket())


def test_a_link_is_no_session_and_a_session_no_link(tmp_path: Path) -> None:
    tickets = Tickets(Database(tmp_path))
    assert tickets.session(tickets.issue(Ticket()), "localhost") is None
    token = tickets.issue(Ticket(host="localhost", seen=time.time()))
    assert tickets.take_link(token) is None and tickets.session(token, "localhost") is not None


def test_links_name_an_address_that_a_browser_reaches() -> None:
    assert sign_in_link("http://0.0.0.0:8000", "t") == "http://127.0.0.1:8000/staff/sign-in?token=t"
    assert sign_in_link("http://[::]:8000", "t") == "http://[::1]:8000/staff/sign-in?token=t"
    assert (
        sign_in_link("https://lotse.example/", "t") == "https://lotse.example/staff/sign-in?token=t"
    )


OUTSIDE = ["/staff/../documents", "/staff/%2e%2e//evil.example/", "/staff/./sign-in?token=x", "/staff//evil.example",
           "/staff/%5c%5cevil.example", "/staff/%73ign-in", "//evil.example/staff/"]  # fmt: skip


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_sign_in_leads_to_no_other_place(address: str) -> None:
    assert redirect_target(address) == "/staff"


@pytest.mark.parametrize(
    "address",
    [
        "/staff",
        "/staff?q=a..b",
        "/staff/items/a/2.1~3?quote=..%2F",
        "/staff/catalogue/",
        "/staff/documents/a..b",
    ],
)
def test_a_sign_in_leads_to_every_page_of_staff(address: str) -> None:
    assert redirect_target(address) == address
