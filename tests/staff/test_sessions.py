"""Sessions: they end by themselves and at sign-out, on the server, and a form of another website changes nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from service.staff.roles import Role
from service.staff.sessions import IDLE_HOURS, SESSION_HOURS, Sessions
from tests.staff.conftest import HERE, ClientFor
from tests.staff.signing_in import NAME, link_for, signed_in
from tests.staff.test_access import HTML, SECRET, STRANGER, basic
from vectorstore.database import FILE, Database

HOUR = 3600.0
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(Database(tmp_path), b"k" * 32)


def opened(sessions: Sessions, now: float = 1000.0, host: str = "localhost:8000") -> str:
    return sessions.open("Ada", 2, "link", host, now)


def test_a_session_ends_after_a_pause_and_after_a_day(sessions: Sessions) -> None:
    rested = opened(sessions)
    assert sessions.find(rested, "localhost", 1000 + IDLE_HOURS * HOUR - 1) is not None
    other = opened(sessions)
    assert sessions.find(other, "localhost", 1000 + IDLE_HOURS * HOUR) is None
    now = 1000.0
    used = opened(sessions, now)
    while now < 1000 + SESSION_HOURS * HOUR - HOUR:
        now += HOUR
        assert sessions.find(used, "localhost", now) is not None
    assert sessions.find(used, "localhost", now + HOUR) is None


def test_a_session_is_known_to_all_processes_until_one_ends_it(tmp_path: Path) -> None:
    one, other = (Sessions(Database(tmp_path), b"k" * 32) for _ in range(2))
    token = opened(one)
    found = other.find(token, "LOCALHOST", 1001.0)
    assert found is not None and (found.name, found.role, found.how) == ("Ada", 2, "link")
    assert other.end(found.code) and not other.end(found.code)
    assert one.find(token, "localhost", 1001.0) is None


def test_another_key_or_host_or_token_opens_nothing(tmp_path: Path, sessions: Sessions) -> None:
    token = opened(sessions)
    for wrong, host in ((token, "boese.example"), (token[:-1] + "-", "localhost"), ("", ""), (token, "")):
        assert sessions.find(wrong, host, 1001.0) is None or (wrong == token and host == "localhost")
    other = Sessions(Database(tmp_path), b"o" * 32)
    assert other.find(token, "localhost", 1001.0) is None and other.cookie != sessions.cookie
    assert other.form_token(token) != sessions.form_token(token)


def test_the_table_opens_nothing_and_forgets_what_has_ended(tmp_path: Path, sessions: Sessions) -> None:
    token = opened(sessions)
    assert token.encode() not in (tmp_path / FILE).read_bytes()
    (kept,) = sessions.all(1001.0)
    assert sessions.find(kept.code, "localhost", 1001.0) is None
    opened(sessions, 1000.0 + SESSION_HOURS * HOUR)
    assert len(sessions.all(1000.0 + SESSION_HOURS * HOUR)) == 1


def test_where_nothing_can_be_written_a_session_lasts_as_long_as_the_process() -> None:
    sessions = Sessions(Database(Path("/proc/strategielotse")), b"k" * 32)
    token = opened(sessions)
    found = sessions.find(token, "localhost", 1100.0)
    assert found is not None and found.seen == 1100.0
    assert sessions.rename(found, "Bo").name == "Bo" and sessions.end(found.code)
    assert sessions.find(token, "localhost", 1101.0) is None


def test_a_session_of_this_process_that_was_written_all_the_same_ends(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a shared database is lost between writing and saying so; then while it is away for the end too."""
    for away in (False, True):
        token = opened(sessions)
        (found,) = sessions.all(1001.0)
        sessions._own[found.code] = found
        assert len(sessions.all(1001.0)) == 1
        with monkeypatch.context() as patched:
            if away:
                patched.setattr(sessions._database, "writing", broken)
            assert sessions.end(found.code)
        assert sessions.find(token, "localhost", 1001.0) is None and sessions.all(1001.0) == []


def broken(*_: object) -> None:
    raise OperationalError("", None, Exception())


def test_signing_out_ends_the_session_for_whoever_has_the_cookie(client_for: ClientFor) -> None:
    client = signed_in(client_for())
    stolen = dict(client.cookies)
    page = client.get("/staff").text
    assert "Angemeldet als" in page and NAME in page and "(Veröffentlichen)" in page
    left = client.post("/staff/sign-out", follow_redirects=False)
    assert (left.status_code, left.headers["location"]) == (303, "/staff/sign-in?left=true")
    assert "Max-Age=0" in left.headers["set-cookie"]
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


def form_token(page: str) -> str:
    return re.findall(r'name="form_token" value="([0-9a-f]{64})"', page)[0]


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [(HERE, "", 303), ("", "same-origin", 303), ("null", "same-origin", 303), ("https://www.kreis.example", "", 403),
     ("https://boese.example", "", 403), ("null", "", 403), ("null", "cross-site", 403), ("", "same-site", 403),
     ("", "cross-site", 403), ("", "none", 403), ("", "", 403)],
)  # fmt: skip
def test_only_our_own_pages_change_something(client_for: ClientFor, origin: str, site: str, status: int) -> None:
    """The county's own origin may call the API, and still change nothing here."""
    client = signed_in(client_for(allowed_origins=("https://www.kreis.example",)))
    del client.headers["Sec-Fetch-Site"]
    headers = {name: one for name, one in {"Origin": origin, "Sec-Fetch-Site": site}.items() if one}
    assert client.post("/staff/sign-out", headers=headers, follow_redirects=False).status_code == status
    assert (client.get("/staff").status_code == 200) is (status == 403)


def test_a_form_with_the_token_of_its_session_is_taken(client_for: ClientFor) -> None:
    client, other = signed_in(client_for()), signed_in(client_for())
    for one in (client, other):
        del one.headers["Sec-Fetch-Site"]
    token, foreign = form_token(client.get("/staff").text), form_token(other.get("/staff").text)
    assert token != foreign
    for wrong in (foreign, "", "ü"):
        assert client.post("/staff/sign-out", data={"form_token": wrong}, follow_redirects=False).status_code == 403
    assert client.post("/staff/sign-out", data={"form_token": token}, follow_redirects=False).status_code == 303
    assert other.post("/staff/sign-out", headers={"X-Form-Token": foreign}, follow_redirects=False).status_code == 303


def test_who_comes_without_a_name_is_asked_for_it_once(client_for: ClientFor) -> None:
    client = client_for()
    come = client.get(link_for(client, name=""), follow_redirects=False)
    assert (come.status_code, come.headers["location"]) == (303, "/staff/name")
    client.headers.update(OWN)
    assert client.get("/staff").status_code == 200
    for wrong in ("", "   ", "x" * 81):
        again = client.post("/staff/name", data={"name": wrong})
        assert again.status_code == 422 and "höchstens 80 Zeichen" in again.text
    assert client.post("/staff/name", data={"name": " Bo  <b>Muster</b> "}, follow_redirects=False).status_code == 303
    page = client.get("/staff").text
    assert "Bo &lt;b&gt;Muster&lt;/b&gt;" in page and "<b>Muster" not in page
    assert client.post("/staff/name", data={"name": "Anders"}).status_code == 404


def test_the_role_of_a_link_is_that_of_its_session(client_for: ClientFor) -> None:
    for role, word, status in ((Role.READER, "Lesen", 403), (Role.EDITOR, "Redaktion", 403),
                               (Role.PUBLISHER, "Veröffentlichen", 200)):  # fmt: skip
        client = signed_in(client_for(), role)
        assert f"({word})" in client.get("/staff").text
        assert client.get("/staff/audit").status_code == status


def test_the_secret_and_a_name_open_a_session(client_for: ClientFor) -> None:
    client = client_for(staff_access="secret", staff_secret=SECRET)
    led = client.get("/staff/catalogue?q=Rad", headers=HTML)
    assert 'name="next" value="/staff/catalogue?q=Rad"' in led.text
    said = {"name": "Cem Muster", "secret": SECRET, "next": "/staff/catalogue?q=Rad"}
    nameless = client.post("/staff/sign-in", data={**said, "name": " "})
    assert nameless.status_code == 422 and "Bitte tragen Sie Ihren Namen ein." in nameless.text
    wrong = client.post("/staff/sign-in", data={**said, "secret": "geraten" * 3})
    assert wrong.status_code == 403 and "Das Kennwort stimmt nicht." in wrong.text and "Cem Muster" in wrong.text
    assert SECRET not in wrong.text and "geraten" not in wrong.text
    come = client.post("/staff/sign-in", data=said, follow_redirects=False)
    assert (come.status_code, come.headers["location"]) == (303, "/staff/catalogue?q=Rad")
    assert "Cem Muster" in client.get("/staff").text


@pytest.mark.parametrize("wanted", ["https://boese.example", "//boese.example", "/staffx", "/", "/staff/\\boese",
                                    "/staff/sign-in?next=/staff", "/staff/\nx"])  # fmt: skip
def test_a_sign_in_leads_on_to_staff_pages_only(client_for: ClientFor, wanted: str) -> None:
    client = client_for(staff_access="secret", staff_secret=SECRET)
    come = client.post("/staff/sign-in", data={"name": "Cem", "secret": SECRET, "next": wanted}, follow_redirects=False)
    assert (come.status_code, come.headers["location"]) == (303, "/staff")


def test_guessing_at_the_form_has_to_wait(client_for: ClientFor) -> None:
    client = client_for(STRANGER, staff_access="secret", staff_secret=SECRET)
    said = {"name": "Cem", "secret": "geraten"}
    foreign = client.post(
        "/staff/sign-in", data={**said, "secret": SECRET}, headers={"Origin": "https://boese.example"}
    )
    assert foreign.status_code == 403
    assert [client.post("/staff/sign-in", data=said).status_code for _ in range(6)] == [403] * 5 + [429]
    assert client.post("/staff/sign-in", data={**said, "secret": SECRET}).status_code == 429


def test_programs_say_by_the_user_who_they_are(client_for: ClientFor) -> None:
    client = client_for(staff_access="secret", staff_secret=SECRET)
    assert "Radverkehr-Skript" in client.get("/staff", headers=basic(SECRET, user="Radverkehr-Skript")).text
    assert "Abmelden" not in client.get("/staff", headers=basic(SECRET)).text


def sessions_shown(client: TestClient) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+)</th>', client.get("/staff/sessions").text)


def test_publishers_see_and_end_sessions_others_their_own(client_for: ClientFor) -> None:
    publisher, editor = signed_in(client_for(), name="Chefin"), signed_in(client_for(), Role.EDITOR, "Eva")
    assert sessions_shown(editor) == ["Eva (diese Sitzung)"]
    shown = sessions_shown(publisher)
    assert "Chefin (diese Sitzung)" in shown and "Eva" in shown
    page = publisher.get("/staff/sessions").text
    code = re.findall(r'value="([0-9a-f]{64})"><button type="submit" aria-label="Sitzung beenden: Eva"', page)[0]
    own = re.findall(r'name="code" value="([0-9a-f]{64})"><button type="submit" aria-label="Abmelden"', page)[0]
    editor.post("/staff/sessions/end", data={"code": own})
    assert publisher.get("/staff").status_code == 200
    publisher.post("/staff/sessions/end", data={"code": code})
    assert editor.get("/staff").status_code == 403


def test_where_the_database_is_away_nobody_gets_in_and_is_told(client_for: ClientFor) -> None:
    client = client_for()
    sessions = client.app.state.staff_door.sessions  # type: ignore[attr-defined]
    url = "postgresql+psycopg://127.0.0.1:1/x?connect_timeout=1"
    sessions._database = Database(Path("/nowhere"), url)
    client.cookies.set(sessions.cookie, "A" * 43, path="/staff")
    away = client.get("/staff")
    assert away.status_code == 503 and away.json()["type"].endswith("database-away")
