"""Titles that look alike, on the page of a draft: one click says whether they are records, and it is
kept; of two who answer at once the second is told.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from html import unescape
from itertools import chain
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
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
from tests.browsing import by_keyboard, check_shown, click, served_here, staff_page
from tests.ingest.papers import PROSE, at, pdf
from tests.ingest.test_refused_examples import TITLES as SMALL_TITLES
from tests.sharing import copy_of
from tests.staff.reading import Page
from tests.staff.signing_in import signed_in
from tests.staff.test_uploads import (
    WAYS,
    client_of,
    draft_of,
    noted,
    publish_draft,
    said,
    sent,
)
from tests.staff.test_walk import READ
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
CONCEPT = "/staff/uploads/drafts?document=konzept"
EXAMPLES = {
    "names": ["1 Radweg am Fluss bauen", "6 Wärmenetz im Ort ausbauen"],
    "pages": ["2", "7"],
}


def write_concept(path: Path, numbered: str = "{n} ", titles: Sequence[str] = TITLES) -> Path:
    """Write a paper with a page for each title; only a label below numbered ones says what they
    are.
    """
    texts = (LABEL, *TEXTS) if numbered else TEXTS
    pages = [at((60, 760, "Klimakonzept Quonau", 18), (60, 700, PROSE[:80], 10))]
    for n, title in enumerate(titles, 1):
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


def path_of(client: TestClient, document: str = "konzept") -> str:
    """Return the path of the draft in which the paper is changed."""
    return draft_of(client, document).partition("?")[0]


def answer(client: TestClient, kind: str, **more: Any) -> str:
    """Answer in the draft of the paper; return the address of the draft then, or why there is
    none.
    """
    form = {**EXAMPLES, "document": "konzept", "kind": kind, **more}
    path = path_of(client)
    if kind != "open":
        form["seen"] = seen_change(client, path, form)
    return sent(client, f"{path}/look", **form)


def seen_change(client: TestClient, path: str, form: dict[str, Any]) -> str:
    """Return what an answer changes, as its page shows it; "" if the page does not."""
    page = examples_page(client, f"{path}/examples", params=form)
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def test_an_answer_holds_once_it_is_published_and_is_taken_back(
    client: TestClient, data: Path
) -> None:
    assert "1 offene Frage zu Einträgen" in said(client, "/staff/documents/konzept")
    address = draft_of(client, "konzept")
    page = said(client, address)
    assert QUESTION in page and "8 Titel sehen gleich aus" in page
    for number, title in enumerate(TITLES[:6], 1):
        assert f"{number} {title} Seite {number + 1}" in page
    picture = re.search(r'src="([^"]+/pages/konzept/2.png[^"]*)"', client.get(address).text)
    assert picture and client.get(picture[1].replace("&amp;", "&")).content[:4] == b"\x89PNG"
    draft = answer(client, "measure")
    page = said(client, draft)
    assert QUESTION not in page and "8 Maßnahmen gefunden" in page
    assert measures(data) == []
    publish_draft(client, draft)
    assert measures(data) == list(TITLES)
    draft = answer(client, "open")
    page = said(client, draft)
    assert QUESTION in page and "Noch offen bei" in page and "2 Fragen" in page
    publish_draft(client, draft)
    assert measures(data) == []


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
    path = path_of(client)
    form: dict[str, Any] = {**EXAMPLES, "document": "konzept", "kind": "measure"}
    page = examples_page(client, f"{path}/examples", params=form)
    assert CHANGE in Page(page).text and "Übernehmen" in page
    assert f'<a href="{path}?document=konzept">Zurück</a>' in page
    for unseen in ({}, {"seen": "etwas anderes"}):
        shown = client.post(f"{path}/look", data={**form, **unseen}, follow_redirects=False)
        assert shown.status_code == 200 and CHANGE in Page(shown.text).text
        assert QUESTION in said(client, f"{path}?document=konzept")
    assert noted(client)[:1] != ["look-set"]
    answer(client, "measure")
    note = AuditLog(client.app.state.database).latest()[0]  # type: ignore[attr-defined]
    assert note.action == "look-set" and note.subject.endswith(f" konzept {CHANGE}")


def test_what_is_no_record_any_more_is_shown(tmp_path: Path) -> None:
    paper = tmp_path / "wege.md"
    paper.write_text(WAYS, encoding="utf-8")
    run_ingest(IngestRequest((paper,)), EditionStore(tmp_path / "data"))
    with client_of(tmp_path / "data") as client:
        form: dict[str, Any] = {"document": "wege", "names": "M 1 Radweg bauen", "kind": "none"}
        change = seen_change(client, path_of(signed_in(client), "wege"), form)
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
    with client_of(tmp_path / "data") as client:
        form: dict[str, Any] = {
            "document": "bericht",
            "names": [SMALL_TITLES[0], "Der Kreis aa und seine"],
            "kind": "measure",
        }
        path = path_of(signed_in(client), "bericht")
        page = examples_page(client, f"{path}/examples", params=form)
        assert "aber nur" in page and "Übernehmen" not in page
        direct = client.post(f"{path}/look", data=form)
        assert direct.status_code == 409 and "aber nur" in direct.text
        assert "Zurücknehmen" not in client.get(f"{path}?document=bericht").text


def test_who_answers_second_is_told(client: TestClient) -> None:
    meanwhile = say("review.decided_meanwhile")
    assert meanwhile not in answer(client, "none")
    assert meanwhile in answer(client, "measure")
    assert meanwhile not in answer(client, "open")
    assert meanwhile in answer(client, "open")


def test_what_is_no_answer_or_not_allowed_is_refused(client: TestClient, data: Path) -> None:
    path = f"{path_of(client)}/look"

    def status(client: TestClient, **more: Any) -> int:
        form = {**EXAMPLES, "document": "konzept", "kind": "measure", **more}
        return client.post(path, data=form).status_code

    assert status(client, kind="section") == status(client, names=[]) == 422
    assert status(client, names=["x"] * 21) == 422
    assert status(client, document="nix") == 404
    with client_of(data) as reader:
        signed_in(reader, Role.READER)
        assert status(reader) == 403


def test_what_is_confirmed_is_a_value_and_nothing_is_read_for_it(
    client: TestClient, data: Path
) -> None:
    store = EditionStore(data)
    with closing(store.open()) as opened:
        title = opened.catalogue.documents["konzept"].title
    examples = (RecordExample(name=EXAMPLES["names"][0]), RecordExample(name=EXAMPLES["names"][1]))
    add_look(store.texts, "konzept", Look(kind="measure", examples=examples))  # seen by a reading
    form = {"document": "konzept", "title": title, "kind": "concept", "as_of": "01.03.2026"}
    form |= {"status": "adopted", "publisher": "Kreis Quonau"}
    confirmed = sent(client, f"{path_of(client)}/front", **form)
    name = confirmed.partition("?")[0].rpartition("/")[2]
    with closing(store.open(name)) as opened:
        document = opened.catalogue.documents["konzept"]
    assert document.unconfirmed == () and {fact.by for fact in document.front} == {"staff"}
    assert (document.publisher, str(document.status)) == ("Kreis Quonau", "adopted")
    assert "Noch zu bestätigen" not in said(client, draft_of(client, "konzept"))
    assert measures(data, name) == []
    publish_draft(client, confirmed)
    assert "ein Entwurf ist nicht nötig" in said(
        client, sent(client, f"{path_of(client)}/front", **form)
    )
    form["title"] = "Konzept für das Klima"
    read = sent(client, f"{path_of(client)}/front", **form)
    assert measures(data, read.partition("?")[0].rpartition("/")[2]) == list(TITLES)


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
        signed_in(client)
        path = f"{path_of(client)}/examples?document=konzept&page=3"
        page = examples_page(client, path)
        lines = lines_of(page)
        name = f"{numbered.format(n=2)}{TITLES[1]}"
        assert list(lines) == ([name, LABEL, TEXTS[0]] if numbered else [name, *TEXTS])
        found = examples_page(client, f"{path}&line={lines[name]}")
        assert "8 Einträge sehen so aus" in found
        for number, title in enumerate(TITLES, 1):
            shown = f"{numbered.format(n=number)}{title} Seite {number + 1}"
            assert shown in said(client, f"{path}&line={lines[name]}")
        assert name in re.findall(r'name="names" value="([^"]+)"', found)
        pictures = re.findall(r'src="([^"]+/pages/konzept/(\d+)\.png[^"]*)"', found)
        assert [int(number) for _, number in pictures] == [*range(2, 10), 3]
        for address, _ in pictures:
            first, last = marked_rows(client, address)
            assert 0.07 < first < last < 0.11  # the title, as `write_concept` prints it
        assert 'name="kind" value="goal"' in found
        publish_draft(client, answer(client, "goal", names=[name], pages=["3"]))
        with closing(EditionStore(data).open()) as opened:
            goals = [
                i.title for i in opened.catalogue.items_of("konzept") if i.kind is ItemKind.GOAL
            ]
        assert goals == list(TITLES)


def test_a_second_pick_is_a_further_example(client: TestClient) -> None:
    path = f"{path_of(client)}/examples"
    on_paper = f"{path}?document=konzept"
    line = lines_of(examples_page(client, f"{on_paper}&page=4"))["3 Busse öfter fahren lassen"]
    picked = {**EXAMPLES, "document": "konzept", "page": 4, "line": line}
    page = examples_page(client, path, params=picked)
    names = re.findall(r'name="names" value="([^"]+)"', page)
    assert names[:3] == [*EXAMPLES["names"], "3 Busse öfter fahren lassen"]
    assert client.get(f"{on_paper}&page=0").status_code == 422
    assert "steht kein Text" in examples_page(client, f"{on_paper}&page=99")
    assert client.get(f"{path}?document=nix").status_code == 404


def picture_is_marked(page: Any, number: int) -> bool:
    """True if the last picture of a page that is shown has some of the yellow of marked places."""
    picture = page.locator(f"img[src*='/pages/konzept/{number}.png']").last
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
        page.goto(CONCEPT)
        by_keyboard(page, "link", "Einträge zeigen")
        page.get_by_label("Andere Seite").fill("2")
        page.keyboard.press("Enter")
        by_keyboard(page, "button", "1 Radweg am Fluss bauen")
        page.get_by_text("8 Einträge sehen so aus").wait_for()
        check_shown(page, "light", "narrow")
        draft = page.url.partition("/examples")[0]
        page.goto(f"{draft}/examples?document=konzept&page=4")
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
        check_shown(page, "light")
        by_keyboard(page, "link", "Seite 9")
        page.get_by_role("heading", name="Seite 9 von 9").wait_for()
        assert picture_is_marked(page, 9)
        by_keyboard(page, "button", "Ja, Projekte")
        page.get_by_role("button", name="Übernehmen").focus()
        check_shown(page, "light")
        by_keyboard(page, "button", "Übernehmen")
        page.get_by_text("8 Projekte gefunden").wait_for(timeout=READ)


@pytest.mark.browser
def test_one_answers_by_keyboard_and_the_page_is_accessible(browser: Any, tmp_path: Path) -> None:
    with served_here(publish(tmp_path)) as server, staff_page(browser, server) as page:
        page.goto(CONCEPT)
        check_shown(page, "light", "narrow")
        by_keyboard(page, "button", "Ja, Maßnahmen")
        page.get_by_role("button", name="Übernehmen").wait_for()
        check_shown(page, "light", "narrow")
        by_keyboard(page, "button", "Übernehmen")
        page.get_by_text("8 Maßnahmen gefunden").wait_for(timeout=READ)
        check_shown(page, "light")
        by_keyboard(page, "button", re.compile("Zurücknehmen: Festgelegt"))
        page.get_by_text("Kein Dokument ist neu oder anders").wait_for(timeout=READ)
        page.goto(CONCEPT)
        assert QUESTION in page.inner_text("main")


@pytest.mark.browser
def test_two_clicks_list_the_measures_of_an_unknown_paper(browser: Any, tmp_path: Path) -> None:
    """From the hand-in of a hundred pages to each measure with its unit."""
    titles = [f"{title} in Ort {place}" for title in TITLES for place in ascii_uppercase[:13]]
    paper = write_concept(tmp_path / "wald.pdf", titles=titles)
    with served_here(publish(tmp_path)) as server, staff_page(browser, server) as page:
        page.goto("/staff/uploads")
        page.set_input_files("#files", paper)
        click(page, "button", "Einreichen und lesen")
        page.get_by_role("button", name="Ja, Maßnahmen").click(timeout=READ)
        click(page, "button", "Übernehmen")
        page.get_by_text(f"{len(titles)} Maßnahmen gefunden").wait_for(timeout=READ)
        page.wait_for_load_state()
        units = page.locator("dd", has_text=re.compile("^Amt 61$"))
        assert units.count() == len(titles)
