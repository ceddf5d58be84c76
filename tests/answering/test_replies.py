"""A model's reply, read into sentences with the tokens behind them."""

from __future__ import annotations

import pytest

from service.answering.generating.replies import Said, is_nothing, sentences_of


def test_each_sentence_has_the_tokens_behind_it() -> None:
    reply = "Ja, seit 2024 [ABCD]. Er fährt bis 3:30 Uhr, z. B. am Samstag [EFGH][ABCD]. Und das?"
    assert sentences_of(reply) == [
        Said("Ja, seit 2024", ".", ("ABCD",)),
        Said("Er fährt bis 3:30 Uhr, z. B. am Samstag", ".", ("EFGH", "ABCD")),
        Said("Und das?", "", ()),
    ]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("- Eins [ABCD].\n- Zwei [ABCD].", ["Eins", "Zwei"]),
        ("1. Eins [ABCD]\n2. Zwei [ABCD]", ["Eins", "Zwei"]),
        ("Eins. [ABCD] Zwei. [ABCD]", ["Eins", "Zwei"]),
        ("Eins. Zwei [ABCD].", ["Eins", "Zwei"]),
        ("Eins [ABCD, EFGH].", ["Eins"]),
        ("**Eins** [ ABCD ]", ["Eins"]),
    ],
)
def test_other_ways_to_write_it(reply: str, said: list[str]) -> None:
    found = sentences_of(reply)
    assert [one.text for one in found] == said and all(one.tokens[0] == "ABCD" for one in found)


@pytest.mark.parametrize("reply", ["KEINE ANTWORT", "keine Antwort.", "**KEINE ANTWORT**", " KEINE ANTWORT: nein"])
def test_nothing(reply: str) -> None:
    assert is_nothing(reply)


def test_a_sentence_about_answers_is_one() -> None:
    assert not is_nothing("Die Antwort: keine [ABCD].") and not sentences_of("") and not sentences_of(" \n- \n")
