"""Further wordings of a decision: kept, checked, counted, removed alone and taken back with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.schema import CreateTable

from service.composition import make_database
from service.learning.changes import Changes, changes_of
from service.learning.decisions import DECISIONS, Choice, Decision, Decisions
from service.learning.further import MOST_AT_ONCE, Beside, distinct, lines_of, wrong_with
from service.learning.kinds import Kind
from service.learning.store import KeptQuestions, Reason
from service.settings import Settings
from tests.service.county import motion, report
from vectorstore.catalogue import Catalogue
from vectorstore.questions import MOST, ItemQuestion

REPORT, ITEM, OTHER = "auenland-report", "2.1.4.1", "2.1.3.1"
HERE = (REPORT, ITEM)
CHOICE = Choice(kind=Kind.ITEM_QUESTION, wording="Kistenvelo?", document_id=REPORT, key=ITEM, also=("Rad leihen?",))
TODAY = date(2026, 11, 22)


@pytest.fixture
def decisions(tmp_path: Path) -> Decisions:
    return Decisions(make_database(Settings(data_dir=tmp_path)), lambda: TODAY)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.of([report(), motion()])


def changes(made: list[Decision], *before: ItemQuestion) -> Changes:
    return changes_of(made, before, {HERE, (REPORT, OTHER)})


def asked(found: Changes) -> list[str]:
    return [one.question for one in found.questions]


def test_a_decision_is_kept_with_its_further_wordings(decisions: Decisions) -> None:
    made = decisions.decide(CHOICE, "Eva")
    decisions.extend(made.id, ["Lastenrad mieten"], "Jens", times=3)
    (found,) = decisions.all()
    assert [(one.question, one.person, one.day) for one in found.further] == [
        ("Rad leihen?", "Eva", TODAY),
        ("Lastenrad mieten", "Jens", TODAY),
    ]
    assert (found.also, found.times) == (("Rad leihen?", "Lastenrad mieten"), 3)
    assert asked(changes([found])) == ["Kistenvelo?", "Rad leihen?", "Lastenrad mieten"]
    assert {one.saying.decision for one in changes([found]).added} == {made.id}


def test_one_wording_is_removed_alone_and_all_are_taken_back_together(decisions: Decisions) -> None:
    made = decisions.decide(replace(CHOICE, also=("Rad leihen?", "Lastenrad mieten")), "Eva")
    decisions.set_live(made.sayings, "1")
    live = [ItemQuestion(REPORT, ITEM, one.question) for one in made.sayings]
    decisions.remove_wording(made.further[0].id, "Jens")
    (found,) = decisions.all()
    assert (found.also, found.further[0].removed_by) == (("Lastenrad mieten",), "Jens")
    assert asked(changes([found], *live)) == ["Kistenvelo?", "Lastenrad mieten"]
    assert changes([found], *live).without() == {made.id: (live[0], live[2], live[1])}
    decisions.undo(made.id, "Eva")
    assert asked(changes(decisions.all(), *live)) == []
    assert len(changes(decisions.all(), *live).removed) == 3


def test_wordings_that_are_of_no_more_use_are_deleted_after_their_days(tmp_path: Path) -> None:
    day = [TODAY - timedelta(days=90)]
    decisions = Decisions(make_database(Settings(data_dir=tmp_path)), lambda: day[0])
    used = decisions.decide(replace(CHOICE, also=("Bleibt stehen?", "Wird entfernt?")), "Eva")
    decisions.remove_wording(used.further[1].id, "Eva")
    gone = decisions.decide(replace(CHOICE, wording="Zurückgenommen?", also=("Mit ihr?",)), "Eva")
    decisions.undo(gone.id, "Eva")
    day[0] = TODAY - timedelta(days=1)
    assert decisions.forget_wordings(90) == 0
    day[0] = TODAY
    assert decisions.forget_wordings(90) == 3
    kept = (tmp_path / "operation.sqlite").read_bytes()
    assert b"Bleibt stehen?" in kept
    assert not any(text.encode() in kept for text in ("Wird entfernt?", "Zurückgenommen?", "Mit ihr?"))
    assert [one.question for one in decisions.all()[1].further] == ["Bleibt stehen?", ""]


def test_decisions_of_a_version_without_further_wordings_are_read(decisions: Decisions, tmp_path: Path) -> None:
    database = make_database(Settings(data_dir=tmp_path))
    with database.engine.begin() as connection:
        connection.execute(CreateTable(DECISIONS))
        row = dict.fromkeys((one.name for one in DECISIONS.columns if not one.nullable and one.name != "id"), "")
        row |= {"kind": "gap", "wording": "Alt?", "times": 1, "as_case": True, "day": TODAY}  # type: ignore[dict-item]
        connection.execute(DECISIONS.insert(), row)
    assert [(one.wording, one.further) for one in decisions.all()] == [("Alt?", ())]
    decisions.extend(1, ["Neu?"], "Eva")
    assert decisions.all()[0].also == ("Neu?",)


def test_what_an_earlier_version_decided_on_reading_is_not_told_and_goes_after_its_days(tmp_path: Path) -> None:
    day = [TODAY - timedelta(days=90)]
    database = make_database(Settings(data_dir=tmp_path))
    decisions = Decisions(database, lambda: day[0])
    decisions.decide(replace(CHOICE, wording="Regnet es?", also=("Schneit es?",)), "Eva")
    with database.engine.begin() as connection:
        connection.execute(DECISIONS.update().values(kind="example", scope="live", want="none"))
    assert decisions.all() == [] and decisions.forget_wordings(90) == 0
    day[0] = TODAY
    assert decisions.forget_wordings(90) == 1
    kept = (tmp_path / "operation.sqlite").read_bytes()
    assert b"Regnet es?" not in kept and b"Schneit es?" not in kept


def test_wordings_are_told_apart_by_their_words_and_masked() -> None:
    lines = lines_of("Kistenvelo\n\n  Rad   leihen?\nrad leihen\nHat Frau Muster ein Rad?\n")
    assert distinct(lines, "kistenvelo?") == ("Rad leihen?", "Hat Frau [Name] ein Rad?")


@pytest.mark.parametrize(
    ("choice", "wordings", "said"),
    [
        (CHOICE, ["x" * 301], "301 Zeichen, erlaubt sind 300"),
        (CHOICE, ["Rad\x07"], "Steuerzeichen"),
        (CHOICE, [f"Rad {number}" for number in range(MOST_AT_ONCE + 1)], "Es sind 11 weitere Formulierungen"),
        (CHOICE, ["gibt es das schon"], "„gibt es das schon“ führt schon zu diesem Eintrag"),
        (CHOICE, ["Und anderswo"], "„Und anderswo“ führt schon zu „2.1.3.1"),
        (CHOICE, ["Entschieden!"], "„Entschieden!“ führt schon zu diesem Eintrag"),
        (replace(CHOICE, key=OTHER), [f"Rad {number}" for number in range(3)], "führen schon 98 Fragen, mehr als 100"),
        (Choice(kind=Kind.GAP, wording="?"), ["Rad"], "gibt es nur für „Frage zu einem Eintrag“"),
        (CHOICE, ["Rad", "Velo leihen"], ""),
    ],
)
def test_what_a_further_wording_may_not_be(
    decisions: Decisions, catalogue: Catalogue, choice: Choice, wordings: list[str], said: str
) -> None:
    decisions.decide(replace(CHOICE, also=("Entschieden?",)), "Eva")
    full = [ItemQuestion(REPORT, OTHER, f"Frage {number}?") for number in range(MOST - 3)]
    before = [ItemQuestion(*HERE, "Gibt es das schon?"), ItemQuestion(REPORT, OTHER, "Und anderswo?"), *full]
    told = wrong_with(choice, wordings, Beside.of(catalogue, before, decisions.all()))
    assert said in told and bool(said) is bool(told)


def test_a_removed_wording_frees_its_questions_whatever_sign_ends_them(tmp_path: Path) -> None:
    kept = KeptQuestions(make_database(Settings(data_dir=tmp_path)), lambda: TODAY)
    for question in ("Wo ist X", "wo  ist X?", "Wo ist Y?"):
        kept.keep(question, Reason.UNANSWERED)
    kept.assign([one.id for one in kept.all()], 1)
    kept.free(1, "Wo ist X?")
    assert sorted(one.question for one in kept.open()) == ["Wo ist X", "wo  ist X?"]
