"""No personal detail leaves the house, in whatever turn of the conversation and however split."""

from __future__ import annotations

from pathlib import Path

from evals.case_files import load_cases
from service.masking import turns_to_send
from tests.held import read_rows
from tests.ingest.cases import cases
from tests.people.leaving import find_leaving, send

SPLIT = read_rows("people/split-dev")
HARMLESS = {
    "history": [
        {"role": "user", "content": "Was ist der Lastenradverleih?"},
        {"role": "assistant", "content": "Projekt 2.1.4.1 Lastenradverleih ist eine Idee."},
    ],
    "question": "Wer ist dafür zuständig, und was kostet es bis 2027?",
    "details": ["zuständig"],
}


def never(text: str) -> bool:
    """Nothing is published."""
    return False


def test_of_split_details_none_leaves(tmp_path: Path) -> None:
    assert find_leaving(SPLIT, tmp_path) == []


def test_what_is_not_personal_is_sent_and_kept(tmp_path: Path) -> None:
    ((_, sent),) = send([HARMLESS], tmp_path)
    assert sent.count(HARMLESS["question"]) >= 3  # to the model, to the endpoint, and kept


@cases("question", "turns")
def test_a_detail_keeps_the_whole_conversation_in_the_house(
    question: str, turns: tuple[tuple[bool, str], ...]
) -> None:
    assert turns_to_send(question, turns, never) is None


def test_a_detail_at_the_end_of_a_long_turn_does_too() -> None:
    turn = "Was ist ein Radweg? " * 150 + "Erreichbar bin ich unter 0171"
    assert turns_to_send("2345678", [(True, turn)], never) is None


def test_what_the_documents_print_is_masked_and_the_rest_is_as_it_was() -> None:
    said = "Die Stelle Hauptstr. 12, Tel. 02921 30-0, leitet Frau Muster."
    turns = [(True, "Wer hilft bei  Maßnahme 1.2?"), (False, said), (True, "Und M 12?")]
    printed = {"Hauptstr. 12", "02921 30-0", "Muster"}
    sent = turns_to_send("Und zum Leitprojekt 12?", turns, printed.__contains__)
    masked = "Die Stelle [Adresse], Tel. [Telefonnummer], leitet Frau Muster."
    assert sent == [turns[0][1], masked, turns[2][1]]
    assert turns_to_send("Und zum Leitprojekt 12?", turns, never) is None


def test_a_detail_at_the_cut_is_masked_before() -> None:
    turn = "x " * 495 + "Tel. 0171 2345678"
    (sent,) = turns_to_send("Und?", [(False, turn)], "0171 2345678".__eq__) or [""]
    assert sent.endswith("Tel. [Te") or "0171" not in sent


def test_development_dialogues_are_sent() -> None:
    """A conversation about the documents is not taken for a personal one."""
    folder = Path(__file__).parents[2] / "evals" / "cases"
    cases = load_cases(*folder.glob("dialogue-dev*.jsonl"))
    held_back = [
        case.id
        for case in cases
        if turns_to_send(
            case.question,
            [(turn.role == "user", turn.content) for turn in case.history],
            never,
        )
        is None
    ]
    assert len(cases) > 100 and held_back == []
