"""Case files: what is in form, what is not, and which line is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evals
from evals.cases import Case, CaseTurn, CountProof, Expectation, line_of, load_cases, write_cases
from evals.cases.errors import CaseError

SHIPPED = sorted((Path(evals.__file__).parent / "cases").glob("*.jsonl"))
KINDS = {
    "single_fact", "status", "responsibility", "topic_lookup", "topic_lookup_colloquial", "list", "count", "comparison",
    "document", "followup", "noisy", "english", "dutch", "turkish", "unanswerable", "false_premise", "out_of_scope",
    "injection",
}  # fmt: skip
EXPECT = {"behavior": "answer", "citations_any": [["report", "5.1"]], "facts": [["12", "zwölf"]], "count": 3}
OVERVIEW = {"core": [["report", "5"]], "topic": [["report", "5"], ["report", "5.1"]], "at_least": 2}
RAW: dict[str, Any] = {"id": "c-1", "type": "single_fact", "question": "Was?", "expect": EXPECT}


def written(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_full_line(tmp_path: Path) -> None:
    history = [{"role": "user", "content": "Wer?"}]
    raw = RAW | {
        "history": history,
        "language": "en",
        "distance": "near",
        "note": "warum",
        "expect": EXPECT | {"forbidden": ["14"]},
    }
    (found,) = load_cases(written(tmp_path, json.dumps(raw)))
    assert found == Case(
        id="c-1",
        type="single_fact",
        question="Was?",
        history=(CaseTurn(role="user", content="Wer?"),),
        language="en",
        distance="near",
        expect=Expectation(
            behavior="answer",
            citations_any=(("report", "5.1"),),
            facts=(("12", "zwölf"),),
            forbidden=("14",),
            count=3,
        ),
        note="warum",
    )
    assert json.loads(line_of(found)) == raw


def test_what_is_left_out_is_empty(tmp_path: Path) -> None:
    raw = RAW | {"expect": {"behavior": "abstain"}}
    (found,) = load_cases(written(tmp_path, json.dumps(raw)))
    assert not found.answerable
    assert (found.wanted, found.expect.facts, found.expect.count, found.language) == ((), (), None, "de")
    assert json.loads(line_of(found)) == raw


def test_empty_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    good, other = json.dumps(RAW), json.dumps(RAW | {"id": "c-2"})
    assert len(load_cases(written(tmp_path, "", good, "   ", other, ""))) == 2
    with pytest.raises(CaseError, match="Zeile 4"):
        load_cases(written(tmp_path, "", good, "", "{"))


def test_all_wrong_lines_are_told_with_their_fields(tmp_path: Path) -> None:
    lines = [
        json.dumps(RAW | {"expect": EXPECT | {"count": "drei"}}),
        json.dumps(RAW),
        "{",
        json.dumps(RAW),
        json.dumps(RAW | {"id": "c-3", "art": "x"}),
        json.dumps(RAW | {"id": "c-4", "expect": {"behavior": "answer"}}),
        json.dumps(RAW | {"id": "c-5", "expect": {"behavior": "abstain", "count": 3}}),
        json.dumps(RAW | {"id": "c-6", "expect": {"behavior": "about_service", "overview": OVERVIEW}}),
        json.dumps(RAW | {"id": "c-7", "expect": EXPECT | {"overview": OVERVIEW}}),
    ]
    with pytest.raises(CaseError) as told:
        load_cases(written(tmp_path, *lines))
    assert str(told.value).splitlines() == [
        "cases.jsonl, Zeile 1: expect.count: muss eine ganze Zahl sein",
        "cases.jsonl, Zeile 3: kein JSON (Spalte 2: Expecting property name enclosed in double quotes)",
        "cases.jsonl, Zeile 4: id: c-1 gibt es schon (cases.jsonl, Zeile 2)",
        "cases.jsonl, Zeile 5: art: gibt es nicht",
        "cases.jsonl, Zeile 6: expect: eine Antwort braucht Belege, Fakten oder eine Zahl, an denen sie zu prüfen ist",
        "cases.jsonl, Zeile 7: expect: wo keine Antwort erwartet wird, "
        "kann es weder Belege noch Fakten noch eine Zahl geben",
        "cases.jsonl, Zeile 8: expect: wo keine Antwort erwartet wird, "
        "kann es weder Belege noch Fakten noch eine Zahl geben",
        "cases.jsonl, Zeile 9: expect: overview nennt alle Einträge; "
        "citations_any und citations_all gehören nicht dazu",
    ]


def test_an_overview_and_a_question_to_the_service(tmp_path: Path) -> None:
    overview = RAW | {"corpus": "klimaplan", "expect": {"behavior": "answer", "overview": OVERVIEW, "verdict": "yes"}}
    service = RAW | {"id": "c-2", "expect": {"behavior": "about_service"}}
    one, other = load_cases(written(tmp_path, json.dumps(overview), json.dumps(service)))
    assert one.answerable and one.expect.overview and one.corpus == "klimaplan"
    assert one.expect.overview.items == (("report", "5"), ("report", "5.1"))
    assert not other.answerable and other.corpus is None
    assert [json.loads(line_of(found)) for found in (one, other)] == [overview, service]


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    with pytest.raises(CaseError, match=r"cases\.jsonl: nicht lesbar"):
        load_cases(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CaseError, match=r"cases\.jsonl: kein UTF-8"):
        load_cases(path)


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for path in (one, two):
        path.write_text(json.dumps(RAW), encoding="utf-8")
    with pytest.raises(CaseError, match=r"two\.jsonl, Zeile 1: id: c-1 gibt es schon \(one\.jsonl, Zeile 1\)"):
        load_cases(one, two)


def test_cases_are_written_as_they_were_read(tmp_path: Path) -> None:
    path = tmp_path / "again.jsonl"
    cases = load_cases(*SHIPPED)
    write_cases(cases, path)
    assert load_cases(path) == cases


@settings(deadline=None)  # no test measures seconds
@given(st.text(max_size=200))
def test_no_line_brings_the_reader_down(line: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            assert load_cases(written(Path(folder), line)) == []
        except CaseError as error:
            assert error.problems


TABLE = """id;type;question;behavior;citations_any;facts;forbidden;count
a;single_fact;Was?;;report:5.1; report:B.X|nein;;
b;count;Wie viele?;answer;"report:5; report:6";"12|zwölf; drei";"gratis";4
;;;;;;;
c;unanswerable;Warum?;abstain;;;;
"""


def test_a_spreadsheet_is_read_as_cases(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path, book = tmp_path / "faelle.csv", Workbook()
    path.write_text(TABLE.replace("; report:B.X|nein;", ";;"), encoding="utf-8-sig")
    one, two, three = load_cases(path)
    assert (one.expect.behavior, one.wanted) == ("answer", (("report", "5.1"),))
    assert two.expect.facts == (("12", "zwölf"), ("drei",)) and (two.expect.count, two.expect.forbidden) == (
        4,
        ("gratis",),
    )
    assert two.expect.citations_any == (("report", "5"), ("report", "6")) and not three.answerable
    for line in (["id", "type", "question", "behavior", "count"], ["d", "count", "Wie viele?", "answer", 3]):
        book.worksheets[0].append(line)
    book.save(tmp_path / "faelle.xlsx")
    assert [one.expect.count for one in load_cases(tmp_path / "faelle.xlsx")] == [3]


def test_a_wrong_row_of_a_spreadsheet_is_named(tmp_path: Path) -> None:
    path = tmp_path / "faelle.csv"
    path.write_text("id;type;question;count\na;count;Wie viele?;viele\nb;count;;3\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"(?s)Zeile 2: expect.count: muss eine ganze Zahl.*Zeile 3: question: fehlt"):
        load_cases(path)
    path.write_text("a;b\n")
    with pytest.raises(CaseError, match="keine Spalte „question“"):
        load_cases(path)
    (tmp_path / "kaputt.xlsx").write_bytes(b"nichts")
    with pytest.raises(CaseError, match="keine lesbare Tabelle"):
        load_cases(tmp_path / "kaputt.xlsx")


def test_every_field_is_documented_and_the_examples_are_shipped_cases(tmp_path: Path) -> None:
    text = (Path(evals.__file__).parents[1] / "docs/cases.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([\w.]+)` \|", text.partition("## Tables")[0], re.MULTILINE)
    fields = [*Case.model_fields, *(f"expect.{one}" for one in Expectation.model_fields)]
    assert sorted(documented) == sorted([*fields, *(f"proof.{one}" for one in CountProof.model_fields)])
    (tmp_path / "a.jsonl").write_text(text.split("```json\n")[1].split("```")[0], encoding="utf-8")
    shipped = {one.id: one.question for path in SHIPPED if "held" not in path.stem for one in load_cases(path)}
    assert [shipped[one.id] == one.question for one in load_cases(tmp_path / "a.jsonl")] == [True] * 3


WRONG = [
    "{",
    "[]",
    "null",
    '"text"',
    json.dumps({key: value for key, value in RAW.items() if key != "id"}),
    json.dumps({key: value for key, value in RAW.items() if key != "question"}),
    json.dumps({key: value for key, value in RAW.items() if key != "expect"}),
    json.dumps(RAW | {"expect": {}}),
    json.dumps(RAW | {"expect": {"behavior": "perhaps"}}),
    json.dumps(RAW | {"expect": EXPECT | {"facts": 3}}),
    json.dumps(RAW | {"expect": EXPECT | {"citations_any": [3]}}),
]


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(CaseError, match=r"cases\.jsonl, Zeile 2"):
        load_cases(written(tmp_path, json.dumps(RAW), line))


def test_shipped_cases_are_in_form_and_unique() -> None:
    cases = load_cases(*SHIPPED)
    assert len(cases) > 1000
    sample = [one for path in SHIPPED if path.stem.startswith("sample") for one in load_cases(path)]
    assert len(sample) >= 120 and len(cases) - len(sample) >= 300


def test_development_and_held_cases_share_no_question() -> None:
    held = [one for path in SHIPPED if "held" in path.stem for one in load_cases(path)]
    others = {one.question for path in SHIPPED if "held" not in path.stem for one in load_cases(path)}
    shared = [one.id for one in held if not one.history and one.question in others]
    assert held and not shared  # their ids alone: whoever reads this has not seen them


def test_every_kind_of_question_is_there_and_non_answers_say_how_near() -> None:
    for county in ("sample", "real"):
        cases = [one for path in SHIPPED if path.stem.startswith(county) for one in load_cases(path)]
        assert {one.type for one in cases} >= KINDS
        assert {one.distance for one in cases if one.type == "unanswerable"} == {"near", "far"}
        assert {one.language for one in cases} >= {"de", "en", "nl", "tr"}
