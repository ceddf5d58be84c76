"""What a query holds of a question beside its topic: measures, roles of words, numbers, aspects of documents."""

from __future__ import annotations

import pytest

from service.answering.query import (
    Aspect,
    ContactWay,
    Grouping,
    Measured,
    NumberForm,
    Ordinal,
    Role,
    Size,
    Standing,
)
from tests.answering.conftest import Understand
from vectorstore.records import DocumentStatus

MEASURES = [
    ("Wie viele Flächen wurden entsiegelt?", Measured.COUNT, ""),
    ("Wie oft tagt der Beirat?", Measured.FREQUENCY, ""),
    ("Wie viel Strom spart die neue Beleuchtung?", Measured.MASS, "Strom"),
    ("Wie hoch ist der Turm?", Measured.SIZE, "Turm"),
    ("Was kostet die Fahrkarte im Rufbus?", Measured.PRICE, "Fahrkarte"),
    ("Wie viel Prozent der Projekte sind umgesetzt?", Measured.SHARE, ""),
    ("Was ist der Rufbus?", Measured.NOTHING, ""),
]
ROLES = [
    ("Welche Regeln gelten am Badesee?", "Regeln", Role.FRAME),
    ("Was hilft gegen den Mangel an Hebammen?", "Mangel", Role.FRAME),
    ("Was hilft gegen den Mangel an Hebammen?", "Hebammen", Role.MATTER),
    ("Gibt es ein Konzept zum Radverkehr?", "Radverkehr", Role.PURPOSE),
    ("Rufbus am Wochenende", "Rufbus", Role.OPENING),
    ("Welche Dokumente dieser Sammlung gehen auf den Rufbus ein?", "Sammlung", Role.CONDITION),
]
NUMBERS = [
    ("Was ist 5.1.2.1?", "5.1.2.1", NumberForm.WHOLE),
    ("Worum geht es in These 3?", "3", NumberForm.BEHIND),
    ("Was sagt die zweite These?", "2", NumberForm.ORDINAL),
    ("Was steht in Punkt II?", "II", NumberForm.POINT),
]
ASPECTS = [
    ("Von wann ist der Nachhaltigkeitsbericht und wer hat ihn herausgegeben?", (Aspect.DATE, Aspect.PUBLISHER)),
    ("Wann wurde das Leitbild beschlossen?", (Aspect.DECISION,)),
    ("Wie oft wird der Nachhaltigkeitsbericht aktualisiert?", (Aspect.UPDATE,)),
]


@pytest.mark.parametrize(("question", "what", "of"), MEASURES)
def test_the_measure_asked_for(read: Understand, question: str, what: Measured, of: str) -> None:
    measure = read(question).measure
    assert (measure.what, measure.of) == (what, of)


def test_a_size_has_its_adjective(read: Understand) -> None:
    assert read("Wie breit ist der Radweg?").measure.size is Size.WIDE


def test_a_price_is_bound_to_what_stands_behind_it(read: Understand) -> None:
    assert "Schüler" in read("Was kostet die Fahrkarte für Schüler?").measure.beside


def test_a_date_may_be_a_deadline_or_that_of_one_of_several(read: Understand) -> None:
    assert read("Bis wann muss man sich für den Kurs anmelden?").moment.deadline
    assert read("Wann beginnt der zweite Bauabschnitt?").moment.ordinals == (Ordinal.SECOND,)


@pytest.mark.parametrize(("question", "text", "role"), ROLES)
def test_words_have_roles(read: Understand, question: str, text: str, role: Role) -> None:
    assert {word.role for word in read(question).topic if word.text == text} == {role}


@pytest.mark.parametrize(("question", "number", "form"), NUMBERS)
def test_numbers_name_records(read: Understand, question: str, number: str, form: NumberForm) -> None:
    query = read(question)
    assert (number, form) in {(one.number, one.form) for one in query.numbers}
    assert (number in query.refs) is (form is not NumberForm.ORDINAL)


@pytest.mark.parametrize(("question", "asked"), ASPECTS)
def test_aspects_of_documents(read: Understand, question: str, asked: tuple[Aspect, ...]) -> None:
    assert read(question).aspects.asked == asked


def test_of_what_a_document_is_asked_to_be(read: Understand) -> None:
    assert read("Ist das Leitbild schon beschlossen?").aspects.standing is Standing.BINDING
    assert read("Ist das Leitbild noch ein Entwurf?").aspects.standing is Standing.DRAFT
    assert read("Ist das Leitbild beschlossen oder nur ein Entwurf?").aspects.standing is Standing.EITHER


def test_conditions_on_records_and_documents(read: Understand) -> None:
    assert read("Welche Projekte haben keine zuständige Einheit?").filters.without_unit
    assert read("Welche Dokumente sind nur ein Entwurf?").filters.document_statuses == {DocumentStatus.DRAFT}
    assert read("Wie viele Projekte gibt es pro Themenfeld?").grouping is Grouping.THEME


def test_what_else_is_asked(read: Understand) -> None:
    assert read("Warum wurde der Rufbus eingestellt?").reason and not read("Wann fährt der Rufbus?").reason
    assert read("Wer leitet das Programm?").who and not read("Was leitet das Programm?").who
    assert read("Welche Telefonnummer hat die Wohnberatung?").contact is ContactWay.PHONE
    assert read("Woran arbeitet die 80.02?").duties
