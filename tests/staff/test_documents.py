"""Documents: what is in, from when, how binding, the report; the whole text with an anchor for
every item.
"""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.service.county import report
from tests.service.partly_read import SHORT, UNKNOWN, climate, cycling
from tests.staff.conftest import client_over
from tests.staff.county import report_of
from tests.staff.reading import Page as Read
from vectorstore import EditionStore

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
GOALS = "lauterfeld-strategische-ziele-2025"


def test_the_outline_leads_to_every_item(sample: TestClient) -> None:
    page = Read(sample.get(f"/staff/documents/{REPORT}").text)
    anchors = page.with_attribute("id")
    targets = [link[1:] for link in page.links("#") if link != "#inhalt"]
    assert "Mehr Wege werden" in page.text or len(page.text) > 20_000
    assert len(targets) > 90 and set(targets) <= set(anchors) and len(anchors) == len(set(anchors))


def test_the_list_says_what_is_in_from_when_and_how_binding(sample: TestClient) -> None:
    text = Read(sample.get("/staff/documents").text).text
    for statement in ("5 eingelesene Dokumente", "Entwurf, nicht beschlossen", "Antrag, nicht beschlossen",
                 "01.03.2026", "ohne Datum", "61 Projekte"):  # fmt: skip
        assert statement in text
    assert (
        text.index("Strategische Ziele")
        < text.index("Leitbild für")
        < text.index("Ruhe an der Straße")
    )


def test_the_report_is_shown(client: TestClient) -> None:
    text = Read(client.get("/staff/documents").text).text
    for statement in ("Abgelehnte Dateien", "Kein Text", "Übergangene Dateien", "notiz"):
        assert statement in text
    assert "/irgendwo/" not in text, "paths of the machine are not shown"
    item = Read(client.get("/staff/documents/boeser-bericht").text).text
    assert "2 Projekte" in item and "Dieses Papier ist nicht beschlossen." in item
    assert "Das Datum fehlt." in Read(client.get("/staff/documents/auenland-antrag").text).text


def test_the_original_is_linked_where_it_is(client: TestClient, sample: TestClient) -> None:
    stored = Read(sample.get("/staff/documents/lauterfeld-leitbild-entwurf").text).links()
    assert "/api/v1/documents/lauterfeld-leitbild-entwurf/original" in stored
    links = Read(client.get("/staff/documents/auenland-report").text).links()
    assert "https://www.auenland.example/report.pdf" in links
    assert not [link for link in links if link.endswith("/original")]


def test_an_item_shows_all_that_is_known_and_leads_on(client: TestClient) -> None:
    page = Read(client.get("/staff/items/auenland-report/2.1.2.3").text)
    for statement in ("Radschnellweg Nord", "in Bearbeitung", "66.01 Straßenbau", "Auental", "Bergheim", "01.05.2026",
                 "1,2 Mio. Euro", "RSW Nord", "Widerspruch im Dokument", "in Planung", "Projekte in Bearbeitung",
                 "2 Mobilität", "Seite 0", "beginnt am 1. Mai"):  # fmt: skip
        assert statement in page.text, statement
    for link in page.links("/"):
        assert client.get(link).status_code == 200, link
    links = Read(client.get("/staff/items/auenland-report/2.1").text).links(
        "/staff/items/auenland-report/"
    )
    assert {"2", "2.1.2.3", "2.1.3.1", "2.1.4.3"} <= {link.rpartition("/")[2] for link in links}


def test_the_cited_passage_is_marked(client: TestClient) -> None:
    page = client.get(
        "/staff/items/auenland-report/2.1.2.3", params={"quote": "zwölf Kilometern"}
    ).text
    assert '<mark id="zitat">zwölf Kilometern</mark>' in page
    wrong = client.get(
        "/staff/items/auenland-report/2.1.2.3", params={"quote": "zwanzig Kilometern"}
    ).text
    assert "<mark" not in wrong and "Das Zitat steht so nicht in diesem Dokument" in wrong


def test_pages_and_files_say_how_sure_their_numbers_are(tmp_path: Path) -> None:
    documents = [report(), climate(), cycling()]
    EditionStore(tmp_path).publish(documents, report=report_of(*documents))
    partly = client_over(tmp_path)
    page = partly.get("/staff/documents").text
    assert (
        "mindestens 5 von 7 Maßnahmen" in page
        and "Maßnahmen (Anzahl unsicher)" in page
        and "5 Projekte" in page
    )
    page = partly.get("/staff/documents/auenland-klima").text
    directory = "Verzeichnis der Maßnahmen: 7 Einträge, Seite 3"
    struck = ("Durchgestrichener Text", "Kosten: 120.000 Euro", "23 Zeichen")
    others = ("Fußnotenzeichen", "4 Zeichen", "davon in Formularfeldern", "17 Zeichen")
    lost = ("30 Zeichen", "steht in keiner Textstelle")
    for statement in (SHORT, directory, *lost, *struck, *others):
        assert statement in page
    assert UNKNOWN in partly.get("/staff/documents/auenland-rad").text
    assert "Vollständigkeit" not in partly.get("/staff/documents/auenland-report").text
    for query, headline in (
        ("", "Einträge (Anzahl unsicher)"),
        ("?document=auenland-klima", "mindestens 5 Einträge"),
        ("?document=auenland-klima&kind=section", "1 Eintrag"),
        ("?kind=project", "5 Einträge"),
    ):
        assert f'<h2 id="anzahl">{headline}</h2>' in partly.get(f"/staff/catalogue{query}").text
    content = partly.get("/staff/catalogue.xlsx?document=auenland-klima").content
    notes = {
        row[0].value: row[1].value for row in load_workbook(io.BytesIO(content))["Über diese Liste"]
    }
    assert (notes["Einträge"], notes["Unvollständig"]) == ("mindestens 5", SHORT)


def test_days_are_written_as_germans_do(sample: TestClient) -> None:
    assert (
        "Im Text genannte Tage</dt><dd>27.06.2025</dd>"
        in sample.get(f"/staff/items/{REPORT}/5.2.2.1").text
    )
    public = sample.get(f"/documents/{REPORT}/5.2.2.1").text
    assert "<dt>Termine</dt>" not in public, "which says nothing of what they mean"


def test_comparing_a_paper_with_nothing_itself_or_a_stranger_is_told_on_the_page(
    sample: TestClient,
) -> None:
    page = sample.get("/staff/changes").text
    assert page.count('<option value="">Bitte wählen</option>') == 2 and "<code>" not in page
    assert "Von keinem dieser Papiere ist bekannt" in page
    for later in (REPORT, "", "weg"):
        wrong = sample.get("/staff/changes", params={"old": REPORT, "new": later})
        assert wrong.status_code == 422 and 'role="alert">Bitte wählen Sie zwei' in wrong.text
        assert f'value="{REPORT}" selected' in wrong.text, "what was chosen stays chosen"
    fine = sample.get("/staff/changes", params={"old": GOALS, "new": REPORT})
    assert fine.status_code == 200 and "gegenüber" in fine.text
    assert (
        "haben keinen Eintrag gemeinsam" in fine.text and '<a href="/staff">Suche</a>' in fine.text
    )
