"""The page of an ingestion: what people decide on stands there, with pictures, and nothing of a document is markup."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from service.ingest_page.page import page
from service.ingest_page.paper import Paper, Run
from tests.browsing import faults, looking
from tests.processes import REPOSITORY, run
from tests.service.partly_read import climate
from vectorstore.editions import EditionStore
from vectorstore.records import FrontFact, ParsedDocument

SAMPLE = REPOSITORY / "ingest/sample"
HOSTILE = "<script>alert(1)</script><img src=x onerror='alert(2)'>\"&{{ 7 * 7 }}"


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
