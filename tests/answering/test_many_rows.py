"""Answers over much: more records than an answer may hold, and one item of many thousand
sentences.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from service.answering import AnswerService, SearchArguments
from service.records import DataKind
from tests.answering.conftest import OverDocuments
from tests.injections.hostile import ask
from tests.service.county import parsed
from vectorstore.records import Document, DocumentKind, DocumentStatus, ItemKind

PROJECTS = 1_103
TITLES = ("Radweg", "Brücke", "Steg", "Bushalt")


CATALOGUE = Document(
    id="katalog", title="Wegekatalog Auenland", publisher="Kreis Auenland", kind=DocumentKind.PROGRAMME,
    status=DocumentStatus.ADOPTED, digest="", file_name="katalog.html", text="",
)  # fmt: skip


@pytest.fixture(scope="module")
def service(over_documents: OverDocuments) -> AnswerService:
    titles = ((f"{item}", f"{TITLES[item % 4]} Nummer {item}") for item in range(1, PROJECTS + 1))
    project = {"kind": ItemKind.PROJECT, "body": "Wird gebaut."}
    return over_documents(
        parsed(CATALOGUE, [{**project, "ref": ref, "title": title} for ref, title in titles])
    )


@pytest.mark.parametrize("question", ["Welche Projekte gibt es?", "Wie viele Projekte gibt es?"])
def test_rows_beyond_a_thousand_are_left_to_the_whole_list(
    service: AnswerService, question: str
) -> None:
    answer = ask(service, question)
    assert answer.data is not None
    assert (len(answer.data.rows), answer.data.total, answer.data.truncated) == (
        1000,
        PROJECTS,
        True,
    )
    assert len(answer.citations) <= 1001
    assert f"{PROJECTS}" in answer.answer
    if answer.data.kind is DataKind.LIST:  # says how many it does not name
        assert f"und {PROJECTS - 12} weitere" in answer.answer and answer.answer.count("[") == 12


@pytest.mark.xfail(strict=True, reason="the address of the whole list is not told")
def test_a_cut_list_tells_where_the_whole_one_is(service: AnswerService) -> None:
    data = ask(service, "Welche Projekte gibt es?").data
    address = urlsplit((data and data.url) or "")
    assert (address.path, parse_qs(address.query)) == (
        "/api/v1/items",
        {"kind": ["project"], "document": ["katalog"]},
    )


def test_a_list_that_fits_has_all_and_says_nothing_more(service: AnswerService) -> None:
    answer = ask(service, "Welche Projekte mit Steg gibt es?")
    assert answer.data is not None
    assert len(answer.data.rows) == answer.data.total
    assert not {"truncated", "url"} & answer.data.model_dump().keys()


LONG = {
    "sentences": lambda n: f"Der {TITLES[n % 4]} {n} wird mit dem Verein {n % 7} gebaut. ",
    "points of a list": lambda n: f"{'Gebaut wird:' if n == 0 else ''}\n- der Steg {n}",
    "cut by pages": lambda n: f"Der Radweg {n} führt durch den Ort und die\n\n",
}


@pytest.mark.parametrize("make", LONG.values(), ids=LONG)
def test_a_long_item_costs_no_more_than_its_length(
    make: Callable[[int], str], over_documents: OverDocuments
) -> None:
    """Five times the sentences take five times as long, not twenty-five times; 1.5 allows for a
    busy machine.
    """

    def seconds(number: int) -> float:
        body = "".join(map(make, range(number))).strip()
        long = {"kind": ItemKind.PROJECT, "ref": "1", "title": "Wege", "body": body}
        roof = {**long, "ref": "2", "title": "Dach", "body": "Das Dach wird neu."}
        service = over_documents(parsed(CATALOGUE, [long, roof]))
        service.tools().search(SearchArguments(text="Dach"))  # what the first question loads
        start = time.process_time()
        service.tools().search(SearchArguments(text="Wird der Radweg gebaut?"))
        answer = ask(service, "Wird ein Steg oder eine Brücke gebaut?")
        assert answer.answer and len(answer.answer) < 5_000
        return time.process_time() - start

    few, many = seconds(4_000), seconds(20_000)
    assert many < 10 * few + 1.5
