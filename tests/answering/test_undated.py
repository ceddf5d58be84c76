"""A list that is chosen by dates; an amount of a motion need not name its subject again."""

from __future__ import annotations

import pytest

from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.conftest import OverTexts
from tests.answering.shapes import refs

REPORT = """# Uferbericht Moorau

Stand: 1. Oktober 2025

Herausgeber: Stadt Moorau

## 1 Ufer und Wege

### 1.1 umgesetzte Projekte

#### 1.1.1 Steg am Teich

Projektbeschreibung:

Der Steg führt bis zur Insel.

Laufzeit:

2024 bis Mai 2025

#### 1.1.2 Bank am Ufer

Projektbeschreibung:

Die Bank steht am Ufer.

Laufzeit:

Juni 2025

#### 1.1.3 Karte der Wege

Projektbeschreibung:

Die Karte hängt am Markt.
"""
MOTION = """---
herausgeber: Fraktion Moorau Mitte
---

# Antrag der Fraktion Moorau Mitte: Leihräder am Kanal

## Beschlussvorschlag

1. Die Verwaltung richtet einen Verleih für Leihräder am Kanal ein.

2. Die hierfür notwendigen Mittel von höchstens 12.000 Euro werden bereitgestellt.

## Begründung

Leihräder fehlen am Kanal, und Leihräder entlasten die Straßen. Die Leihräder sind ein Gewinn.
"""


def ask(over_texts: OverTexts, text: str, question: str) -> Answer:
    return over_texts({"papier.md": text}).answer(ChatRequest(question=question))


def test_a_list_by_dates_has_what_is_dated_so(over_texts: OverTexts) -> None:
    answer = ask(over_texts, REPORT, "Welche Projekte wurden seit April 2025 umgesetzt?")
    assert refs(answer) == ["1.1.1", "1.1.2"] and "mit einem Datum ab 04.2025" in answer.answer


def test_a_date_that_is_less_exact_than_the_period_is_no_certain_one(over_texts: OverTexts) -> None:
    question = "Welche Projekte wurden seit April 2025 umgesetzt?"
    answer = ask(over_texts, REPORT.replace("Juni 2025", "2025"), question)
    assert answer.status is AnswerStatus.FOUND and refs(answer) == ["1.1.1", "1.1.2"]
    assert answer.answer.startswith("Manche Einträge nennen nur das Jahr")


@pytest.mark.parametrize(
    "question",
    [
        "Wie viel Geld soll der Antrag für Leihräder bereitstellen?",
        "Wie viel Geld will der Antrag für Leihräder haben?",
        "Wie viel Geld verlangt der Antrag?",
    ],
)
def test_the_amount_of_a_motion_is_shown(over_texts: OverTexts, question: str) -> None:
    assert "12.000 Euro" in ask(over_texts, MOTION, question).answer
