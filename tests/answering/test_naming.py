"""Which documents a question means, and which places lie outside them."""

from __future__ import annotations

import pytest

from tests.answering.conftest import Ask, Understand
from tests.answering.truth import DOCUMENTS, DRAFT, GOALS, MOTION, PROGRAMME, REPORT

NAMED = [
    ("Was steht im Nachhaltigkeitsbericht?", {REPORT}),
    ("Was sagt der Bericht zu Radwegen?", {REPORT}),
    ("Was steht im Nachhaltigkeitsreport?", {REPORT}),
    ("Was sagt der Lauterfelder Bericht zu Radwegen?", {REPORT}),
    ("Was steht im Laurterfelder Bericht?", {REPORT}),
    ("What does the sustainability report say about buses?", {REPORT}),
    ("Was sagt das Leitbild zur Pflege?", {DRAFT}),
    ("Was steht im Leitbild-Entwurf?", {DRAFT}),
    ("What does the mission statement say?", {DRAFT}),
    ("Was steht in den Strategischen Zielen zur Pflege?", {GOALS}),
    ("Was sagt das Zielpapier zur Pflege?", {GOALS}),
    ("Was steht im Strategiepapier?", {GOALS}),
    ("Was begründet den Antrag?", {MOTION}),
    ("Was steht im Lärmschutzantrag?", {MOTION}),
    ("Was steht im Antrag „Ruhe an der Straße“?", {MOTION}),
    ("Was beantragt die Grüne Mitte?", {MOTION}),
    ("Was will die Fraktion Grüne Mitte?", {MOTION}),
    ("Was steht im Steckbrief?", {PROGRAMME}),
    ("Wer leitet „Lauterfeld verbindet“?", {PROGRAMME}),
    ("Was will das Programm für smarte Dörfer und Städte?", {PROGRAMME}),
    ("Was sagen Bericht und Leitbild zum Wasser?", {REPORT, DRAFT}),
    ("What does the draft mission statement say about water?", {DRAFT}),
    ("Vergleiche, was der Leitbild-Entwurf und die Strategischen Ziele zur Pflege sagen.", {DRAFT, GOALS}),
]
NOT_NAMED = [
    "Was ist der Rufbus?",
    "Ich will einen Antrag stellen. Wie geht das?",
    "Gibt es einen Bericht über Hunde?",
    "Was will ein Programm für Dörfer?",
    "Gibt es ein Leitbild für Vereine?",
    "Was ist ein Förderprogramm?",
    "Was ist mit Open Source?",
    "Bis wann muss der Smart-Wood-Antrag gestellt sein?",
]
FOREIGN = [
    ("Was plant der Kreis Steinfurt?", "Steinfurt"),
    ("Was plant der Landkreis Osnabrück?", "Osnabrück"),
    ("Welche Klimaschutzprojekte laufen im Kreis Coesfeld?", "Coesfeld"),
    ("Was macht Bielefeld gegen Lärm?", "Bielefeld"),
    ("Was tut die Stadt Essen?", "Essen"),
    ("Gibt es in Stuttgart einen Rufbus?", "Stuttgart"),
    ("What does Berlin do for cyclists?", "Berlin"),
    ("What does the district of Unna plan?", "Unna"),
]
AT_HOME = [
    "Was plant der Kreis Lauterfeld?",
    "Wie ist es im Kreise der Familie?",
    "Was gibt es zu essen?",
    "Gibt es Essen auf Rädern?",
    "Fahren Busse nach Hohenquelm?",
    "Was kostet die Kreisumlage?",
    "Was plant die Kreisverwaltung?",
    "Welche Rolle spielt der Kreistag?",
    "Wie viele Städte hat der Kreis?",
    "Wie hilft der Kreis Familien?",
    "Welche Halle wurde saniert?",
]


@pytest.mark.parametrize(("question", "ids"), NAMED)
def test_named_documents(read: Understand, question: str, ids: set[str]) -> None:
    query = read(question)
    assert query.named
    assert set(query.documents) == ids


@pytest.mark.parametrize("question", NOT_NAMED)
def test_indefinite_and_foreign_words_name_none(read: Understand, question: str) -> None:
    query = read(question)
    assert not query.named
    assert set(query.documents) == set(DOCUMENTS)


def test_the_client_may_narrow_the_documents(read: Understand, ask: Ask) -> None:
    assert read("Was sagt das Leitbild zur Pflege?", [REPORT]).documents == ()
    assert read("Was ist mit Pflege?", [DRAFT]).documents == (DRAFT,)
    answer = ask("Was ist zur Pflege geplant?", documents=[DRAFT])
    assert {one.document_id for one in answer.citations} <= {DRAFT}


@pytest.mark.parametrize(("question", "place"), FOREIGN)
def test_foreign_places(read: Understand, ask: Ask, question: str, place: str) -> None:
    assert read(question).foreign_place == place
    answer = ask(question)
    assert (answer.status, answer.citations) == ("out_of_scope", [])


@pytest.mark.parametrize("question", AT_HOME)
def test_no_foreign_places(read: Understand, question: str) -> None:
    assert read(question).foreign_place is None
