"""What belongs to a person is told by its notation, however it is written and wherever in a
conversation it is.

The writings are for development; totals of a blind set are in docs/language-model.md.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

from service.masking import is_personal, mask_details, mask_question
from service.masking.notation import normalize_notation

READ = tomllib.loads(Path(__file__).with_name("notations.toml").read_text(encoding="utf-8"))
UNTOLD, REFUSED = {"Im Winkel 9"}, {"99999 Stimmen"}  # what no form tells from the other


def writings(group: str) -> list[tuple[str, str]]:
    rows = (
        (kind, line) for kind, text in READ[group].items() for line in text.strip().splitlines()
    )
    return [
        (kind, part.strip().replace("¶", "\n"))
        for kind, line in rows
        for part in line.split("|")
        if part.strip()
    ]


PERSONAL, STAYS = writings("personal"), writings("stays")


@pytest.mark.parametrize(
    "around", ["{}", "Ich frage wegen {} – wer hilft mir?", "Wer hilft mir? {}, danke"]
)
def test_what_belongs_to_a_person_is_told_however_it_is_written(around: str) -> None:
    texts = {text: around.format(text) for _, text in PERSONAL}
    assert len(texts) > 300
    assert {text for text, statement in texts.items() if not is_personal(statement)} <= UNTOLD


def test_what_is_left_of_it_is_its_kind_and_no_number() -> None:
    left = {text: mask_question(text) for kind, text in PERSONAL if text not in UNTOLD}
    assert [text for kind, text in PERSONAL if text in left and f"[{kind}]" not in left[text]] == []
    assert (
        sum(any(letter.isdigit() for letter in statement) for statement in left.values()) <= 4
    )  # a floor, an extension


@pytest.mark.parametrize(
    "around", ["{}", "Was ist mit {} gemeint?", "Ich wohne in Soest und frage: {}"]
)
def test_what_documents_are_full_of_stays(around: str) -> None:
    texts = {text: around.format(text) for _, text in STAYS}
    assert len(texts) > 300
    assert {text for text, statement in texts.items() if is_personal(statement)} <= REFUSED
    assert {
        text for text, statement in texts.items() if mask_details(statement) != statement
    } <= REFUSED


UNITS = "1 |a.|0 |DE1|1-|(0|a at |straße |Am |geb |am |Ä|0171/|@|a-at-|wohne |null |A|a b |Az |+49|de 1|a punkt |tel "


@pytest.mark.parametrize("unit", UNITS.split("|"))
def test_no_text_takes_long(unit: str) -> None:
    text, begun = (unit * 7000)[:7000], time.process_time()
    mask_question(text)
    assert time.process_time() - begun < 1.0


def test_one_form_for_many_writings() -> None:
    assert normalize_notation("０１７１–２\u00a0\u200b3 null eins zwei drei") == "0171-2 3 0123"
