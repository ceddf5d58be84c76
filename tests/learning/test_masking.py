"""What is kept of a question names nobody, as far as form tells; what the papers say stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.learning.masking import masked

# Questions with names of persons, written before the patterns, with the words that name somebody; in `form` those that
# have a form that tells the name: a salutation, a title, an introduction, kin, a signature. Others name nobody.
ROWS = [json.loads(line) for line in Path(__file__).with_name("names.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Rufen Sie mich an: 0221 / 123 45 67!", "Rufen Sie mich an: [Telefonnummer]!"),
        ("Schreiben an eva.muster@example.org bitte", "Schreiben an [E-Mail-Adresse] bitte"),
        ("Konto DE89 3704 0044 0532 0130 00 gesperrt?", "Konto [Kontonummer] gesperrt?"),
        ("Meine Nummer 12 345 678 901 gilt?", "Meine Nummer [Steuernummer] gilt?"),
        ("Meine ID 12345678901 gilt?", "Meine ID [Steuernummer] gilt?"),
        ("Was ist mit 133/8150/8159 los?", "Was ist mit [Steuernummer] los?"),
        ("Was ist mit Az. 32-1234/24?", "Was ist mit [Aktenzeichen]?"),
        ("Wird am Lindenweg 12 a gebaut?", "Wird am [Adresse] gebaut?"),
        ("baut ihr in der gartenstraße 5", "baut ihr in der [Adresse]"),
        ("Ich wohne Am Anger 12, kommt Glasfaser?", "Ich wohne Am [Adresse], kommt Glasfaser?"),
        ("Kommt nach 12345 Musterdorf ein Bus?", "Kommt nach [Ort] ein Bus?"),
        ("Warum hat Frau Dr. von Beispiel nichts getan?", "Warum hat Frau [Name] nichts getan?"),
        ("hat herr mustermann das gesagt", "hat herr [Name] das gesagt"),
        ("Ich heiße Karl Beispiel und suche Kitas", "Ich heiße [Name] und suche Kitas"),
        ("ich bin Karla Beispiel, was gilt?", "ich bin [Name], was gilt?"),
        ("Was gilt? Viele Grüße Karla Beispiel", "Was gilt? Viele Grüße [Name]"),
        ("Mein Sohn, geboren am 12.03.1980, sucht Hilfe", "Mein Sohn, geboren am [Datum], sucht Hilfe"),
        ("Parkt LF-AB 123 falsch?", "Parkt [Kennzeichen] falsch?"),
        ("Mehr  zu\nFamilie Beispiel?", "Mehr zu Familie [Name]?"),
    ],
)
def test_what_names_a_person_is_replaced(question: str, kept: str) -> None:
    assert masked(question) == kept


@pytest.mark.parametrize(
    "question",
    [
        "Wie weit ist das Projekt 5.1.2.1 im Jahr 2026?",
        "Was steht Im Kapitel 3 und Im Jahr 2030?",
        "Was kostet der Radschnellweg: 12.000.000 Euro?",
        "Wer ist für M 12 und HF 2.1 zuständig?",
        "Was tut der Kreis für die Frau im Beruf?",
        "frau und beruf",
        "Wie viele Ladepunkte gibt es 2030: 1.250 oder 1.500?",
        "Ich bin Rentner, gibt es einen Rufbus?",
        "Werden bis 2035 80 Prozent erreicht?",
        "Was plant der Kreis zum Hochwasserschutz am Ufer?",
    ],
)
def test_what_the_papers_speak_of_stays(question: str) -> None:
    assert masked(question) == question


def test_a_name_that_its_form_tells_is_gone() -> None:
    told = [one for one in ROWS if one.get("form")]
    assert len(told) > 40 and not [name for one in told for name in one["names"] if name in masked(one["ask"])]


def test_what_names_nobody_mostly_stays_and_what_has_no_form_is_left() -> None:
    """The figures of docs/learning.md; a name without a form is not told, and nobody should think that it is."""
    taken = [one["ask"] for one in ROWS if not one["names"] and "[Name]" in masked(one["ask"])]
    untold = [one for one in ROWS if one.get("form") is False]
    left = [one for one in untold if any(name in masked(one["ask"]) for name in one["names"])]
    assert (len(taken), len(left)) == (3, len(untold)), taken


def test_two_words_alone_on_the_last_line_are_a_signature() -> None:
    assert masked("Wann kommt Glasfaser?\n\nEva Muster") == "Wann kommt Glasfaser? [Name]"
    assert masked("Wann kommt Glasfaser?\nDanke Ihnen!") == "Wann kommt Glasfaser? Danke Ihnen!"
