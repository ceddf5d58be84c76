"""The staff page of curated answers: written, checked, kept, taken out and back, by editors alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.audit import AuditLog
from service.composition import make_holder
from service.curated.store import CuratedStore
from service.edition_holder import EditionHolder
from service.settings import Settings
from tests.curated.conftest import REPORT, night_bus
from tests.staff.conftest import HERE, LOOPBACK
from tests.staff.signing_in import signed_in
from vectorstore.database import Database

OUR_FORM = {"Sec-Fetch-Site": "same-origin"}  # what a browser says of a form of ours
UNTIL = (date.today() + timedelta(days=90)).isoformat()
FIELDS = {
    "question": "Bis wann fährt der Nachtbus?",
    "wordings": "Wie lange fährt nachts noch ein Bus?\n\nWann fährt nachts der letzte Bus?",
    "text": "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr.",
    "citations": f"/staff/items/{REPORT}/5.1.1.1",
    "owner": "Stabsstelle <Beteiligung>",
    "valid_until": UNTIL,
}


@pytest.fixture(scope="module")
def data(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(sample_data, tmp_path_factory.mktemp("curated-pages") / "data"))


@pytest.fixture(scope="module")
def holder(data: Path) -> EditionHolder:
    made = make_holder(Settings(data_dir=data))
    made.refresh()  # no request waits for its opening
    return made


@pytest.fixture
def client(data: Path, holder: EditionHolder) -> Iterator[TestClient]:
    app = create_app(Settings(data_dir=data, rate_per_minute=0), holder)
    yield signed_in(
        TestClient(app, base_url=HERE, client=(LOOPBACK, 1), raise_server_exceptions=False, headers=OUR_FORM)
    )
    (data / "operation.sqlite").unlink(missing_ok=True)


@pytest.fixture
def anybody(data: Path, holder: EditionHolder) -> TestClient:
    app = create_app(Settings(data_dir=data, rate_per_minute=0, staff_access="public"), holder)
    return TestClient(app, base_url=HERE, client=(LOOPBACK, 1), raise_server_exceptions=False)


def kept(data: Path) -> CuratedStore:
    return CuratedStore(Database(data))


def mode(client: TestClient, question: str) -> str | None:
    body: dict[str, str | None] = client.post("/api/v1/chat", json={"question": question}).json()
    return body["mode"]


def test_from_a_question_to_an_answer_that_is_told(client: TestClient, data: Path) -> None:
    empty = client.get("/staff/curated")
    assert empty.status_code == 200 and "Noch gibt es keine" in empty.text
    form = client.get(
        "/staff/curated/new", params={"question": "Bis wann fährt der Nachtbus?", "cite": f"{REPORT};5.1.1.1"}
    )
    assert 'value="Bis wann fährt der Nachtbus?"' in form.text and f"{REPORT};5.1.1.1</textarea>" in form.text
    made = client.post("/staff/curated/new", data=FIELDS, follow_redirects=False)
    assert made.status_code == 303
    page = client.get(made.headers["location"])
    assert (
        "gilt und wird gegeben" in page.text
        and "Belegt: „" in page.text
        and "Stabsstelle &lt;Beteiligung&gt;" in page.text
    )
    assert mode(client, "Bis wann fährt denn der Nachtbus am Samstag?") == "curated"
    version = kept(data).current()[0]
    assert version.answer.citations == ((REPORT, "5.1.1.1"),) and len(version.answer.wordings) == 2
    note = AuditLog(Database(data)).latest()[0]
    assert (note.action, note.subject, note.person) == ("curated-added", version.entry, "Ada Muster")


def test_checking_says_what_is_not_borne_out_and_keeps_nothing(client: TestClient, data: Path) -> None:
    wrong = {**FIELDS, "text": "Der Nachtbus fährt bis 4:30 Uhr. Er fährt freitags und samstags.", "action": "check"}
    page = client.post("/staff/curated/new", data=wrong)
    assert page.status_code == 200 and "Nicht jeder Satz ist belegt" in page.text
    assert "4:30" in page.text and page.text.count("Nicht belegt.") == 1 and kept(data).version() == 0
    assert "Der Nachtbus fährt bis 4:30 Uhr." in re.findall(r'name="text".*?>(.*?)</textarea>', page.text, re.S)[0]
    saved = client.post("/staff/curated/new", data={**wrong, "action": "save"})
    assert "nicht mehr belegt" in saved.text and "Sie wird nicht gegeben" in saved.text
    assert "1 nicht mehr belegt" in client.get("/staff/curated").text
    assert mode(client, "Bis wann fährt der Nachtbus?") != "curated"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": ""}, "Die Frage fehlt."),
        ({"citations": "irgendwo"}, "ist kein Beleg"),
        ({"citations": f"{REPORT};9.9"}, "keinen Eintrag „9.9“"),
        ({"valid_until": "2020-01-01"}, "Dieser Tag ist vorbei"),
        ({"owner": "x" * 101}, "möglich sind 100"),
    ],
)
def test_wrong_fields_are_told_and_what_was_typed_stays(
    client: TestClient, data: Path, changes: dict[str, str], said: str
) -> None:
    page = client.post("/staff/curated/new", data={**FIELDS, **changes})
    assert page.status_code == 422 and said in page.text and 'aria-invalid="true"' in page.text
    assert FIELDS["text"] in page.text and kept(data).version() == 0


def test_changes_are_taken_back(client: TestClient, data: Path) -> None:
    first = kept(data).add(night_bus(), "Ada")
    address = f"/staff/curated/{first.entry}"
    form = client.get(f"{address}/edit")
    assert f'name="base" value="{first.number}"' in form.text and "2027-06-30" in form.text
    changed = client.post(f"{address}/edit", data={**FIELDS, "base": first.number, "owner": "Amt 80"})
    assert "Amt 80" in changed.text and "geändert" in changed.text
    late = client.post(f"{address}/edit", data={**FIELDS, "base": first.number, "owner": "Amt 50"})
    assert late.status_code == 409 and "inzwischen geändert" in late.text and 'value="Amt 50"' in late.text
    assert kept(data).current()[0].answer.owner == "Amt 80"
    back = client.post(f"{address}/restore", data={"version": first.number})
    assert "zurückgenommen" in back.text and kept(data).current()[0].answer == first.answer
    assert "Wieder aufnehmen" in client.post(f"{address}/remove").text
    assert "gilt und wird gegeben" in client.post(f"{address}/restore").text
    assert "Bis wann fährt der Nachtbus?" in client.get("/staff/curated.csv").text


def test_who_only_reads_changes_nothing(anybody: TestClient, data: Path) -> None:
    one = kept(data).add(night_bus(), "Ada")
    address = f"/staff/curated/{one.entry}"
    assert anybody.get("/staff/curated").status_code == 200
    assert "<form" not in anybody.get(address).text
    assert anybody.get("/staff/curated/new").status_code == anybody.get(f"{address}/edit").status_code == 403
    for path in ("/staff/curated/new", f"{address}/edit", f"{address}/remove", f"{address}/restore"):
        assert anybody.post(path, data=FIELDS).status_code == 403
    assert kept(data).version() == one.number


def test_foreign_sites_strangers_and_wrong_addresses(client: TestClient, data: Path) -> None:
    one = kept(data).add(night_bus(), "Ada")
    address = f"/staff/curated/{one.entry}/remove"
    assert client.post(address, headers={"Origin": "https://evil.example"}).status_code == 403
    client.cookies.clear()
    assert client.post(address).status_code in (401, 403) and client.get("/staff/curated").status_code in (401, 403)
    signed_in(client)
    assert client.get("/staff/curated/nix").status_code == client.post("/staff/curated/nix/remove").status_code == 404
    assert kept(data).version() == one.number


def test_a_database_that_fails_is_told(client: TestClient, data: Path) -> None:
    (data / "operation.sqlite").write_bytes(b"no database" * 100)
    page = client.get("/staff/curated")
    assert page.status_code == 503 and "nicht erreichbar" in page.text
    assert client.post("/staff/curated/new", data=FIELDS).status_code == 503
