"""Umbrella terms reach what stands under them, and no word is taken for one that only ends like it."""

from __future__ import annotations

import pytest

from service.answering.service import AnswerService
from service.models import AnswerMode, AnswerStatus, ChatRequest

UNDER = {
    "ÖPNV": {"5.1.1.1", "5.1.2.1", "5.1.2.2", "5.1.3.1"},
    "Bus": {"5.1", "5.1.1.1", "5.1.2.1", "B.IX.4"},
    "Rad": {"5.2.2.1", "5.2.2.2", "5.3.4.1", "B.IX.5"},
    "Klima": {"1.1", "1.2", "1.3", "1.1.1.1", "B.VII", "B.VII.1"},
    "Digitalisierung": {"6.1.1.1", "6.1.2.1", "6.1.3.1", "B.X"},
    "Wohnen": {"3.3", "B.IX.3"},
    "Natur": {"2.1", "2.2", "B.VIII"},
    "Jugend": {"4.2", "4.2.2.1", "4.2.3.1", "B.III.4"},
    "Alter": {"3.1", "3.3.2.1", "6.2.2.2"},
    "Abfall": {"2.3", "2.3.3.1", "B.VIII.5"},
}


@pytest.mark.parametrize(("term", "under"), UNDER.items())
def test_an_umbrella_term_reaches_what_stands_under_it(service: AnswerService, term: str, under: set[str]) -> None:
    assert under <= {one.ref for one in service.lookup(term).items}


def test_a_compound_is_found_by_what_it_is_a_kind_of_and_by_no_other_end(service: AnswerService) -> None:
    assert not {"A.IV", "B.X"} & {one.ref for one in service.lookup("Arbeit").items}  # "Zusammenarbeit"
    assert "1.2" not in {one.ref for one in service.lookup("Rad").items}  # "Windrad"


def test_what_is_planned_for_a_topic_is_no_status_where_records_have_none(service: AnswerService) -> None:
    answer = service.answer(
        ChatRequest(question="Was ist bei der Pflege alles geplant?", documents=["lauterfeld-strategische-ziele-2025"])
    )
    assert answer.status is AnswerStatus.ANSWERED and "0 Projekte" not in answer.answer
    assert answer.mode is AnswerMode.COMPUTED and any(one.ref.startswith("B.V") for one in answer.citations)
