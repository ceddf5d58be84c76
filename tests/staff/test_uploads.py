"""Documents handed in on the staff page, in a real service with real readings: from a file to what
is published.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from ingest import IngestRequest, run_ingest
from prompts import say
from service import Settings, make_database
from service.app.application import create_app
from service.cli.ingestion.uploads import UploadReader
from service.office.uploads import Job, JobState, ReadingRequest
from service.office.uploads.jobs import FOLDER, JOBS, METADATA, SILENT_SECONDS, Jobs, JobTable
from service.people import AuditLog
from tests.processes import until
from tests.service.printed_papers import printed
from tests.service.test_cli_editions import plan, publish_plan
from tests.staff.conftest import HERE, LOOPBACK
from tests.staff.reading import Page
from tests.staff.signing_in import signed_in
from vectorstore import EditionStore, read_manifest

UPLOADS = "/staff/uploads"
DEADLINE = 120.0


def client_of(data: Path, **settings: object) -> TestClient:
    made = Settings(data_dir=data, rate_per_minute=0, **settings)  # type: ignore[arg-type]
    app = create_app(made, reader=UploadReader(made))
    origin = {"origin": HERE}  # as browsers send it with every form of these pages
    return TestClient(
        app, base_url=HERE, client=(LOOPBACK, 1), headers=origin, raise_server_exceptions=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a published plan of five measures in `data`."""
    return publish_plan(tmp_path_factory.mktemp("uploads")).parent


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with client_of(folder / "data") as client:
        yield signed_in(client)


def said(client: TestClient, path: str) -> str:
    """The text of a page, white space aside."""
    return Page(client.get(path).text).text


def finished(client: TestClient, path: str) -> str:
    """Wait until a job is over; return where its outcome stands."""
    until(lambda: not client.get(f"{path}/state").json()["open"], DEADLINE)
    return str(client.get(f"{path}/state").json()["next"])


def sent(client: TestClient, path: str, files: Any = None, **given: str) -> str:
    """Send a form that has documents read; return the path of the draft then, or why there is
    none.
    """
    response = client.post(path, data=given, files=files, follow_redirects=False)
    return (
        finished(client, response.headers["location"])
        if response.is_redirect
        else html.unescape(response.text)
    )


def draft_of(client: TestClient, document: str, key: str = "") -> str:
    """The address of the page on which a published document, or an item of it, is changed."""
    query = {"document": document, "item": key}
    answer = client.get(f"{UPLOADS}/drafts", params=query, follow_redirects=False)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def publish_draft(client: TestClient, address: str) -> None:
    """Publish a draft as its page offers it."""
    page = client.get(address).text
    form = page.partition(f'action="{UPLOADS}/publish"')[2].partition("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    answer = client.post(f"{UPLOADS}/publish", data=fields, follow_redirects=False)
    assert answer.status_code == 303


@pytest.fixture(scope="module")
def draft(client: TestClient, folder: Path) -> str:
    """The path of a draft in which the plan lacks a measure and names another unit, and a printed
    page is new.
    """
    files = [
        ("files", ("Klimaplan.md", plan(folder, 65).read_bytes())),
        ("files", ("../Rad weg.pdf", printed(folder / "rad.pdf").read_bytes())),
        ("files", ("boese.pdf", b"MZ\0\0")),
    ]
    response = client.post(UPLOADS, files=files, follow_redirects=False)
    assert response.status_code == 303
    job = response.headers["location"]
    assert finished(client, job) == job  # as one file was refused, the page of the job says so
    page = client.get(job).text
    assert "boese.pdf" in page and "abgelehnt" in page and "Entwurf durchsehen" in page
    assert list((folder / "data" / FOLDER).iterdir()) == []  # what was read is gone
    return f"{UPLOADS}/drafts/{EditionStore(folder / 'data').drafts()[-1]}"


def test_a_draft_is_looked_through_with_pictures_and_differences_before_it_speaks(
    client: TestClient, draft: str
) -> None:
    text = said(client, f"{draft}?document=klimaplan")
    assert "4 Maßnahmen gefunden, in den Nummern ist keine Lücke." in text
    assert (
        f"M 5 Busse takten: {say('progress.change_dropped')}" in text
        and "„Amt 66“, jetzt „Amt 65“" in text
    )
    assert "1 Eintrag der veröffentlichten Fassung gibt es hier nicht mehr." in text
    assert "Noch zu bestätigen: Herausgeber, Verbindlichkeit, Stand." in text
    assert "{n}" not in text and "Mit Sprachmodell lesen" not in text  # none is set
    assert "gibt es keine Bilder" in text
    assert client.get("/api/v1/documents").json()["total"] == 1  # nothing of it is published
    page = client.get(f"{draft}?document=rad-weg").text
    (address, *_) = [
        html.unescape(part) for part in page.split('"') if part.startswith(f"{draft}/pages/")
    ]
    picture = client.get(address)
    assert (picture.status_code, picture.content[:4]) == (200, b"\x89PNG")
    assert client.get(f"{draft}/pages/rad-weg/900.png").status_code == 404
    assert client.get(f"{draft}/pages/klimaplan/1.png").status_code == 404  # Markdown has no pages
    assert client.get(f"{draft}/pages/nix/1.png").status_code == 404


def test_a_wrong_date_is_told_at_its_field_and_what_was_entered_stays(
    client: TestClient, draft: str
) -> None:
    given = {
        "document": "klimaplan",
        "title": "Mein Plan",
        "kind": "concept",
        "as_of": "irgendwann",
    }
    response = client.post(f"{draft}/front", data=given)
    assert response.status_code == 422
    (field,) = re.findall(r'<input id="as_of"[^>]*>', response.text)
    assert (
        'aria-invalid="true" aria-describedby="falsch-as_of"' in field
        and 'value="irgendwann"' in field
    )
    assert (
        '<p class="bad" id="falsch-as_of" role="alert">Bitte einen Tag angeben wie 01.03.2026.</p>'
        in response.text
    )
    assert 'value="Mein Plan"' in response.text and response.text.count("aria-invalid") == 1


def test_what_is_there_no_more_is_said(client: TestClient, draft: str) -> None:
    response = client.get(f"{UPLOADS}/drafts/2020-01-01-1", headers={"accept": "text/html"})
    assert response.status_code == 404 and "Diesen Entwurf gibt es nicht mehr" in response.text
    assert client.get(f"{UPLOADS}/jobs/..%2f..%2fetc").status_code == 404
    assert client.get(f"{UPLOADS}/jobs/20200101-000000-abcdefab").status_code == 404
    assert client.post(f"{draft}/front", data={"document": "nix"}).status_code == 404


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "Es kam keine Datei an"),
        (
            [("files", ("a.exe", b"MZ\0"))],
            "Das ist keine PDF-, Word- (DOCX-), OpenDocument- (ODT-), HTML-, Text- oder Markdown-Datei.",
        ),
    ],
)
def test_nothing_to_read_is_told_in_words(
    client: TestClient, folder: Path, draft: str, files: Any, told: str
) -> None:
    before = set((folder / "data" / FOLDER).iterdir())
    body: Any = files or [("replaces", (None, ""))]
    response = client.post(UPLOADS, files=body)
    assert response.status_code == 422 and told in html.unescape(response.text)
    assert set((folder / "data" / FOLDER).iterdir()) == before


def test_who_may_not_is_refused(folder: Path, client: TestClient) -> None:
    stranger = client_of(folder / "data")
    everybody = client_of(folder / "data", staff_access="public")
    for item in (
        stranger,
        everybody,
    ):  # a page that is open to all shows no draft and takes nothing
        assert item.get(UPLOADS).status_code == 403
    for path in ("publish", "drop", "rollback"):
        assert (
            everybody.post(f"{UPLOADS}/{path}", data={"name": "x", "digest": "x"}).status_code
            == 403
        )
    foreign = {"origin": "https://boese.example", "sec-fetch-site": "cross-site"}
    assert (
        client.post(UPLOADS, files=[("files", ("a.md", b"# A"))], headers=foreign).status_code
        == 403
    )
    assert client.post(f"{UPLOADS}/publish", data={"name": "x"}, headers=foreign).status_code == 403


def test_an_upload_may_be_large_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.office.staff.uploads.MOST_TOGETHER_MEGABYTES", 1)
    monkeypatch.setattr("service.office.staff.uploads.MOST_BYTES", 1_065_536)
    with client_of(folder / "data") as client:
        signed_in(client)
        response = client.post(UPLOADS, files=[("files", ("a.pdf", b"%PDF-" + b"x" * 1_100_000))])
        assert response.status_code == 413 and "höchstens 1 MB" in response.text
        assert client.post(f"{UPLOADS}/drop", data={"name": "x" * 70_000}).status_code == 413
    app = create_app(Settings(data_dir=folder / "data", rate_per_minute=0))
    assert (
        signed_in(TestClient(app, base_url=HERE, client=(LOOPBACK, 1))).get(UPLOADS).status_code
        == 404
    )


def answering_from(client: TestClient, name: str) -> dict[str, Any]:
    """Wait until the running service answers from an edition; return its documents."""
    until(lambda: client.get("/api/v1/documents").json()["corpus_edition"] == name)
    listed: dict[str, Any] = client.get("/api/v1/documents").json()
    return listed


def wanted(store: EditionStore, name: str) -> dict[str, str]:
    """Return what the form that publishes a draft says."""
    return {"name": name, "digest": read_manifest(store.editions / name).contents}


def noted(client: TestClient) -> list[str]:
    """Return what was done, the latest first."""
    return [item.action for item in AuditLog(client.app.state.database).latest()]  # type: ignore[attr-defined]


def test_from_corrections_to_the_published_edition_and_back(
    client: TestClient, draft: str, folder: Path
) -> None:
    """Confirm front matter and publish: the running service answers from it; then go back."""
    store = EditionStore(folder / "data")
    first = store.current_name()
    draft = f"{UPLOADS}/drafts/{store.drafts()[-1]}"  # others may have taken the first one's place
    front = {"document": "klimaplan", "title": "Klimaplan 2026", "publisher": "Kreis Auenland", "kind": "concept",
             "status": "adopted", "as_of": "01.03.2026"}  # fmt: skip
    confirmed = sent(client, f"{draft}/front", **front)
    assert confirmed.startswith(f"{UPLOADS}/drafts/") and confirmed != draft
    assert client.get(draft).status_code == 404  # the new draft took its place
    name = confirmed.rpartition("/")[2]
    assert set(store.document_ids(name)) == {"klimaplan", "rad-weg"}
    assert "Noch zu bestätigen" not in said(client, f"{confirmed}?document=klimaplan")
    other = client.post(f"{UPLOADS}/publish", data={"name": name, "digest": "0" * 64})
    assert other.status_code == 409 and "ein anderer als der durchgesehene" in other.text
    published = client.post(f"{UPLOADS}/publish", data=wanted(store, name))
    assert published.status_code == 200 and "Veröffentlicht. Antworten" in published.text
    assert store.current_name() == name
    listed = answering_from(client, name)
    assert {item["id"]: item["unconfirmed"] for item in listed["items"]}["klimaplan"] == []
    restored = client.post(f"{UPLOADS}/rollback")
    assert "wieder die Ausgabe davor" in restored.text and store.current_name() == first
    assert noted(client)[:3] == ["rollback", "publish", "draft-front"]


@pytest.mark.long
def test_an_outdated_draft_is_published_only_by_saying_so(tmp_path: Path) -> None:
    store = EditionStore(tmp_path / "data")
    for unit, draft in ((66, False), (65, True), (64, False)):
        run_ingest(
            IngestRequest((plan(tmp_path, unit),), add=True, replace=True, draft=draft), store
        )
    current, (name,) = store.current_name(), store.drafts()
    with client_of(store.root) as client:
        signed_in(client)
        assert "Trotzdem veröffentlichen" in client.get(f"{UPLOADS}/drafts/{name}").text
        refused = client.post(f"{UPLOADS}/publish", data=wanted(store, name))
        assert refused.status_code == 409 and "Was seither dazukam, ginge verloren" in refused.text
        assert store.current_name() == current
        assert (
            client.post(
                f"{UPLOADS}/publish", data=wanted(store, name) | {"anyway": "true"}
            ).status_code
            == 200
        )
        assert store.current_name() == name
        gone = client.post(f"{UPLOADS}/drop", data={"name": name})
        assert gone.status_code == 409 and "gibt es nicht" in gone.text


@pytest.mark.long
@pytest.mark.usefixtures("drafts_read_in_processes")
def test_a_job_waits_for_another_writer_and_is_cancelled(folder: Path, client: TestClient) -> None:
    content = b"# Leitbild\n\nWir sind ein offener Kreis.\n"
    drafts = EditionStore(folder / "data").drafts()
    with EditionStore(folder / "data").writing():
        response = client.post(
            UPLOADS, files=[("files", ("leitbild.md", content))], follow_redirects=False
        )
        job = response.headers["location"]
        until(lambda: "Wartet" in client.get(f"{job}/state").json()["step"], DEADLINE)
        assert "Wartet, bis ein anderer Vorgang fertig ist" in client.get(job).text
        assert client.post(f"{job}/cancel", follow_redirects=False).status_code == 303
        assert finished(client, job) == job
    page = client.get(job).text
    assert "Abgebrochen" in page and "Noch einmal einreichen" in page
    assert EditionStore(folder / "data").drafts() == drafts


def test_a_reading_that_died_is_told_and_not_waited_for(folder: Path, client: TestClient) -> None:
    """The state of a job whose process is gone (a service that was killed) says that it broke
    off.
    """
    name = "20261122-000000-deadbeef"
    with closing(make_database(Settings(data_dir=folder / "data"))) as database:
        JobTable(database).insert(
            Job(
                name,
                JobState.READING,
                datetime.now(UTC),
                ReadingRequest("x", ("a.md",)),
                "Lesen",
                0.3,
            )
        )
        assert "Wird gelesen" in client.get(f"{UPLOADS}/jobs/{name}").text
        with database.writing() as connection:
            connection.execute(
                update(JOBS)
                .where(JOBS.c.name == name)
                .values(seen=JOBS.c.seen - 2 * SILENT_SECONDS)
            )
    page = client.get(f"{UPLOADS}/jobs/{name}").text
    assert "Das Einlesen brach ab" in page and "Noch einmal einreichen" in page


def test_what_is_over_for_a_week_goes(tmp_path: Path) -> None:
    settings, now = Settings(data_dir=tmp_path), datetime.now(UTC)
    jobs = Jobs(settings, UploadReader(settings))
    names = [f"{now - timedelta(days=days):%Y%m%d}-000000-aaaaaaaa" for days in (9, 8, 1)]
    with closing(make_database(settings)) as database:
        with database.writing() as connection:  # of a version that is gone, and one that is over
            connection.execute(
                insert(JOBS), {"name": names[0], "job": "{}", "cancelled": False, "seen": 0.0}
            )
        for name in names[1:]:
            JobTable(database).insert(
                Job(name, JobState.FAILED, now, ReadingRequest("x", ("a.md",)))
            )
        with database.reading(METADATA) as connection:
            assert connection is not None
            assert connection.execute(select(JOBS.c.name)).scalars().all() == names[2:]
    assert [job.name for job in jobs.all()] == names[2:]
    jobs.close()


def measure(number: int, title: str, status: str, text: str) -> str:
    fields = (
        f"Verantwortlich: Amt {65 + number}",
        f"Zeitraum: {2026 + number}",
        f"Status: {status}",
    )
    return "\n\n".join((f"## M {number} {title}", *fields, f"Beschreibung: {text}"))


ROWS = ("Nord | Stege am See erneuern | läuft", "Süd | Brücke am Markt sanieren | noch offen",
        "West | Wege im Moor befestigen | zwei Abschnitte")  # fmt: skip
TABLE = "".join(
    f"| {row} |\n" for row in ("Bereich | Was geschieht | Anmerkung", "--- | --- | ---", *ROWS)
)
WAYS = "\n\n".join((
    "# Wege im Kreis",
    measure(1, "Radweg bauen", "siehe Protokoll", "Der Kreis baut einen Radweg."),
    measure(2, "Bäume pflanzen", "in Planung", "Der Kreis pflanzt Bäume."),
    measure(3, "Busse takten", "in Planung", "Der Kreis taktet Busse."),
    f"## Weitere Vorhaben\n\n{TABLE}",
))  # fmt: skip


@pytest.fixture(scope="module")
def client_of_ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client with a draft of three measures and a table of three rows that are none."""
    with client_of(tmp_path_factory.mktemp("ways")) as client:
        sent(signed_in(client), UPLOADS, [("files", ("wege.md", WAYS.encode()))])
        yield client


@pytest.fixture
def ways(client_of_ways: TestClient) -> tuple[TestClient, str]:
    """The client, and the path of its draft as the last test left it."""
    (name,) = re.findall(rf'href="{UPLOADS}/drafts/([^"?]+)"', client_of_ways.get(UPLOADS).text)
    return client_of_ways, f"{UPLOADS}/drafts/{name}"


def test_a_clerk_says_what_a_family_of_numbers_is_and_takes_it_back(
    ways: tuple[TestClient, str],
) -> None:
    client, draft = ways
    assert "3 Maßnahmen gefunden" in said(client, draft) and "Das sind" in said(client, draft)
    examples: Any = {"names": ["M 1 Radweg bauen", "M 3 Busse takten"], "pages": ["1", "1"]}
    hidden = re.findall(r'name="names" value="([^"]+)"', client.get(draft).text)
    assert hidden == examples["names"]

    def choose(kind: str) -> str:
        form = {"document": "wege", "kind": kind, **examples}
        page = client.get(f"{draft}/examples", params=form)
        while "Refresh" in page.headers:
            time.sleep(0.1)
            page = client.get(f"{draft}/examples", params=form)
        seen = re.findall(r'name="seen" value="([^"]*)"', page.text)
        return sent(client, f"{draft}/look", seen=html.unescape("".join(seen)), **form)

    draft = choose("project")
    text = said(client, draft)
    assert "3 Projekte gefunden" in text and "„M 1 Radweg bauen“, sind Projekte." in text
    assert "Das sind" not in text and noted(client)[0] == "look-set"
    assert say("review.decided_meanwhile") in choose("none")
    draft = choose("open")
    assert "3 Maßnahmen gefunden" in said(client, draft)
    draft = choose("none")
    text = said(client, draft)
    assert (
        "Keine Maßnahmen, Projekte oder Ziele gefunden" in text and "sind keine Einträge." in text
    )
    draft = choose("open")
    text = said(client, draft)
    assert "3 Maßnahmen gefunden" in text and "Festgelegt" not in text
    assert (
        client.post(f"{draft}/look", data={"document": "wege", "kind": "unfug"}).status_code == 422
    )


def test_a_row_of_a_table_is_taken_as_an_item_and_taken_back(ways: tuple[TestClient, str]) -> None:
    client, draft = ways

    def send(**given: Any) -> str:
        return sent(client, f"{draft}/items", document="wege", **given)

    page = client.get(draft).text
    places = re.findall(r'name="places" value="(\d+)"> ([^<]+)<', page)
    assert tuple(text for _, text in places if "|" in text) == ROWS
    assert "Es ist nichts angekreuzt." in send(kind="measure") and "nichts angekreuzt" in send(
        places="1", kind="x"
    )
    start = next(place for place, text in places if "Brücke" in text)
    draft = send(places=start, kind="project")
    message = said(client, draft)
    assert "Brücke am Markt sanieren Projekt · von Beschäftigten aufgenommen" in message
    assert "1 Projekt gefunden" in message
    assert (
        "Als Eintrag aufgenommen: „Brücke am Markt sanieren“." in message
        and "Tabellenzeilen: 2" in message
    )
    assert noted(client)[0] == "items-taken"
    draft = send(release="Brücke am Markt sanieren")
    message = said(client, draft)
    assert (
        "Tabellenzeilen: 3" in message
        and "aufgenommen" not in message
        and noted(client)[0] == "item-released"
    )


def test_fields_are_edited_a_doubt_is_asked_about_and_settled(ways: tuple[TestClient, str]) -> None:
    client, draft = ways

    def correct(**typed: str) -> str:
        """Correct the first measure; return the text of the page that follows."""
        form = {"document": "wege", "key": "M-1", **typed}
        return Page(client.post(f"{draft}/fields", data=form).text).text

    page = client.get(draft).text
    assert (
        "2 offene Fragen" in page
        and '<a href="#frage-M-1-status">M 1 Radweg bauen: Zum Stand steht' in page
    )
    assert '<a href="#eintrag-2">M 2 Bäume pflanzen</a>' in page and 'id="eintrag-2"' in page
    correct(status="in_progress", confirmed="true")
    page = client.get(draft).text
    assert "1 offene Frage<" in page and "frage-M-1" not in page
    typed = {
        "unit": "Amt 66\r\nKreisbetriebe",
        "period": "2027 bis 2029",
        "partners": "Gemeinden",
        "priority": "hoch",
    }
    text = correct(date="5.2027", **typed)
    for line in ("Zuständig: „Amt 66; Kreisbetriebe“", "Zeitraum: „2027 bis 2029“", "gelesen „2027“",
                 "Beteiligt: „Gemeinden“", "Priorität: „hoch“", "Termin: „05.2027“"):  # fmt: skip
        assert line in text, line
    assert noted(client)[:2] == ["correction", "correction"]
    text = correct(period="2027", unit="Amt 66")  # as it was read: taken back
    assert (
        "2027 bis 2029" not in text and "Kreisbetriebe" not in text and "Priorität: „hoch“" in text
    )
