"""Answers as the service sends them: overviews of one county and of two, what was found, what comes
nearest; steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from service.records import (
    Answer,
    AnswerData,
    AnswerMode,
    AnswerStatus,
    Citation,
    DataKind,
    Receipt,
    Record,
    item_url,
)
from vectorstore.records import ItemKind, ItemStatus

QUESTION = "Was tut der Kreis für die Mobilität?"
COLUMNS = ["ref", "title", "kind", "status", "theme", "document"]
REPORT = ("lauterfeld-bericht", "Nachhaltigkeitsbericht Kreis Lauterfeld", "Kreis Lauterfeld")
GOALS = ("lauterfeld-ziele", "Strategische Ziele des Kreises Lauterfeld", "Kreis Lauterfeld")
NEIGHBOUR = ("dornquell-plan", "Mobilitätsplan Dornquell", "Kreis Dornquell")
WORKS = (
    "Nachtbus",
    "Radschnellweg",
    "Fähre auf Abruf",
    "Mitfahrbank",
    "Rufbus",
    "Lastenradverleih",
    "Sozialticket",
)
THEMES = (
    "Bus und Bahn",
    "Radverkehr",
    "Barrierefreiheit",
    "Parken",
    "Carsharing",
    "Fußverkehr",
    "Verkehrssicherheit",
)
SENTENCES = (
    "verbindet am Wochenende die größeren Orte bis in die Nacht mit den Bahnhöfen",
    "führt auf zwölf Kilometern ohne Ampel in die Kreisstadt",
    "holt Fahrgäste am Ufer ab, wenn sie per Telefon rufen",
)
RECEIPT = Receipt(pipeline="1", settings="sha256:0")
COUNTED = {
    "de": "Zum Thema Mobilität gibt es {} Vorhaben.",
    "en": "There are {} records on mobility.",
}


def row(place: int, document: tuple[str, str, str]) -> dict[str, Any]:
    """Return a record; every eighth is a goal, which has neither status nor theme."""
    goal, ref = place % 8 == 7, f"5.{place + 1}"
    return {
        "document_id": document[0],
        "ref": ref,
        "title": f"{WORKS[place % 7]} {'' if place < 7 else place}".strip(),
        "kind": ItemKind.GOAL if goal else ItemKind.PROJECT,
        "status": None if goal else list(ItemStatus)[place % 4],
        "theme": None if goal else THEMES[place % len(THEMES)],
        "document": document[1],
        "url": item_url(document[0], ref),
        "citations": [place + 1] if place < len(SENTENCES) else [],
    }


def citation(marker: int, of: dict[str, Any], publisher: str, quote: str) -> Citation:
    """Return the proof of what is told of a row."""
    return Citation(
        marker=marker, document_id=of["document_id"], document_title=of["document"], publisher=publisher,
        kind=of["kind"], ref=of["ref"], key=of["ref"], title=of["title"], item_status=of["status"], page=12,
        quote=quote, url=of["url"],
    )  # fmt: skip


def overview(*documents: tuple[str, str, str], language: str = "de", size: int = 23) -> Answer:
    """Return an overview of `size` records, by turns from these documents, of which three are
    told.
    """
    whose = [documents[place % len(documents)] for place in range(size)]
    rows = [row(place, document) for place, document in enumerate(whose)]
    text = [
        f"{rows[place]['title']} {statement} [{place + 1}]."
        for place, statement in enumerate(SENTENCES)
    ]
    return Answer(
        answer_id="01JOVERVIEW",
        status=AnswerStatus.ANSWERED,
        mode=AnswerMode.COMPUTED,
        language=language,
        corpus_edition="2026-11-20-1",
        answer=" ".join([COUNTED[language].format(size), *text]),
        citations=[
            citation(n + 1, rows[n], whose[n][2], statement)
            for n, statement in enumerate(SENTENCES)
        ],
        data=AnswerData(kind=DataKind.OVERVIEW, columns=COLUMNS, rows=rows, total=size),
        suggestions=["Wie weit ist der Radschnellweg?"],
        receipt=RECEIPT,
    )


def found() -> Answer:
    """Return three entries that fit; the first is told in two sentences, the second is named by its
    text alone.
    """
    rows = [row(place, REPORT) for place in range(3)]
    quotes = [(0, "Er fährt ab Mai 2027."), *enumerate(SENTENCES)]
    cited = [
        citation(n + 1, rows[place], REPORT[2], quote) for n, (place, quote) in enumerate(quotes)
    ]
    return overview(REPORT).model_copy(
        update={
            "answer_id": "01JFOUND",
            "status": AnswerStatus.FOUND,
            "mode": AnswerMode.EXTRACTIVE,
            "answer": f"Dazu passen am ehesten diese drei Stellen. Projekt 5.1 Nachtbus (Idee): {quotes[0][1]} [1] Der Bus "
            f"{SENTENCES[0]}. [2] „Radschnellweg“ {SENTENCES[1]}. [3] Fähre auf Abruf: Sie {SENTENCES[2]}. [4]",
            "citations": cited,
            "data": AnswerData(
                kind=DataKind.FOUND,
                columns=COLUMNS,
                total=3,
                lead="Dazu passen am ehesten diese drei Stellen.",
                rows=[
                    item
                    | {
                        "citations": markers,
                        "passage": SENTENCES[place],
                        "parts": re.split("(Orte)", SENTENCES[place]),
                        "responsible": [],
                        "page": 4,
                        "document_status": None,
                    }
                    for place, (item, markers) in enumerate(
                        zip(rows, ([1, 2], [3], [4]), strict=True)
                    )
                ],
            ),
        }
    )


def without_answer() -> Answer:
    """Return a non-answer that names one of its two nearest records."""
    nearest = [
        Record(document_id="b", document_title="Bericht", document_status=None, key=ref, ref=ref, title=title,
               kind=ItemKind.PROJECT, status=ItemStatus.IDEA, url=item_url("b", ref))
        for ref, title in (("5.1", "Nachtbus"), ("5.2", "Rufbus"))
    ]  # fmt: skip
    return Answer(
        answer_id="01JNEAREST",
        status=AnswerStatus.NOT_IN_DOCUMENTS,
        language="de",
        corpus_edition="2026-11-20-1",
        answer="Am nächsten kommt 5.1 Nachtbus; die Nachtbusse der Nachbarn fehlen.",
        nearest=nearest,
        receipt=RECEIPT,
    )


def answering(page: Any, answer: Answer) -> None:
    """Let the service of a page give this answer to every question."""
    events = f"event: done\ndata: {answer.model_dump_json()}\n\n"
    page.route(
        "**/api/v1/chat", lambda route: route.fulfill(content_type="text/event-stream", body=events)
    )


HELD = """() => {
  const fetched = window.fetch;
  const text = (name, data) => new TextEncoder().encode(`event: ${name}\\ndata: ${JSON.stringify(data)}\\n\\n`);
  const held = (signal) => new ReadableStream({ start(stream) {
    window.tell = (name, data) => stream.enqueue(text(name, data));
    signal.addEventListener("abort", () => stream.error(signal.reason));
  } });
  window.fetch = async (url, options) =>
    String(url).endsWith("/chat") ? new Response(held(options.signal)) : fetched(url, options);
}"""


def rate_distinctiveness(page: Any) -> Callable[[str, dict[str, Any]], None]:
    """Let the service of a page answer by what the test tells it: events by name and data, until it
    is done.
    """
    page.evaluate(HELD)
    return lambda name, data: page.evaluate(
        "([name, data]) => window.tell(name, data)", [name, data]
    )
