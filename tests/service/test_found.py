"""What was found, as pages show it: each entry on a card of its own."""

from __future__ import annotations

from service.pages.rendering import found
from tests.widget import made_answers

COUNTED = "Dazu passen drei Einträge."


def test_sentences_belong_to_the_entry_that_they_cite() -> None:
    shown = found(made_answers.found())
    assert shown.lead == COUNTED
    assert [(one.name, one.citation.ref) for one in shown.entries] == [
        ("Projekt 5.1 Nachtbus (Idee)", "5.1"),
        ("", "5.2"),
        ("Fähre auf Abruf", "5.3"),
    ]
    first, second, _ = (one.text.strip() for one in shown.entries)
    assert first.startswith("Er fährt ab Mai 2027. [1] Der Bus ") and first.endswith("[2]")
    assert second.startswith("„Radschnellweg“")


def test_what_cites_nothing_stays_with_the_entry_before_it() -> None:
    answer = made_answers.found()
    shown = found(answer.model_copy(update={"answer": f"{answer.answer} Und\nmehr."}))
    assert shown.entries[-1].text.endswith("[4] Und\nmehr.") and len(shown.entries) == 3
    assert found(answer.model_copy(update={"answer": COUNTED})).entries == []
