"""Answers with the directory of contacts: what units mean, whom one reaches, and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service import Settings
from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest, Contact, ContactDirectory
from tests.ingest.cases import cases
from tests.service.county import document, motion, parsed, publish_county
from vectorstore import EditionStore
from vectorstore.records import DocumentKind, DocumentStatus, ItemKind

HOTLINE = Contact(name="Bürgertelefon", telephone="02921 30-0", hours="Mo-So 0-24")
ROADS = Contact(code="66.01", name="Wege und Brücken", mail="wege@kreis.example")
OFFICE = Contact(code="10", name="Hauptamt", telephone="02921 30-10", hours="nach Absprache")
PARKS = Contact(code="70", name="Grünflächenamt", telephone="02921 30-70")
CONTACTS = [HOTLINE, ROADS, OFFICE, PARKS]
WHOLE = ContactDirectory(CONTACTS)
NONE = ContactDirectory()
Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    store = EditionStore(publish_county(tmp_path_factory.mktemp("contacts")))
    edition = store.open()

    def ask(
        question: str, directory: ContactDirectory = WHOLE, language: str = "de", **settings: str
    ) -> Answer:
        configured = Settings(data_dir=store.root, **settings)  # type: ignore[arg-type]
        service = AnswerService(edition, configured, contacts=lambda: directory)
        return service.answer(ChatRequest(question=question, language=language))

    yield ask
    edition.close()


@cases("question", "begin", "name")
def test_a_unit_or_somebody_is_reached(
    answering: Ask, question: str, begin: str, name: str
) -> None:
    answer = answering(question)
    assert (answer.status, answer.citations) == (AnswerStatus.ABOUT_SERVICE, [])
    assert answer.answer.startswith(begin)
    (given,) = answer.contacts
    (contact,) = (each for each in CONTACTS if each.name == name)
    assert given.model_copy(update={"today": ""}) == contact
    assert contact.describe("de") in answer.answer


def test_hours_are_computed_or_shown_as_printed(answering: Ask) -> None:
    hotline = answering("Ich möchte mit einem Menschen sprechen.")
    assert "Mo-So 0-24 (heute bis 24 Uhr)." in hotline.answer
    assert hotline.contacts[0].today == "heute bis 24 Uhr"
    office = answering("Wer ist für den Lastenradverleih zuständig?")
    assert office.answer.endswith("Kontakt: 10 Hauptamt, Telefon 02921 30-10, nach Absprache.")
    assert office.contacts[0].today == ""


@pytest.mark.parametrize(
    "question",
    [
        "Wer ist für den Lastenradverleih zuständig?",
        "Wer ist für den Lastenradverleih zuständig und wie erreiche ich sie?",
        "Wer ist für Lastenräder zuständig und wie erreiche ich sie?",
        "Wen kann ich zum Lastenradverleih anrufen?",
    ],
)
def test_who_is_responsible_is_told_with_the_contact(answering: Ask, question: str) -> None:
    answer = answering(question)
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
    assert [citation.ref for citation in answer.citations] == ["2.1.4.1"]
    assert re.search(r"2\.1\.4\.1 Lastenradverleih\b.*: 10 Organisation", answer.answer)
    assert [contact.name for contact in answer.contacts] == ["Hauptamt"]


def test_a_list_of_a_unit_ends_with_its_contact(answering: Ask) -> None:
    answer = answering("Welche Projekte hat 66.01?")
    assert answer.data is not None and [row["ref"] for row in answer.data.rows] == ["2.1.2.3"]
    assert answer.answer.endswith("Kontakt: 66.01 Wege und Brücken, wege@kreis.example.")


def test_passages_have_the_contact_before_them(answering: Ask) -> None:
    answer = answering("Wer ist für den Radschnellweg Nord zuständig und wie erreiche ich sie?")
    assert answer.status is AnswerStatus.FOUND and answer.data is not None
    assert answer.data.lead.endswith("Kontakt: 66.01 Wege und Brücken, wege@kreis.example.")


def test_an_unasked_unit_adds_nothing(answering: Ask) -> None:
    for question in ("Wie ist der Stand beim Lastenradverleih?", "Wie wird das Wetter morgen?"):
        with_directory, without = answering(question), answering(question, NONE)
        assert with_directory.answer == without.answer
        assert "contacts" not in with_directory.model_dump()


def test_without_a_directory_the_setting_stands_in(answering: Ask) -> None:
    contact = {"contact": "Rufen Sie 02921 30-1 an."}
    assert (
        answering("Ich möchte mit einem Menschen sprechen.", NONE, **contact).answer
        == (contact["contact"])
    )
    partial = answering(
        "Wer ist für den Lastenradverleih zuständig und wie erreiche ich sie?", NONE, **contact
    )
    missing = "keine Adresse oder Telefonnummer."
    assert partial.answer.endswith(f"{missing} {contact['contact']}")
    unset = answering("Wer ist für den Lastenradverleih zuständig, wo kann ich anrufen?", NONE)
    assert unset.answer.endswith(f"Telefonnummer. {Settings.model_fields['contact'].default}")
    unknown = answering("Wer kümmert sich um Kistenvelos?", NONE, **contact)
    assert unknown.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert unknown.answer.endswith(contact["contact"])


def test_without_a_general_contact_the_units_are_named(answering: Ask) -> None:
    answer = answering("Ich möchte mit einem Menschen sprechen.", ContactDirectory([OFFICE, PARKS]))
    assert [contact.name for contact in answer.contacts] == ["Hauptamt", "Grünflächenamt"]
    many = [Contact(code=str(number), name=f"Amt {number}") for number in range(20, 40)]
    named = answering("Ich möchte mit einem Menschen sprechen.", ContactDirectory(many))
    assert len(named.contacts) == 6 and "und 14 weitere" in named.answer


def test_english_words_around_it(answering: Ask) -> None:
    answer = answering("Who is responsible for the Lastenradverleih?", language="en")
    assert answer.answer.endswith("Contact: 10 Hauptamt, telephone 02921 30-10, nach Absprache.")


def test_a_publisher_that_the_question_names_has_its_printed_address(tmp_path: Path) -> None:
    head = document("plan", "Aktionsplan Auenland", DocumentKind.PLAN, DocumentStatus.PUBLISHED)
    imprint = "Kreis Auenland, Am Wall 3, Telefon 02921 30-0"
    section = {"kind": ItemKind.SECTION, "ref": "Impressum", "title": "Impressum", "body": imprint}
    store = EditionStore(tmp_path)
    store.publish([parsed(head, [section]), motion()])
    with closing(store.open()) as edition:
        service = AnswerService(edition, Settings(data_dir=tmp_path))
        answer = service.answer(ChatRequest(question="Wie ist die Adresse vom Kreis Auenland?"))
        silent = service.answer(ChatRequest(question="Welche Adresse hat die Stadt Hochstadt?"))
    assert "Am Wall 3, Telefon 02921 30-0" in answer.answer
    assert [citation.ref for citation in answer.citations] == ["Impressum"]
    assert "02921 30-0" not in silent.answer
