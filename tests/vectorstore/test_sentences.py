from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.language import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Das ist z. B. ein Satz.",
        "Das gilt u. a. i. d. R. für Schulen.",
        "Dr. Müller wohnt ca. 3 km weg.",
        "Es kostet 1,2 Mio. Euro bzw. 3 Mrd. Euro.",
        "Nr. 5 ist offen!",
        "Die 3. Klasse und der 1. Bauabschnitt sind fertig.",
        "Sie begann am 5. Mai 2023.",
        "Am 01.10.2023 begann es.",
        "Siehe https://www.example.org/a.html?b=1.2 für mehr.",
        "Nach Art. 5 Abs. 2 GG gilt das.",
        "Vgl. S. 3 ff. des Berichts.",
        "Der Verein Auental e. V. hilft.",
        "Ziel 5.5.2.1 ist erreicht.",
        "Er sagte usw. und so fort.",
        "Zusammen mit der Stadt St. Bergheim.",
        "Kosten inkl. MwSt. und Nebenkosten.",
        "Wer (z. B. Schulen) fragt?",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert split(sentence) == [sentence]
    assert split(f"Erster Satz. {sentence} Letzter Satz.") == [
        "Erster Satz.",
        sentence,
        "Letzter Satz.",
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Wer zahlt? Der Kreis! Ja.", ["Wer zahlt?", "Der Kreis!", "Ja."]),
        ("Es war 2023. Danach kam 2024.", ["Es war 2023.", "Danach kam 2024."]),
        ("Bis 2025 sind es 40. Danach mehr.", ["Bis 2025 sind es 40.", "Danach mehr."]),
        ("Siehe Ziel 5.5.2.1. Das Projekt läuft.", ["Siehe Ziel 5.5.2.1.", "Das Projekt läuft."]),
        ("„Wirklich?“ Ja. (Stand: 2023.) Ende…", ["„Wirklich?“", "Ja.", "(Stand: 2023.)", "Ende…"]),
        ("Überschrift\n\nText eins.", ["Überschrift", "Text eins."]),
        ("Liste:\n• eins\n• zwei\n- drei", ["Liste:", "• eins", "• zwei", "- drei"]),
        ("Ein Satz\nüber zwei Zeilen. Noch einer.", ["Ein Satz\nüber zwei Zeilen.", "Noch einer."]),
        ("Punkte:\n1. eins\n2. zwei", ["Punkte:", "1. eins", "2. zwei"]),
        ("Und dann ... geht es weiter. Ende.", ["Und dann ... geht es weiter.", "Ende."]),
    ],
)
def test_sentences_end_where_they_end(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n \n"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentence_spans(text) == []


@given(
    st.lists(
        st.sampled_from(
            ["Das gilt", "z. B.", "5.", ".", "!", "\n\n", "\n• ", " ", "Dr.", "ja", "…", "“", "1.2"]
        )
    )
)
def test_spans_hold_every_printed_character_once_and_in_order(pieces: list[str]) -> None:
    text = " ".join(pieces)
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(split(text)).split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
