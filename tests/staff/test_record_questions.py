"""Titles that look alike, on the pages of staff: one click says whether they are records, and it is
kept; of two who answer at once the second is told.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from itertools import chain
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from ingest import IngestRequest, Look, RecordExample, add_look, run_ingest
from prompts import say
from service import Role
from service.people import AuditLog
from service.web.pictures.drawing import YELLOW
from tests.browsing import served_here, staff_page, troubles
from tests.ingest.papers import PROSE, at, pdf
from tests.ingest.test_refused_examples import TITLES as SMALL_TITLES
from tests.processes import until
from tests.sharing import copy_of
from tests.staff.reading import Page
from tests.staff.signing_in import signed_in
from tests.staff.test_uploads import WAYS, client_of, noted, said, sent
from vectorstore import EditionStore
from vectorstore.records import ItemKind

TITLES = (
    "Radweg am Fluss bauen",
    "Bäume an Straßen pflanzen",
    "Busse öfter fahren lassen",
    "Dächer mit Solaranlagen belegen",
    "Schulhöfe entsiegeln",
    "Wärmenetz im Ort ausbauen",
    "Leihräder aufstellen",
    "Moor wieder vernässen",
)
LABEL = "Zuständig: Amt 61"
TEXTS = (
    "Der Kreis will das mit seinen Gemeinden bis zum Ende des Jahrzehnts schaffen.",
    "Dafür werden in jedem Ort Mittel bereitgestellt und Partner gesucht.",
)
QUESTION = "Sind das Maßnahmen?"
EXAMPLES = {
    "names": ["1 Radweg am Fluss bauen", "6 Wärmenetz im Ort ausbauen"],
    "pages": ["2", "7"],
}


def write_concept(path: Path, numbered: str = "{n} ") -> Path:
    """Write a paper with a page for each title; only a label below numbered ones says what they
    are.
    """
    texts = (LABEL, *TEXTS) if numbered else TEXTS
    pages = [at((60, 760, "Klimakonzept Quonau", 18), (60, 700, PROSE[:80], 10))]
    for n, title in enumerate(TITLES, 1):
        lines = [(60.0, 736.0 - 15 * i, text, 10.0) for i, text in enumerate(texts)]
        pages.append(at((60, 760, numbered.format(n=n) + title, 14), *lines))
    path.write_bytes(pdf(*pages))
    return path


def publish(folder: Path, numbered: str = "{n} ") -> Path:
    """Return a data folder within this one, in which the paper is published."""

    def ingest(shared: Path) -> None:
        paper = write_concept(shared / "konzept.pdf", numbered)
        run_ingest(IngestRequest((paper,)), EditionStore(shared / "data"))

    name = "a concept with numbers" if numbered else "a concept"
    return copy_of(name, ingest, folder) / "data"


def measures(data: Path, edition: str | None = None, document: str = "konzept") -> list[str]:
    with closing(EditionStore(data).open(edition)) as opened:
        items = opened.catalogue.items_of(document)
        return [item.title for item in items if item.kind is ItemKind.MEASURE]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return publish(tmp_path)


@pytest.fixture
def client(data: Path) -> Iterator[TestClient]:
    with client_of(data) as client:
        yield signed_in(client)


def answer(
    client: TestClient, kind: str, path: str = "/staff/documents/konzept", **more: Any
) -> Any:
    form = {**EXAMPLES, "document": "konzept", "kind": kind, **more}
    if kind != "open":
        form["seen"] = seen_change(client, path, form)
    return client.post(f"{path}/look", data=form, follow_redirects=False)


def answered(client: TestClient, draft: str, form: dict[str, Any]) -> str:
    """Answer in a draft; return the path of the draft then, or why there is none."""
    return sent(client, f"{draft}/look", seen=seen_change(client, draft, form), **form)


def seen_change(client: TestClient, path: str, form: dict[str, Any]) -> str:
    """Return what an answer changes, as its page shows it; "" if the page does not."""
    page = examples_page(client, f"{path}/examples", params=form)
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def test_an_answer_on_a_published_document_holds_at_the_next_reading_and_is_taken_back(
    client: TestClient, data: Path
) -> None:
    page = said(client, "/staff/documents/konzept")
    assert QUESTION in page and "8 Titel sehen gleich aus" in page
    for number, title in enumerate(TITLES[:6], 1):
        assert f"{number} {title} Seite {number + 1}" in page
    picture = re.search(
        r'src="([^"]+/konzept/pages/2.png[^"]*)"', client.get("/staff/documents/konzept").text
    )
    assert picture and client.get(picture[1].replace("&amp;", "&")).content[:4] == b"\x89PNG"
    assert answer(client, "measure").headers["location"] == "/staff/documents/konzept?done=true"
    page = said(client, "/staff/documents/konzept?done=true")
    assert say("review.decided") in page and QUESTION not in page and "Gelesen: 0." in page
    run_ingest(IngestRequest(again=True), EditionStore(data))
    assert measures(data) == list(TITLES)
    until(lambda: "Gelesen: 8." in said(client, "/staff/documents/konzept"))  # it may open yet
    assert answer(client, "open").status_code == 303
    run_ingest(IngestRequest(again=True), EditionStore(data))
    assert measures(data) == []
    until(lambda: QUESTION in said(client, "/staff/documents/konzept"))


CHANGE = say(
    "reading.change",
    before=0,
    after=8,
    added=say(
        "reading.from_to",
        count=8,
        first=f"1 {TITLES[0]} (Maßnahme)",
        last=f"8 {TITLES[7]} (Maßnahme)",
    ),
    removed="0",
)


def test_what_an_answer_changes_is_shown_before_it_holds_and_logged(client: TestClient) -> None:
    path = "/staff/documents/konzept"
    form: dict[str, Any] = {**EXAMPLES, "document": "konzept", "kind": "measure"}
    page = examples_page(client, f"{path}/examples", params=form)
    assert CHANGE in Page(page).text and "Übernehmen" in page
    assert f'<a href="{path}">Zurück</a>' in page
    assert 'action="/staff/documents/konzept/examples"' in client.get(path).text
    for unseen in ({}, {"seen": "etwas anderes"}):
        shown = client.post(f"{path}/look", data={**form, **unseen}, follow_redirects=False)
        assert shown.status_code == 200 and CHANGE in Page(shown.text).text
        assert QUESTION in said(client, path)
    assert noted(client)[:1] != ["look-set"]
    assert answer(client, "measure").status_code == 303
    note = AuditLog(client.app.state.database).latest()[0]  # type: ignore[attr-defined]
    assert (note.action, note.subject) == ("look-set", f"konzept {CHANGE}")


def test_what_is_no_record_any_more_is_shown(tmp_path: Path) -> None:
    paper = tmp_path / "wege.md"
    paper.write_text(WAYS, encoding="utf-8")
    run_ingest(IngestRequest((paper,)), EditionStore(tmp_path / "data"))
    with client_of(tmp_path / "data") as client:
        form: dict[str, Any] = {"names": "M 1 Radweg bauen", "kind": "none"}
        change = seen_change(signed_in(client), "/staff/documents/wege", form)
    ends = {"first": "M 1 Radweg bauen (Maßnahme)", "last": "M 3 Busse takten (Maßnahme)"}
    removed = say("reading.from_to", count=3, **ends)
    assert change == say("reading.change", before=3, after=0, added="0", removed=removed)


def test_a_refused_answer_is_not_stored_even_if_it_is_posted_directly(tmp_path: Path) -> None:
    names = [f"{first}{second}" for second in "ab" for first in ascii_lowercase]
    bold = [f"<b>Der Kreis {name} und seine</b>" for name in names[:40]]
    lines = [*chain.from_iterable((title, *[PROSE] * 3) for title in SMALL_TITLES), *bold]
    body = "".join(f"<p>{line}</p>" for line in lines)
    paper = tmp_path / "bericht.html"
    paper.write_text(f"<html><body><h1>Bericht</h1>{body}</body></html>", encoding="utf-8")
    run_ingest(IngestRequest((paper,)), EditionStore(tmp_path / "data"))
    path = "/staff/documents/bericht"
    with client_of(tmp_path / "data") as client:
        form: dict[str, Any] = {
            "names": [SMALL_TITLES[0], "Der Kreis aa und seine"],
            "kind": "measure",
        }
        page = examples_page(signed_in(client), f"{path}/examples", params=form)
        assert "aber nur" in page and "Übernehmen" not in page
        direct = client.post(f"{path}/look", data=form)
        assert direct.status_code == 409 and "aber nur" in direct.text
        assert "Zurücknehmen" not in client.get(path).text


def test_who_answers_second_is_told(client: TestClient) -> None:
    assert answer(client, "none").status_code == 303
    late = answer(client, "measure")
    assert late.status_code == 409 and say("review.decided_meanwhile") in late.text
    assert answer(client, "open").status_code == 303
    assert answer(client, "open").status_code == 409


def test_what_is_no_answer_or_not_allowed_is_refused(client: TestClient, data: Path) -> None:
    assert answer(client, "section").status_code == 422
    assert answer(client, "measure", names=[]).status_code == 422
    assert answer(client, "measure", names=["x"] * 21).status_code == 422
    assert answer(client, "measure", "/staff/documents/nix").status_code == 404
    with client_of(data) as reader:
        signed_in(reader, Role.READER)
        assert answer(reader, "measure").status_code == 403
        assert "Ja, Maßnahmen" not in reader.get("/staff/documents/konzept").text


def test_in_a_draft_an_answer_has_it_read_again(client: TestClient, data: Path) -> None:
    content = write_concept(data.parent / "neu.pdf").read_bytes()
    draft = sent(client, "/staff/uploads", [("files", ("neu.pdf", content))]).partition("?")[0]
    page = said(client, f"{draft}?document=neu")
    assert QUESTION in page and "Noch offen bei" in page and "1 Frage" in page
    form = {**EXAMPLES, "document": "neu"}
    none = answered(client, draft, {**form, "kind": "none"})
    late = client.post(f"{draft}/look", data={**form, "kind": "project"})
    assert late.status_code in (404, 409)
    page = said(client, none)
    assert QUESTION not in page and "sind keine Einträge." in page
    path = none.partition("?")[0]
    again = sent(client, f"{path}/look", kind="open", **form)  # type: ignore[arg-type]
    assert QUESTION in said(client, again)
    path = again.partition("?")[0]
    read = answered(client, path, {**form, "kind": "project"})
    page = said(client, read)
    assert "8 Projekte gefunden" in page and "Gelesen: 8." in page
    name = read.partition("?")[0].rpartition("/")[2]
    with closing(EditionStore(data).open(name)) as opened:
        kinds = [item.kind for item in opened.catalogue.items_of("neu")]
    assert kinds.count(ItemKind.PROJECT) == 8


def test_what_is_confirmed_is_a_value_and_nothing_is_read_for_it(
    client: TestClient, data: Path
) -> None:
    content = write_concept(data.parent / "neu.pdf").read_bytes()
    draft = sent(client, "/staff/uploads", [("files", ("neu.pdf", content))]).partition("?")[0]
    name = draft.rpartition("/")[2]
    store = EditionStore(data)
    with closing(store.open(name)) as opened:
        title = opened.catalogue.documents["neu"].title
    examples = (RecordExample(name=EXAMPLES["names"][0]), RecordExample(name=EXAMPLES["names"][1]))
    add_look(store.texts, "neu", Look(kind="measure", examples=examples))  # seen by a reading
    form = {"document": "neu", "title": title, "kind": "concept", "as_of": "01.03.2026"}
    form |= {"status": "adopted", "publisher": "Kreis Quonau"}
    confirmed = sent(client, f"{draft}/front", **form)
    name = confirmed.partition("?")[0].rpartition("/")[2]
    with closing(store.open(name)) as opened:
        document = opened.catalogue.documents["neu"]
    assert document.unconfirmed == () and {fact.by for fact in document.front} == {"staff"}
    assert (document.publisher, str(document.status)) == ("Kreis Quonau", "adopted")
    page = said(client, f"{confirmed.partition('?')[0]}?document=neu")
    assert "Noch zu bestätigen" not in page
    assert measures(data, name, "neu") == []
    form["title"] = "Konzept für das Klima"
    read = sent(client, f"{confirmed.partition('?')[0]}/front", **form)
    name = read.partition("?")[0].rpartition("/")[2]
    assert measures(data, name, "neu") == list(TITLES)


def marked_rows(client: TestClient, address: str) -> list[float]:
    """Return the first and the last row of a picture that is marked, as shares of its height."""
    content = client.get(unescape(address)).content
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    rows = np.flatnonzero((pixels == YELLOW).all(axis=2).any(axis=1))
    return [float(row) / len(pixels) for row in (rows[0], rows[-1])]


def examples_page(client: TestClient, address: str, **fields: Any) -> str:
    """Return the page of examples; while the document is being read, it is asked for again."""
    page = client.get(address, **fields)
    while "Refresh" in page.headers:
        assert "Das Dokument wird gelesen" in page.text
        time.sleep(0.1)
        page = client.get(address, **fields)
    return page.text


def lines_of(page: str) -> dict[str, str]:
    """Return the numbers of the lines that a page of examples lists, by their texts."""
    pairs = re.findall(r'name="line" value="(\d+)">([^<]+)<', page)
    return {text: number for number, text in pairs}


@pytest.mark.parametrize("numbered", ["{n} ", ""])
def test_a_person_points_at_one_record_and_the_others_are_found(
    tmp_path: Path, numbered: str
) -> None:
    data = publish(tmp_path, numbered)
    with client_of(data) as client:
        point_and_take_over(signed_in(client), data, numbered)


def point_and_take_over(client: TestClient, data: Path, numbered: str) -> None:
    path = "/staff/documents/konzept"
    page = examples_page(client, f"{path}/examples?page=3")
    lines = lines_of(page)
    name = f"{numbered.format(n=2)}{TITLES[1]}"
    assert list(lines) == ([name, LABEL, TEXTS[0]] if numbered else [name, *TEXTS])
    found = examples_page(client, f"{path}/examples?page=3&line={lines[name]}")
    assert "8 Einträge sehen so aus" in found
    for number, title in enumerate(TITLES, 1):
        shown = f"{numbered.format(n=number)}{title} Seite {number + 1}"
        assert shown in said(client, f"{path}/examples?page=3&line={lines[name]}")
    assert name in re.findall(r'name="names" value="([^"]+)"', found)
    pictures = re.findall(r'src="([^"]+/pages/(\d+)\.png[^"]*)"', found)
    assert [int(number) for _, number in pictures] == [*range(2, 10), 3]
    for address, _ in pictures:
        first, last = marked_rows(client, address)
        assert 0.07 < first < last < 0.11  # the title, as `write_concept` prints it
    assert 'name="kind" value="goal"' in found
    assert answer(client, "goal", path, names=[name], pages=["3"]).status_code == 303
    run_ingest(IngestRequest(again=True), EditionStore(data))
    with closing(EditionStore(data).open()) as opened:
        goals = [i.title for i in opened.catalogue.items_of("konzept") if i.kind is ItemKind.GOAL]
    assert goals == list(TITLES)


def test_a_second_pick_is_a_further_example(client: TestClient) -> None:
    path = "/staff/documents/konzept/examples"
    line = lines_of(examples_page(client, f"{path}?page=4"))["3 Busse öfter fahren lassen"]
    page = examples_page(client, path, params={**EXAMPLES, "page": 4, "line": line})
    names = re.findall(r'name="names" value="([^"]+)"', page)
    assert names[:3] == [*EXAMPLES["names"], "3 Busse öfter fahren lassen"]
    assert client.get(f"{path}?page=0").status_code == 422
    assert "steht kein Text" in examples_page(client, f"{path}?page=99")
    assert client.get("/staff/documents/nix/examples").status_code == 404


def test_one_points_in_a_draft_too(client: TestClient, data: Path) -> None:
    content = write_concept(data.parent / "neu.pdf", "").read_bytes()
    draft = sent(client, "/staff/uploads", [("files", ("neu.pdf", content))]).partition("?")[0]
    assert QUESTION not in said(client, f"{draft}?document=neu")
    path = f"{draft}/examples?document=neu&page=2"
    line = lines_of(examples_page(client, path))[TITLES[0]]
    assert "8 Einträge sehen so aus" in examples_page(client, f"{path}&line={line}")
    form: dict[str, Any] = {"document": "neu", "kind": "measure", "names": TITLES[0], "pages": "2"}
    assert "8 Maßnahmen gefunden" in said(client, answered(client, draft, form))


def picture_is_marked(page: Any, number: int) -> bool:
    """True if the last picture of a page that is shown has some of the yellow of marked places."""
    picture = page.locator(f"img[src*='/pages/{number}.png']").last
    picture.scroll_into_view_if_needed()
    return bool(
        picture.evaluate(
            """async (img, [red, green, blue]) => {
                await img.decode()
                const canvas = document.createElement("canvas")
                canvas.width = img.naturalWidth
                canvas.height = img.naturalHeight
                const context = canvas.getContext("2d")
                context.drawImage(img, 0, 0)
                const data = context.getImageData(0, 0, canvas.width, canvas.height).data
                for (let at = 0; at < data.length; at += 4)
                    if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) return true
                return false
            }""",
            list(YELLOW),
        )
    )


@pytest.mark.browser
def test_one_points_by_keyboard_and_on_the_picture(browser: Any, tmp_path: Path) -> None:
    with served_here(publish(tmp_path)) as server, staff_page(browser, server) as page:
        page.goto("/staff/documents/konzept")
        page.get_by_role("link", name="Einträge zeigen").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Andere Seite").fill("2")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="1 Radweg am Fluss bauen").focus()
        page.keyboard.press("Enter")
        page.get_by_text("8 Einträge sehen so aus").wait_for()
        for look in ("light", "narrow"):
            assert troubles(page, look, {"found": page.url}) == []
        page.goto("/staff/documents/konzept/examples?page=4")
        page.locator(".pointing img").wait_for()  # the document may still be read
        width, height = page.evaluate(
            "() => (box => [box.width, box.height])(document.querySelector('.pointing img')"
            ".getBoundingClientRect())"
        )
        at_title = {"x": 100 / 595 * width, "y": 78 / 842 * height}  # as `write_concept` prints it
        page.locator(".pointing").click(position=at_title)
        page.get_by_text("Gezeigt: „3 Busse öfter fahren lassen“").wait_for()
        page.get_by_text("8 Einträge sehen so aus").wait_for()
        assert [picture_is_marked(page, number) for number in (2, 4)] == [True, True]
        assert troubles(page, "light", {"marked": page.url}) == []
        page.get_by_role("link", name="Seite 9").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Seite 9 von 9").wait_for()
        assert picture_is_marked(page, 9)
        page.get_by_role("button", name="Ja, Projekte").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Übernehmen").focus()
        assert troubles(page, "light", {"changes": page.url}) == []
        page.get_by_role("button", name="Übernehmen").focus()
        page.keyboard.press("Enter")
        page.get_by_role("status").get_by_text(say("review.decided")).wait_for()


@pytest.mark.browser
def test_one_answers_by_keyboard_and_the_page_is_accessible(browser: Any, tmp_path: Path) -> None:
    with served_here(publish(tmp_path)) as server, staff_page(browser, server) as page:
        states = {"asked": "/staff/documents/konzept"}
        for look in ("light", "narrow"):
            assert troubles(page, look, states) == []
        page.get_by_role("button", name="Ja, Maßnahmen").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Übernehmen").wait_for()
        for look in ("light", "narrow"):
            assert troubles(page, look, {"changes": page.url}) == []
        page.get_by_role("button", name="Übernehmen").focus()
        page.keyboard.press("Enter")
        page.get_by_role("status").get_by_text(say("review.decided")).wait_for()
        assert troubles(page, "light", {"answered": page.url}) == []
        page.get_by_role("button", name="Zurücknehmen").focus()
        page.keyboard.press("Enter")
        page.get_by_text(QUESTION).wait_for()
