"""The page of an ingestion: what people decide on stands there, with pictures, and nothing of a document is markup."""

from __future__ import annotations

import shutil
from base64 import b64decode
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from service.ingest_page.changes import changes
from service.ingest_page.drawing import NOT_PDF, drawn
from service.ingest_page.page import page
from service.ingest_page.paper import Paper, Run
from service.pages.labels import STATUSES
from service.pictures.painter import Limits
from tests.browsing import LOOKS, faults, looking, troubles
from tests.processes import REPOSITORY, run
from tests.service.county import report
from tests.service.partly_read import climate, cycling
from vectorstore.editions import EditionStore
from vectorstore.records import FrontFact, ItemKind, ItemStatus, ParsedDocument

SAMPLE = REPOSITORY / "ingest/sample"
REPORT = "Nachhaltigkeitsbericht Kreis Lauterfeld"
HOSTILE = "<script>alert(1)</script><img src=x onerror='alert(2)'>\"&{{ 7 * 7 }}"
LIMITS = Limits(seconds=6, megabytes=512)


@pytest.fixture(scope="module")
def written(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a dry run over the sample, one paper changed, one broken, with an edition before."""
    folder = tmp_path_factory.mktemp("page")
    data, papers = shutil.copytree(sample_data, folder / "data"), folder / "papers"
    papers.mkdir()
    for path in (*SAMPLE.glob("*.pdf"), *SAMPLE.glob("*.md")):
        (papers / path.name).write_bytes(path.read_bytes())
    draft = papers / "lauterfeld-leitbild-entwurf.md"
    text = draft.read_text(encoding="utf-8").replace("Solide Kassen", "Solide Finanzen")
    draft.write_text(text, encoding="utf-8")
    (papers / "kaputt.pdf").write_bytes(b"das ist kein PDF")
    result = run("ingest", papers, "--dry-run", "--report-html", folder / "bericht.html", data=data)
    assert result.returncode == 1, result.stderr
    assert EditionStore(data).current_name() is not None
    return folder / "bericht.html"


def told(one: Any) -> str:
    return " ".join(" ".join(one.itertext()).split())


def article(path: Path, title: str) -> Any:
    (found,) = [one for one in html.parse(path).xpath("//article") if told(one.find("h2")) == title]
    return found


def of(*papers: Paper, pictures: Any = None, **report: Any) -> Any:
    outcome = {"files": [], "left": [], "edition": None, "changed": False, "dry_run": True} | report
    return html.fromstring(page(Run(papers, outcome), pictures or {}))


def test_every_document_stands_there_with_what_proves_it(written: Path) -> None:
    document = html.parse(written)
    assert document.xpath("string(/html/@lang)") == "de"
    titles = [told(one) for one in document.xpath("//article/h2")]
    assert len(titles) == 3 and REPORT in titles and "Strategische Ziele des Kreises Lauterfeld" in titles
    front = told(article(written, "Leitbild für den Kreis Lauterfeld").xpath(".//table")[0])
    assert "Stand 10.06.2025 – noch nicht beschlossen" in front and "Entwurf, nicht beschlossen" in front
    whole = told(article(written, REPORT))
    assert "Unbestätigt: Verbindlichkeit." in whole and "4 Widersprüche im Dokument selbst." in whole
    assert "Probelauf: Es wurde noch nichts veröffentlicht. Verglichen mit der Ausgabe davor" in told(
        document.getroot()
    )


def test_families_are_told_in_words_with_what_they_are_held_against(written: Path) -> None:
    whole = told(article(written, REPORT))
    assert "61 Projekte, Nummern wie „4.1.1.1“, je ein Blatt mit 2 bezeichneten Angaben." in whole
    assert "„Sachstand“ (Sachstand)" in whole and "{n}" not in whole
    assert "vollständig eigene Liste: 61 Zeilen (Seite 29)" in whole
    assert "38.952" in whole and "83,2 %" in whole and "Kopf- und Fußzeilen 4.180" in whole


def test_examples_stand_beside_a_picture_of_their_page(written: Path) -> None:
    examples = article(written, REPORT).xpath(".//div[contains(@class, 'pictured')]")
    assert [told(one.xpath(".//h4")[0]).split()[0] for one in examples] == ["1.1.1.1", "4.1.1.1", "6.2.4.1"]
    for one in examples:
        (source,) = one.xpath(".//img/@src")
        assert b64decode(source.removeprefix("data:image/png;base64,")).startswith(b"\x89PNG\r\n")
    assert "Seite 5 (gedruckt: 4)" in told(examples[0]) and "Projektbeschreibung" in told(examples[0])
    assert NOT_PDF in told(article(written, "Leitbild für den Kreis Lauterfeld"))


def test_the_edition_before_and_rejected_files(written: Path) -> None:
    whole = told(html.parse(written).getroot())
    assert "kaputt.pdf Die PDF-Datei ist beschädigt und lässt sich nicht lesen." in whole
    assert "Diese Dokumente verschwänden aus der Ausgabe Antrag „Ruhe an der Straße" in whole
    draft = told(article(written, "Leitbild für den Kreis Lauterfeld"))
    assert "8 Solide Finanzen: Titel Solide Kassen Solide Finanzen" in draft
    assert "Keine Unterschiede" in told(article(written, "Strategische Ziele des Kreises Lauterfeld"))


def test_it_is_one_file_that_runs_and_loads_nothing(written: Path) -> None:
    document = html.parse(written)
    assert document.xpath("//script | //link | //iframe | //*[@style] | //*[starts-with(name(@*), 'on')]") == []
    assert all(one.startswith(("data:image/png;base64,", "#")) for one in document.xpath("//@src | //@href"))
    assert "default-src 'none'" in document.xpath("string(//meta[@http-equiv]/@content)")
    headings = [int(one.tag[1]) for one in document.xpath("//h1 | //h2 | //h3 | //h4")]
    assert headings[0] == 1 and all(after <= before + 1 for before, after in pairwise(headings))
    assert document.xpath("//th[not(@scope)]") == []
    assert len(document.xpath("//@id")) == len(set(document.xpath("//@id")))


def hostile() -> ParsedDocument:
    one = climate()
    front = (FrontFact("title", "found", False, HOSTILE, 1),)
    document = replace(one.document, title=HOSTILE, publisher=HOSTILE, file_name=HOSTILE, front=front)
    return replace(one, document=document, items=tuple(replace(item, title=HOSTILE) for item in one.items))


def test_nothing_of_a_document_is_markup() -> None:
    paper = Paper(hostile(), plan=(HOSTILE,), page_doubts=(HOSTILE,), warnings=(HOSTILE,))
    file = {"file": HOSTILE, "id": HOSTILE, "state": "rejected", "reason": HOSTILE, "kept": False}
    left = {"path": HOSTILE, "reason": HOSTILE}
    document = of(paper, files=[file], left=[left])
    assert document.xpath("//script | //img") == []
    assert document.xpath("//article/h2")[0].text_content() == HOSTILE
    assert document.text_content().count(HOSTILE) > 10


def test_what_is_missing_is_told_first() -> None:
    document = of(Paper(climate()), Paper(cycling()))
    (first, second) = [told(one) for one in document.xpath("//div[@class = 'check']")]
    assert "Maßnahmen: 5 von 7 gefunden." in first and "30 Zeichen gingen verloren." in first
    assert "Der Aufbau wurde nicht sicher verstanden" in second
    whole = told(document)
    assert (
        "unvollständig: 2 fehlen Verzeichnis der Maßnahmen: 7 Einträge (Seite 3); Diese Nummern fehlen: M 6, M 7"
        in whole
    )
    assert "mindestens 5 von 7 Maßnahmen" in whole and "Maßnahmen (Anzahl unsicher)" in whole


def test_changes_are_records_titles_statuses_and_counts() -> None:
    before = report()
    records = [one for one in before.items if one.kind is ItemKind.PROJECT]
    gone, renamed, moved = records[:3]
    new = replace(gone, key="9.9.9.9", ref="9.9.9.9", title="Neues Vorhaben")
    swapped = {
        gone.key: new,
        renamed.key: replace(renamed, title="Anders"),
        moved.key: replace(moved, status=ItemStatus.ARCHIVED),
    }
    now = replace(before, items=tuple(swapped.get(one.key, one) for one in before.items))
    found = changes(before, now)
    assert [one.title for one in found.added] == ["Neues Vorhaben"] and list(found.gone) == [gone]
    assert {(one.of.rpartition(": ")[2], one.before, one.now) for one in found.changed} == {
        ("Titel", renamed.title, "Anders"),
        ("Status", STATUSES[moved.status], "archiviert"),
    }
    assert not found.counts and not found.front
    assert not changes(before, before)
    fewer = replace(before, items=tuple(one for one in before.items if one is not gone))
    (count,) = changes(before, fewer).counts
    assert (count.of, int(count.before) - int(count.now)) == ("Projekte", 1)


def test_a_page_that_cannot_be_drawn_is_told_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "kaputt.pdf"
    broken.write_bytes(b"%PDF-1.7 kaputt")
    parsed = climate()
    parsed = replace(parsed, items=tuple(replace(one, page=1) for one in parsed.items))
    paper = Paper(parsed, original=broken)
    pictures = drawn([paper], LIMITS)
    assert {type(one) for one in pictures.values()} == {str}
    document = of(paper, pictures=pictures)
    assert "Die Seite lässt sich nicht zeichnen" in told(document) and document.xpath("//img") == []


def test_a_folder_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    result = run("ingest", SAMPLE, "--report-html", tmp_path / "nirgends/b.html", data=tmp_path / "data")
    assert result.returncode == 2 and "Dorthin lässt sich keine Datei schreiben" in result.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.browser
def test_its_own_policy_lets_its_style_and_pictures_in_and_nothing_is_loaded(browser: Any, written: Path) -> None:
    complaints: list[str] = []
    with looking(browser, written.as_uri(), complaints, offline=True) as context:
        opened = context.new_page()
        opened.goto(written.as_uri())
        assert complaints.pop(0) == written.as_uri()
        assert opened.locator("img").first.evaluate("one => one.naturalWidth") == 640
        assert opened.locator("h1").evaluate("one => getComputedStyle(one.parentElement).borderRadius") != "0px"
        assert faults(opened) == []


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
def test_it_is_wrong_in_no_look(browser: Any, written: Path, look: str) -> None:
    context = browser.new_context(offline=True, **LOOKS[look])
    assert troubles(context.new_page(), look, {"page": written.as_uri()}) == []
    context.close()
