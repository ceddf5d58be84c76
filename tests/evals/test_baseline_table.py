"""The table and the plot of service and baselines, by hand-made answers with known values."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner

import evals
from evals.baselines.command import baselines
from evals.baselines.table import (
    IN_THREE,
    MARKS,
    ROWS,
    estimates,
    plot,
    right_in_three,
    table,
)
from evals.cases import Case, Expectation, load_cases, write_cases
from evals.metrics.judging import Asked, Judgement, judge
from evals.reporting.marked import MarksMissing, with_table
from service.models import Answer, AnswerMode, AnswerStatus, Citation, Receipt
from vectorstore.records import DocumentStatus, ItemKind

START, END = MARKS
SAMPLE = Path(evals.__file__).parent / "cases" / "sample-dev.jsonl"
SVG = "{http://www.w3.org/2000/svg}"
app = typer.Typer()
app.command()(baselines)


def citation(ref: str, quote: str) -> Citation:
    return Citation(
        marker=1,
        document_id="d",
        document_title="Bericht",
        publisher="Kreis",
        document_status=DocumentStatus.PUBLISHED,
        kind=ItemKind.PROJECT,
        ref=ref,
        key=ref,
        title="Titel",
        quote=quote,
        url=f"/documents/d/{ref}",
    )


def judged(*cited: tuple[str, str], wanted: str = "1") -> Judgement:
    """What is judged of an answer that cites these (ref, quote)."""
    answer = Answer(
        answer_id="1",
        status=AnswerStatus.ANSWERED,
        mode=AnswerMode.EXTRACTIVE,
        language="de",
        corpus_edition="e",
        answer="Text [1]",
        citations=[citation(ref, quote) for ref, quote in cited],
        receipt=Receipt(pipeline="1", settings="s"),
    )
    expect = Expectation(behavior="answer", citations_any=(("d", wanted),))
    return judge(Asked(Case(id="c", type="topic_lookup", question="?", expect=expect), answer))


RIGHT, SECOND, WRONG = judged(("1", "a")), judged(("2", "a"), ("1", "b")), judged(("2", "a"))
RESULTS = {"Gut": [RIGHT, RIGHT, SECOND, RIGHT], "Schlecht <&>": [WRONG, SECOND, WRONG, WRONG]}


def cells(shown: str, label: str) -> list[str]:
    (line,) = [line for line in shown.splitlines() if line.startswith(f"| {label} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_values_are_those_computed_by_hand() -> None:
    found = estimates(RESULTS["Gut"])
    values = {name: one.value for name, one in found.items() if one is not None}
    assert values["right@1"] == pytest.approx(3 / 4)
    assert values["mrr"] == pytest.approx((1 + 1 + 1 / 2 + 1) / 4)
    assert values["right@3"] == values["fully"] == values[IN_THREE] == 1.0
    assert found["count"] is found["list complete"] is found["false answers"] is None


def test_a_row_holds_value_interval_and_number_of_cases_of_each_system() -> None:
    shown = table(RESULTS)
    _, good, bad, asked = cells(shown, ROWS["right@1"])
    assert re.fullmatch(r"0\.75 \(0\.\d\d–1\.00\)", good)
    assert bad == "0.00 (0.00–0.60)", "Clopper and Pearson for none of four"
    assert asked == "4"
    assert cells(shown, ROWS["count"])[1:] == ["–", "–", "0"]
    assert cells(shown, "") == ["", "Gut", "Schlecht <&>", "cases"]
    assert "4 cases; in brackets the 95 % interval" in shown


def test_passages_of_several_items_count_as_one_place() -> None:
    many = judged(("2", "a"), ("3", "a"), ("4", "a"), ("1", "a"))
    assert many.parts["right@3"] == (0.0, 1.0)
    assert right_in_three(many.asked) == (1.0, 1.0)
    late = judged(("2", "a"), ("3", "b"), ("4", "c"), ("1", "d"))
    assert right_in_three(late.asked) == (0.0, 1.0)


def test_the_table_goes_between_its_marks_and_replaces_what_stood_there() -> None:
    text = f"oben\n{START}\nalt\n{END}\nunten\n"
    once = with_table(text, "| neu |", MARKS)
    assert once == f"oben\n{START}\n\n| neu |\n\n{END}\nunten\n"
    assert with_table(once, "| neu |", MARKS) == once


@pytest.mark.parametrize("text", ["", START, f"{END}\n{START}", f"{START}{END}{START}"])
def test_without_its_marks_there_is_no_place(text: str) -> None:
    with pytest.raises(MarksMissing, match="zwischen denen die Tabelle"):
        with_table(text, "x", MARKS)


def test_the_plot_is_the_same_every_time_and_says_what_it_shows() -> None:
    drawn = plot(RESULTS)
    assert drawn == plot(RESULTS)
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Gut compared with Schlecht <&>"
    described = root.findtext(f"{SVG}desc") or ""
    assert "right item first: Gut 0.75, Schlecht <&> 0.00" in described
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert {"Gut", "right item first", "fully right"} <= set(texts), "letters stay letters"
    assert "counts right" not in texts, "nothing to draw"


def test_the_plot_holds_no_date_and_no_ground() -> None:
    drawn = plot(RESULTS)
    assert "dc:date" not in drawn
    assert "fill: #ffffff" not in drawn
    assert plot({"Gut": [RIGHT]}) != drawn


def test_the_command_fills_a_readme_and_draws(data_dir: Path, tmp_path: Path) -> None:
    write_cases(load_cases(SAMPLE)[::6], tmp_path / "wenige.jsonl")
    readme, drawn = tmp_path / "README.md", tmp_path / "docs" / "baselines.svg"
    readme.write_text(f"# Titel\n{START}\n{END}\n", encoding="utf-8")
    options = ["--set", f"{tmp_path / 'wenige.jsonl'}={data_dir}", "--readme", str(readme), "--plot", str(drawn)]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0, result.output
    written = readme.read_text(encoding="utf-8")
    assert cells(written, "") == ["", "Strategielotse", "LangChain", "BM25", "cases"]
    assert cells(written, ROWS["right@3"])[1] in result.output
    assert "Strategielotse compared with LangChain and BM25" in drawn.read_text(encoding="utf-8")


def test_a_file_without_marks_is_left_as_it_is(data_dir: Path, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Titel\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["--set", f"{SAMPLE}={data_dir}", "--readme", str(readme)])
    assert result.exit_code == 2
    assert START in result.output
    assert readme.read_text(encoding="utf-8") == "# Titel\n"


def test_without_cases_there_is_a_table_and_a_plot_of_nothing() -> None:
    assert cells(table({"Gut": []}), ROWS["fully"])[1:] == ["–", "0"]
    assert ElementTree.fromstring(plot({"Gut": []})).findtext(f"{SVG}title") == "Gut"
