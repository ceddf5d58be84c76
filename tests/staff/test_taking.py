"""What staff take away: the paragraph says what the records say, files open and are whole, the basket loses nothing."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from html import unescape
from typing import Any

import pytest
from docx import Document as opened_word
from docx.oxml.ns import qn
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.models import Record
from tests.staff.conftest import ClientFor
from tests.staff.county import SCRIPT, SHEET

TOPIC = {"q": "Radverkehr"}
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
GOALS = "lauterfeld-strategische-ziele-2025"
BASKET = {"id": [f"{REPORT}/5.2.2.1", f"{GOALS}/B.IX.5"], "note": ["Haushalt 2027", ""], "heading": "Vorlage Verkehr"}
FIRM = "\N{NO-BREAK SPACE}"
OUTSIDE = "https://lotse.example.org/rad"


def covering(client: TestClient) -> list[Record]:
    found = client.get("/api/v1/lookup", params=TOPIC).json()
    return [Record.model_validate(one) for one in found["items"]]


def plain_text(page: str) -> str:
    (text,) = re.findall(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return unescape(str(text))


def word(client: TestClient, path: str = "/staff/topics.docx", **values: Any) -> Any:
    response = client.post(path, data=values) if values else client.get(path, params=TOPIC)
    assert response.status_code == 200
    assert response.headers["content-disposition"].endswith('.docx"')
    return opened_word(io.BytesIO(response.content))


def texts(made: Any) -> list[str]:
    """The text of each paragraph, links included (python-docx reads them in `text`)."""
    return [one.text for one in made.paragraphs]


def links(made: Any) -> set[str]:
    return {one.target_ref for one in made.part.rels.values() if one.is_external}


def test_the_paragraph_names_every_record_with_its_citation(sample: TestClient) -> None:
    said = plain_text(sample.get("/staff/topics/text", params=TOPIC).text)
    records = covering(sample)
    assert records
    for one in records:
        assert f"„{one.title}“" in said
        assert f"{one.ref}, S.{FIRM}{one.page_label or one.page}" in said
    assert f"gibt es {len(records)}{FIRM}Einträge aus 2 Dokumenten" in said
    assert "„Nachhaltigkeitsbericht Kreis Lauterfeld“, Kreis Lauterfeld, veröffentlicht, Stand 01.03.2026" in said
    assert "Stand 15.11.2025" in said


def test_the_paragraph_counts_by_status(sample: TestClient) -> None:
    said = plain_text(sample.get("/staff/catalogue/text", params={"theme": "Mobilität", "kind": "project"}).text)
    listed = sample.get("/api/v1/projects", params={"theme": "Mobilität", "page_size": 500}).json()["items"]
    for status, words in {"idea": "sind bisher Ideen", "in_progress": "sind in Bearbeitung"}.items():
        number = sum(one["status"] == status for one in listed)
        assert f"{number}{FIRM}Projekte {words}" in said


def test_a_long_list_is_counted_and_not_cut_in_silence(sample: TestClient) -> None:
    said = plain_text(sample.get("/staff/catalogue/text", params={"kind": "measure"}).text)
    assert f"58{FIRM}Maßnahmen sind genannt" in said and "; dazu 46 weitere." in said


def test_a_motion_is_not_sold_as_decided(sample: TestClient) -> None:
    said = plain_text(sample.get("/staff/topics/text", params={"q": "Lärmschutz"}).text)
    assert "Antrag, nicht beschlossen" in said


def test_what_nobody_may_count_has_no_number(client_for: ClientFor) -> None:
    from service.completeness import Completeness
    from service.staff.taking.paragraph import paragraph, plain
    from service.staff.taking.selection import Origin, Selection, taken_of
    from tests.service.partly_read import climate, cycling
    from vectorstore.catalogue import Catalogue
    from vectorstore.records import ItemKind

    for paper, sure in ((climate(), False), (cycling(), None)):
        catalogue = Catalogue.of([paper])
        known = Completeness.of(catalogue.documents.values(), ItemKind)
        assert known.complete is sure
        items = [one for one in catalogue.items if one.kind is known.gaps[0].family.kind]
        selection = Selection(
            heading="Liste",
            origin=Origin("Katalog"),
            taken=taken_of(items, catalogue),
            edition="e",
            base="",
            made=date(2026, 11, 22),
            known=known,
        )
        said = plain(paragraph(selection))
        assert ("mindestens" in said) is (sure is False)
        assert ("lässt sich nicht sicher sagen" in said) is (sure is None)
        assert known.notices()[0].text in said


def test_the_word_file_can_be_read_by_all(sample: TestClient) -> None:
    made = word(sample)
    styles = [one.style.name for one in made.paragraphs]
    assert styles[0] == "Heading 1" and styles.count("Heading 2") == 3
    assert made.core_properties.title == "Radverkehr: Ziele, Projekte und Maßnahmen"
    assert made.core_properties.language == "de-DE"
    assert {one.get(qn("w:val")) for one in made.styles.element.iter(qn("w:lang"))} == {"de-DE"}
    (table,) = made.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Eintrag", "Titel", "Status", "Zuständig", "Fundstelle"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Einträge"


def test_the_word_file_holds_paragraph_table_and_sources(sample: TestClient) -> None:
    made, records = word(sample), covering(sample)
    said = plain_text(sample.get("/staff/topics/text", params=TOPIC).text)
    assert said.split("\n\n") == texts(made)[1 : 1 + len(said.split("\n\n"))]
    (table,) = made.tables
    titles = [row.cells[1].text for row in table.rows[1:]]
    assert sorted(titles) == sorted(one.title for one in records)
    assert {f"http://127.0.0.1{one.url}" for one in records} < links(made)
    whole = "\n".join(texts(made))
    edition = sample.get("/api/v1/documents").json()["corpus_edition"]
    assert "[1] „Strategische Ziele des Kreises Lauterfeld“, Kreis Lauterfeld, beschlossen, Stand 15.11.2025" in whole
    assert re.search(rf"Erstellt am \d\d\.\d\d\.\d{{4}} mit dem Strategielotsen aus der Ausgabe {edition}", whole)
    assert "keine Lizenz festgelegt" in whole


def test_links_go_to_the_address_that_is_set(client_for: ClientFor) -> None:
    client = client_for(staff_access="public", public_url=f"{OUTSIDE}/", data_license="cc-by/4.0")
    made = opened_word(io.BytesIO(client.get("/staff/topics.docx", params={"q": "Radschnellweg"}).content))
    assert any(one.startswith(f"{OUTSIDE}/documents/auenland-report/") for one in links(made))
    assert not [one for one in links(made) if "127.0.0.1" in one]
    assert "Lizenz der Daten:" in "\n".join(texts(made))
    graph = client.get("/staff/open-data/catalog.jsonld").json()
    assert graph["@id"] == f"{OUTSIDE}/staff/open-data/catalog.jsonld"


def test_texts_of_documents_stay_text(client: TestClient) -> None:
    made = client.post("/staff/basket.docx", data={"id": ["boeser-bericht/9.1.1"], "note": [SHEET]})
    read = opened_word(io.BytesIO(made.content))
    assert SCRIPT in read.tables[0].rows[1].cells[1].text
    with zipfile.ZipFile(io.BytesIO(made.content)) as parts:
        assert b"<script" not in parts.read("word/document.xml")
    book = load_workbook(io.BytesIO(client.post("/staff/basket.xlsx", data=_form(made=SHEET)).content))
    last = book["Einträge"][2][-1]
    assert (last.value, last.data_type, last.quotePrefix) == (SHEET, "s", True)


def _form(made: str) -> dict[str, list[str]]:
    return {"id": ["boeser-bericht/9.1.1"], "note": [made]}


def test_a_topic_comes_as_a_table_too(sample: TestClient) -> None:
    titles = {one.title for one in covering(sample)}
    text = sample.get("/staff/topics.csv", params=TOPIC).content.decode("utf-8-sig")
    assert {row["title"] for row in csv.DictReader(io.StringIO(text), delimiter=";")} == titles
    book = load_workbook(io.BytesIO(sample.get("/staff/topics.xlsx", params=TOPIC).content))
    assert {row[5].value for row in book["Einträge"].iter_rows(min_row=2)} == titles
    about = {row[0].value: row[1].value for row in book["Über diese Liste"].iter_rows()}
    assert about["Herkunft"] == "Thema „Radverkehr“"
    assert about["Adresse"] == "http://127.0.0.1/staff/topics?q=Radverkehr"


def test_a_topic_that_nothing_covers_says_so(sample: TestClient) -> None:
    page = sample.get("/staff/topics/text", params={"q": "Quantencomputer"}).text
    assert "Zu „Quantencomputer“ gibt es keinen Eintrag." in page
    made = opened_word(io.BytesIO(sample.get("/staff/topics.docx", params={"q": "Quantencomputer"}).content))
    assert "Zum Thema „Quantencomputer“ gibt es in den eingelesenen Dokumenten keinen Eintrag." in texts(made)


def test_the_basket_keeps_order_and_notes(sample: TestClient) -> None:
    made = word(sample, "/staff/basket.docx", **BASKET)
    assert texts(made)[0] == "Vorlage Verkehr"
    rows = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert [row[0] for row in rows] == ["Eintrag", "Projekt 5.2.2.1", "Maßnahme B.IX.5"]
    assert [row[-1] for row in rows] == ["Anmerkung", "Haushalt 2027", ""]
    text = sample.post("/staff/basket.csv", data=BASKET).content.decode("utf-8-sig")
    assert [row["note"] for row in csv.DictReader(io.StringIO(text), delimiter=";")] == ["Haushalt 2027", ""]
    said = plain_text(sample.post("/staff/basket/text", data=BASKET).text)
    assert said.startswith(f"Ausgewählt sind 2{FIRM}Einträge aus 2 Dokumenten: 1 Projekt und 1 Maßnahme.")


def test_what_is_gone_is_named_and_the_rest_is_there(sample: TestClient) -> None:
    names = [f"{REPORT}/5.2.2.1", "weg/1", f"{REPORT}/5.2.2.1"]
    part = sample.post("/staff/basket/list", data={"id": names}).text
    assert part.count("<li data-entry=") == 1 and "steht nicht mehr in dieser Ausgabe: weg/1" in part
    assert "Nicht mehr in dieser Ausgabe: weg/1." in plain_text(
        sample.post("/staff/basket/text", data={"id": names}).text
    )


@pytest.mark.parametrize(
    "values",
    [{}, {"id": ["a/b"] * 201}, {"id": ["x" * 401]}, {"id": ["a/b"], "note": ["x" * 1001]},
     {"id": ["a/b"], "heading": "x" * 201}],
)  # fmt: skip
def test_a_wrong_basket_is_refused_in_words(sample: TestClient, values: dict[str, Any]) -> None:
    response = sample.post("/staff/basket.docx", data=values, headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert any(f"<dt>{name}</dt>" in response.text for name in ("Einträge der Merkliste", "Anmerkung", "Überschrift"))


def test_an_unknown_ending_leads_nowhere(sample: TestClient) -> None:
    assert sample.get("/staff/topics.exe", params=TOPIC).status_code in (404, 422)
    assert sample.get("/staff/topics/text", params={"q": " "}).status_code == 422


def test_what_is_taken_needs_the_door_and_no_foreign_site(client_for: ClientFor) -> None:
    outside = client_for()
    assert outside.get("/staff/topics.docx", params=TOPIC).status_code == 403
    assert outside.post("/staff/basket.docx", data=BASKET).status_code == 403
    foreign = client_for(staff_access="public").post(
        "/staff/basket.docx", data=BASKET, headers={"Origin": "https://boese.example"}
    )
    assert foreign.status_code == 403


def test_marks_within_a_title_are_halved(sample: TestClient) -> None:
    page = sample.get("/staff/comparison.docx", params={"topic": "Wohnen"})
    whole = "\n".join(texts(opened_word(io.BytesIO(page.content))))
    assert "„Antrag ‚Ruhe an der Straße – Lärmschutz für Anwohnerinnen und Anwohner‘“" in whole


def test_a_list_says_what_it_was_filtered_by(sample: TestClient) -> None:
    query = {"status": "idea", "as_of_after": "2026-01-31"}
    made = opened_word(io.BytesIO(sample.get("/staff/catalogue.docx", params=query).content))
    assert texts(made)[0] == "Ziele, Projekte und Maßnahmen (Status: Idee; Stand ab: 31.01.2026)"
    assert texts(made)[1].startswith("Mit der Auswahl „Status: Idee; Stand ab: 31.01.2026“ gibt es 11")
    topic = sample.get("/staff/catalogue/text", params={"topic": "Radverkehr", "status": "idea"}).text
    assert plain_text(topic).startswith("Zum Thema „Radverkehr“ mit der Auswahl „Status: Idee“ gibt es")


def test_nothing_found_is_no_empty_table(sample: TestClient) -> None:
    made = opened_word(io.BytesIO(sample.get("/staff/catalogue.docx", params={"q": "Quantencomputer"}).content))
    assert made.tables == [] and "Quellen" not in texts(made)
    assert "In den eingelesenen Dokumenten gibt es dazu keinen Eintrag: Katalog, Volltext: Quantencomputer." in texts(
        made
    )


def test_no_word_is_broken_in_the_table(sample: TestClient) -> None:
    """The columns hold "Bearbeitung", "Fundstelle" and "Maßnahme" in 9 points of a font as wide as Arial."""
    for made in (word(sample), word(sample, "/staff/basket.docx", **BASKET)):
        (table,) = made.tables
        widths = {cell.text: cell.width.mm - 2.9 for cell in table.rows[0].cells}
        for column, longest in (("Eintrag", "Maßnahme"), ("Status", "Bearbeitung"), ("Fundstelle", "Fundstelle")):
            assert widths[column] > len(longest) * 9 * 0.3528 * 0.56, column
        assert sum(cell.width.mm for cell in table.rows[0].cells) <= 166.5
        sizes = {run.font.size.pt for row in table.rows for cell in row.cells for run in cell.paragraphs[0].runs}
        assert sizes == {9}
        assert made.sections[0].footer.paragraphs[0].text.startswith("Seite ")


def test_much_of_one_document_comes_in_paragraphs(sample: TestClient) -> None:
    blocks = plain_text(sample.get("/staff/catalogue/text", params={"kind": "project"}).text).split("\n\n")
    assert [one.partition(":")[0].partition("(")[0].replace(FIRM, " ") for one in blocks[2:]] == [
        "25 Projekte sind in Bearbeitung",
        "15 Projekte sind in Planung",
        "11 Projekte sind bisher Ideen",
    ]
