"""A sentence as clauses: where they end, and how far it has come what each says."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import answering
from service.answering.verification.clauses import Stage, split_clauses, word_lists
from service.answering.verification.evidence import synonym_groups


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        (
            "Einzelne Bänke werden an Schulen oder auf Plätzen umgesetzt.",
            [Stage.NOW],
        ),  # the participle is behind "oder"
        (
            "Der Verein hat 22 Module für vier Schulen sowie aus 15 Kitas abgeschlossen.",
            [Stage.DONE],
        ),
        ("Das eine ist fertig, das andere in Planung.", [Stage.NOW, Stage.AHEAD]),
        ("Die Einführung geschieht in drei Schritten.", [Stage.NOW]),
        ("Der Plan sieht eine Rampe vor.", [Stage.NOW]),
        ("Der Bus hielt am Markt.", [Stage.DONE]),
        ("Ein Berater bewertet, wie gut die Fenster sind.", [Stage.NOW, Stage.NOW]),
        ("Es gibt ein Konzept, das die Schule umfasst.", [Stage.NOW, Stage.NOW]),
        (
            "Träger ist ein Verein, an dem sich Bürgerinnen und Bürger beteiligen können.",
            [Stage.NOW, Stage.AHEAD],
        ),
        ("Wo die Grenzen verlaufen, zeigt ein Plan.", [Stage.NAMED, Stage.NOW]),
        ("Das lässt sich in den Alltag übernehmen.", [Stage.AHEAD]),
        ("Der Kreis lässt die Dächer prüfen.", [Stage.NOW]),
        ("Sobald der Auftrag vergeben ist, beginnt der Bau.", [Stage.AHEAD, Stage.AHEAD]),
        ("Der Weg soll 2023 geplant und 2024 umgesetzt werden.", [Stage.AHEAD, Stage.AHEAD]),
    ],
)
def test_clauses_end_where_a_verb_is_complete_and_have_its_stage(
    text: str, stages: list[Stage]
) -> None:
    assert [clause.stage for clause in split_clauses(text)] == stages


def test_what_is_to_be_done_has_no_subject_of_its_own() -> None:
    asked, offered = split_clauses(
        "Die Verwaltung wird gebeten, ihre Erfahrung den Gemeinden anzubieten."
    )
    assert asked.is_passive and offered.agent == ()


def test_what_is_asked_for_is_not_told_as_going_on() -> None:
    asked, content = split_clauses("Die Fraktion beantragt, dass sich die Stadt daran beteiligt.")
    told, known = split_clauses("Der Bericht zeigt, dass sich die Stadt daran beteiligt.")
    assert (asked.stage, content.stage) == (Stage.AHEAD, Stage.AHEAD) and content.is_wished
    assert (told.stage, known.stage) == (Stage.NOW, Stage.NOW)


@pytest.mark.parametrize(
    ("text", "group", "decides"),
    [
        ("Nicht nur im Sommer wird gebaut.", "only", False),
        ("Nur im Sommer wird gebaut.", "only", True),
        (
            "Die Zahl ist gleich geblieben.",
            "kept",
            True,
        ),  # a participle is known by the stem of its verb
    ],
)
def test_words_that_decide(text: str, group: str, *, decides: bool) -> None:
    assert (group in split_clauses(text)[0].deciding_words) is decides


def test_words_that_stand_for_each_other_share_a_group() -> None:
    assert synonym_groups("areal") & synonym_groups("gelände") and synonym_groups(
        "computer"
    ) & synonym_groups("pcs")
    assert not synonym_groups("kreistag") and not synonym_groups("bundesmittel") & synonym_groups(
        "landesmittel"
    )


def test_every_list_of_words_is_used() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(answering.__path__[0]).rglob("*.py")
    )
    lists = word_lists()
    assert [name for name in (*lists, *lists["says"]) if f'"{name}"' not in code] == []
