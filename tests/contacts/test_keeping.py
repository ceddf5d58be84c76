"""Where the directory of contacts lies, and how it gets there: commands and staff pages."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from prompts import say
from service import Role
from service.people import AuditLog
from service.records import CONTACT_COLUMNS, Contact, ContactStore, contacts_csv
from service.web.http import MAX_BODY_BYTES
from tests.processes import run, until
from tests.service.county import motion, publish_report, report
from tests.staff.conftest import HERE, client_over
from tests.staff.reading import Page
from tests.staff.signing_in import signed_in
from vectorstore import EditionStore
from vectorstore.storage import Database

PATH = "/staff/contacts"
SCRIPT = "<script>alert(1)</script>"
ROADS = Contact(
    code="66.01",
    name=f"Wege {SCRIPT}",
    telephone="+49 2921 30-66",
    mail="wege@kreis.example",
    url="https://kreis.example/?a=1&b=2",
    hours="Mo-So 0-24",
)
HOTLINE = Contact(name="Bürgertelefon", telephone="115")
WRONG = ";".join(CONTACT_COLUMNS) + "\n66.01;;anrufen\n70;Umwelt\n70;Umwelt"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return publish_report(tmp_path / "data")


def kept(data: Path) -> list[Contact]:
    """The directory as another process reads it."""
    return list(ContactStore(Database(data)).read().contacts)


def propose(client: TestClient, content: str, name: str = "stellen.csv") -> tuple[int, str]:
    sent = client.post(PATH, files={"file": (name, content.encode(), "text/csv")})
    return sent.status_code, sent.text


def agree(client: TestClient, page: str) -> tuple[int, str]:
    """Send the form of a page that shows what would change."""
    table = unescape(
        page.partition('<textarea name="table" hidden>')[2].partition("</textarea>")[0]
    )
    sent = client.post(PATH, data={"table": table, "agreed": "true"}, files={"none": b""})
    return sent.status_code, sent.text


def upload(client: TestClient, content: str, name: str = "stellen.csv") -> tuple[int, str]:
    status, page = propose(client, content, name)
    return agree(client, page) if status == 200 else (status, page)


def test_commands_import_and_export(data: Path, tmp_path: Path) -> None:
    table, wrong, out = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    table.write_text(contacts_csv([ROADS, HOTLINE]), encoding="utf-8")
    done = run("contacts", "import", table, data=data)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "2 Ansprechstellen übernommen."
    assert [line.split()[0] for line in done.stdout.splitlines()[:-1]] == ["Neu:", "Neu:"]
    assert kept(data) == [ROADS, HOTLINE]
    wrong.write_text(WRONG, encoding="utf-8")
    refused = run("contacts", "import", wrong, data=data)
    lines = refused.stderr.splitlines()
    assert refused.returncode == 2 and [line[:8] for line in lines[:2]] == ["Zeile 2:", "Zeile 4:"]
    assert "Spalte name:" in lines[0] and "Spalte telephone:" in lines[0]
    assert lines[-1] == say("contacts.nothing_taken") and kept(data) == [ROADS, HOTLINE]
    assert run("contacts", "import", tmp_path / "nix.csv", data=data).returncode == 2
    assert run("contacts", "export", out, data=data).returncode == 0
    assert out.read_text(encoding="utf-8") == table.read_text(encoding="utf-8")
    notes = AuditLog(Database(data)).latest()
    assert [(note.action, note.subject) for note in notes] == [
        ("contacts imported", "2 Ansprechstellen")
    ]


def test_what_goes_is_asked(data: Path, tmp_path: Path) -> None:
    both, head = (tmp_path / name for name in ("a.csv", "b.csv"))
    both.write_text(contacts_csv([ROADS, HOTLINE]), encoding="utf-8")
    head.write_text(contacts_csv([]), encoding="utf-8")
    run("contacts", "import", both, data=data)
    refused = run("contacts", "import", head, data=data)
    assert refused.returncode == 2 and "--yes" in refused.stderr
    assert refused.stdout.count("Entfällt:") == 2 and kept(data) == [ROADS, HOTLINE]
    assert run("contacts", "import", head, "--yes", data=data).returncode == 0
    assert kept(data) == []


def test_staff_see_what_changes_before_it_holds(data: Path) -> None:
    client = client_over(data)
    upload(client, contacts_csv([ROADS, HOTLINE]))
    moved = ROADS.model_copy(update={"telephone": "02921 99"})
    status, page = propose(client, contacts_csv([moved, Contact(code="70", name="Umwelt")]))
    shown = Page(page).text
    assert status == 200 and "Entfällt: Bürgertelefon, Telefon 115" in shown
    assert "Telefon +49 2921 30-66" in shown and "Telefon 02921 99" in shown
    assert "Neu: 70 Umwelt" in shown and SCRIPT not in page
    assert kept(data) == [ROADS, HOTLINE]
    assert agree(client, page)[0] == 200 and kept(data)[0] == moved
    back = agree(client, client.get(PATH).text)  # the form for the state before
    assert back[0] == 200 and kept(data) == [ROADS, HOTLINE]
    status, page = propose(client, contacts_csv([ROADS, HOTLINE]))
    assert status == 200 and "Die Tabelle ändert nichts." in page


def test_the_template_knows_the_units(data: Path) -> None:
    rows = client_over(data).get(f"{PATH}/template.csv").text.removeprefix("\ufeff").splitlines()
    assert rows[0] == ";".join(CONTACT_COLUMNS) and "66.01;Straßenbau;;;;" in rows


def test_editions_and_restarts_leave_it(data: Path) -> None:
    assert upload(client_over(data), contacts_csv([ROADS]))[0] == 200
    EditionStore(data).publish([report(), motion()])
    EditionStore(data).roll_back()
    with client_over(data) as client:
        asked = client.post("/api/v1/chat", json={"question": "Was bedeutet 66.01?"}).json()
    assert asked["contacts"][0]["mail"] == ROADS.mail
    assert "heute bis 24 Uhr" in asked["answer"]


def test_staff_upload_and_take_away(data: Path) -> None:
    client = client_over(data)
    assert say("contacts.none") in client.get(PATH).text
    status, page = upload(client, contacts_csv([ROADS]))
    assert status == 200 and "1 Ansprechstelle übernommen." in page
    assert "Ohne Zeile mit leerem Code" in page and SCRIPT not in page and "30-66" in page
    status, page = upload(client, WRONG)
    assert status == 422 and say("contacts.nothing_taken") in page
    assert "Zeile 2: Spalte name:" in page and "Zeile 4: Spalte code:" in page
    assert kept(data) == [ROADS]
    assert upload(client, f"Amt;Telefon\n{SCRIPT};1", f"{SCRIPT}.csv")[0] == 422
    assert SCRIPT not in upload(client, "x", f"{SCRIPT}.csv")[1]
    assert upload(client, "x" * MAX_BODY_BYTES)[0] == 413
    assert client.get(f"{PATH}.csv").content.decode() == contacts_csv([ROADS])
    notes = [note.action for note in AuditLog(Database(data)).latest()]
    assert notes.count("contacts imported") == 1


def test_readers_see_it_and_change_nothing(data: Path) -> None:
    client = client_over(data)
    assert upload(client, contacts_csv([ROADS]))[0] == 200
    signed_in(client, Role.READER)
    page = client.get(PATH).text
    assert "30-66" in page and "Hochladen" not in page
    assert propose(client, contacts_csv([HOTLINE]))[0] == 403 and kept(data) == [ROADS]
    stranger = TestClient(client.app, base_url=HERE, client=("127.0.0.1", 1))
    assert stranger.get(f"{PATH}.csv").status_code == 403


@pytest.mark.parametrize(
    ("printed", "dialled"),
    [("+49 (0)2921 30-66", "+4929213066"), ("(0)2921 30-66", "029213066")],
)
def test_a_link_dials_no_zero_behind_the_code_of_a_country(
    data: Path, printed: str, dialled: str
) -> None:
    client = client_over(data)
    upload(client, contacts_csv([ROADS.model_copy(update={"telephone": printed})]))
    page = client.get("/documents/auenland-report/2.1.2.3").text
    assert f'<a href="tel:{dialled}">{printed}</a>' in page


def test_pages_have_links(data: Path) -> None:
    client = client_over(data)
    record = "/documents/auenland-report/2.1.2.3"
    assert "Kontakt" not in client.get(record).text
    upload(client, contacts_csv([ROADS, HOTLINE]))
    meaning = {"q": "Was bedeutet 66.01?"}
    until(lambda: "30-66" in client.get("/ask", params=meaning).text)  # a second later
    who = {"q": "Wer ist für den Radschnellweg Nord zuständig?"}
    pages = client.get(record), client.get("/ask", params=meaning), client.get("/ask", params=who)
    for page in (response.text for response in pages):
        assert '<a href="tel:+4929213066">+49 2921 30-66</a>' in page
        assert '<a href="mailto:wege@kreis.example">wege@kreis.example</a>' in page
        assert '<a href="https://kreis.example/?a=1&amp;b=2">' in page and SCRIPT not in page
    assert "Bürgertelefon, Telefon 115" in client.get("/chat").text
    config = client.get("/api/v1/config", headers={"Accept-Language": "en"}).json()
    assert config["contact"]["text"] == "Bürgertelefon, telephone 115"
