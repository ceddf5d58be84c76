"""Of a value that changed while a record went on, all that the record states is shown; a passage
does not end with the label of what is left out.
"""

from __future__ import annotations

import pytest

from service.answering import AnswerService
from service.records import AnswerStatus, ChatRequest
from tests.answering.conftest import OverTexts
from tests.answering.shapes import data

ABOUT = " ".join(
    f"Im Raum {number} lesen Kinder mit Fachkräften aus den Kitas und Schulen der Gegend vor."
    for number in range(1, 10)
)
MEETINGS = " ".join(
    f"In der Sitzung {number} wurde über die Räume und die Bücher für die Kinder beraten."
    for number in range(1, 10)
)
REPORT = f"""# Bericht des Kreises Seetal

Stand: 1. Oktober 2025

## 1 Bildung

### 1.1 laufende Projekte

#### 1.1.1 Lesepaten

Projektbeschreibung:

Für die Lesepaten wurden 2019 einmalig 100.000 Euro bereitgestellt. {ABOUT}

Sachstand:

{MEETINGS} Am 30. März 2023 hat der Kreistag neu beschlossen.
Für die Lesepaten gibt es nun 50.000 Euro in jedem Jahr.

#### 1.1.2 Bücherkisten

Projektbeschreibung:

Die Bücherkisten gehen an alle Kitas. Sie kosteten 3.000 Euro.

Sachstand:

Die Kisten sind gepackt.

#### 1.1.3 Leseclub

Projektbeschreibung:

Der Leseclub trifft sich am Markt.

Kosten 2024:

7.000 Euro

Kosten 2025:

9.000 Euro
"""


@pytest.fixture(scope="module")
def service(over_texts: OverTexts) -> AnswerService:
    return over_texts({"bericht.md": REPORT})


@pytest.mark.parametrize(
    "question", ["Was kosten die Lesepaten?", "Wie viel Geld gibt es für die Lesepaten?"]
)
def test_all_amounts_of_a_record_are_shown_with_their_dates(
    service: AnswerService, question: str
) -> None:
    answer = service.answer(ChatRequest(question=question))
    for text in ("2019 einmalig 100.000 Euro", "Am 30. März 2023 hat", "nun 50.000 Euro"):
        assert text in answer.answer
    assert "3.000 Euro" not in answer.answer


def test_no_passage_ends_with_a_label(service: AnswerService) -> None:
    for question in ("Was kosten die Lesepaten?", "Lesepaten Fachkräfte Kitas", "Bücherkisten"):
        answer = service.answer(ChatRequest(question=question))
        passages = [row["passage"].rstrip() for row in data(answer).rows]
        assert passages and not any(passage.endswith(":") for passage in passages)


def test_a_record_with_one_amount_is_one_passage(service: AnswerService) -> None:
    answer = service.answer(ChatRequest(question="Was kosten die Bücherkisten?"))
    assert answer.status is AnswerStatus.ANSWERED and len(data(answer).rows) == 1


def test_all_fields_of_costs_are_quoted_with_their_labels(service: AnswerService) -> None:
    answer = service.answer(ChatRequest(question="Was kostet 1.1.3?"))
    assert answer.status is AnswerStatus.ANSWERED
    for text in ("7.000 Euro", "Kosten 2024", "9.000 Euro", "Kosten 2025"):
        assert text in answer.answer
