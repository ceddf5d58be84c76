"""Questions written for items in editions: kept complete, carried over, verified, and never half of
them.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts import say
from tests.vectorstore.samples import PROJECTS, parsed_document
from tests.wording import worded
from vectorstore import (
    EditionStore,
    ItemQuestion,
    RejectedRow,
    Row,
    TableError,
    add_questions,
    csv_tables,
    divide_by_item,
    read_question_table,
)
from vectorstore.questions import FILE, FOLDER, LONGEST, MOST_OF_ITEM, read_questions
from vectorstore.storage import EditionDamaged

REPORT = "beispielkreis-report"
BUS = ItemQuestion(REPORT, "1.2", "Wie komme ich ohne Auto zum Arzt?")
FLOOD = ItemQuestion(REPORT, "2.2", "Läuft mein Keller bei Unwetter voll?")
SECOND = ItemQuestion(REPORT, "2.2", "Wo steht das Wasser nach einem Gewitter?")
ASKED = (BUS, FLOOD, SECOND)


@pytest.fixture
def store(tmp_path: Path) -> EditionStore:
    store = EditionStore(tmp_path)
    store.publish([parsed_document()], questions=ASKED)
    return store


def folder_of(store: EditionStore) -> Path:
    return store.editions / str(store.current_name())


def questions_of(store: EditionStore) -> tuple[ItemQuestion, ...]:
    with closing(store.open()) as edition:
        assert store.questions() == edition.questions.all
        return edition.questions.all


def test_they_are_kept_and_found_by_their_words(store: EditionStore) -> None:
    with closing(store.open()) as edition:
        assert edition.questions.all == ASKED
        assert edition.questions.items == ((REPORT, "1.2"), (REPORT, "2.2"))
        scores = edition.questions.lexical.scores(
            dict.fromkeys(edition.analyzer.terms("Kellern im Gewitter"), 1.0)
        )
        assert int(np.argmax(scores)) == 1 and scores[0] == 0
        assert (edition.manifest.questions, len(edition.catalogue.chunks)) == (3, len(PROJECTS))
    assert list(store.check().values()) == [[]]


def test_the_next_edition_has_those_whose_items_are_still_there(store: EditionStore) -> None:
    assert not store.publish([parsed_document()]).changed
    fewer = {ref: statement for ref, statement in PROJECTS.items() if ref != "1.2"}
    assert store.publish([parsed_document(projects=fewer), parsed_document("other")]).changed
    assert questions_of(store) == (FLOOD, SECOND)
    first = store.current_name()
    assert store.publish(
        [parsed_document(projects=fewer), parsed_document("other")], questions=[FLOOD]
    ).changed
    assert questions_of(store) == (FLOOD,) and store.roll_back() == first
    store.publish([parsed_document("other")])
    assert questions_of(store) == () and not (folder_of(store) / FOLDER).exists()


def test_changed_questions_are_told_and_not_taken_over(store: EditionStore) -> None:
    path = folder_of(store) / FOLDER / FILE
    path.write_bytes(path.read_bytes().replace(b"Auto", b"Rads"))
    with pytest.raises(EditionDamaged, match=worded("store.questions_lost")):
        store.questions()
    store.publish([parsed_document()])
    assert questions_of(store) == ()


def test_what_a_model_wrote_for_an_earlier_edition_is_a_question_like_others(
    tmp_path: Path,
) -> None:
    (tmp_path / FOLDER).mkdir()
    row = {
        "document_id": REPORT,
        "key": "1.2",
        "question": BUS.question,
        "origin": "qwen3 sha256:1",
    }
    (tmp_path / FOLDER / FILE).write_text(json.dumps([row]), encoding="utf-8")
    assert read_questions(tmp_path) == (BUS,)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from("12"), st.sampled_from(["Wer?", "wer?", "Wo?"])
        )
    )
)
def test_placing_loses_nothing_and_changes_nothing_twice(rows: list[tuple[str, str, str]]) -> None:
    items = [("b", "2"), ("a", "1"), ("b", "1")]
    questions = [ItemQuestion(*row) for row in rows]
    placed = divide_by_item(questions, items)
    assert {item.identity_key for item in (*placed.kept, *placed.lost)} == {
        question.identity_key for question in questions
    }
    assert len({item.identity_key for item in placed.kept}) == len(placed.kept)
    assert [items.index(item.item) for item in placed.kept] == sorted(
        items.index(item.item) for item in placed.kept
    )
    assert not {item.item for item in placed.lost} & set(items)
    assert divide_by_item(placed.kept, items) == divide_by_item((*placed.kept, *placed.kept), items)
    assert divide_by_item(placed.kept, items).kept == placed.kept


HEADER = "document_id;key;question\r\n"
ITEMS = [("bericht", "1.1"), ("bericht", "1.2")]
TABLED = ItemQuestion("bericht", "1.1", "Fährt der Bus; auch sonntags?")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "fragen.csv"


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADER + 'bericht;1.1;"Fährt der Bus; auch sonntags?"',
        'Document_ID; Key ;QUESTION\nbericht;1.1;"Fährt  der Bus;\n auch sonntags?"\n\n;;\n',
        'document_id;key;question;origin\n"bericht";1.1;"Fährt der Bus; auch sonntags?";qwen3 sha256:1\n',
        HEADER + "'bericht;'1.1;\"'Fährt der Bus; auch sonntags?\"\r\n",
    ],
)
def test_forms_of_one_row(table: Path, text: str) -> None:
    table.write_text(text, encoding="utf-8", newline="")
    assert read_question_table(table) == [Row(2, TABLED)]


def test_wrong_rows_are_told_by_the_line_on_which_they_begin(table: Path) -> None:
    rows = [
        'bericht;1.1;"Wer\nfährt?"',
        "bericht;1.1",
        "bericht;;Wer?",
        f"bericht;1.1;{'x' * (LONGEST + 1)}",
        "bericht;1.1;Wer\x07?",
        f"bericht;1.1;{'x' * LONGEST}",
    ]
    table.write_text(HEADER + "\r\n".join(rows), encoding="utf-8", newline="")
    text = {
        row.line: row.reason for row in read_question_table(table) if isinstance(row, RejectedRow)
    }
    assert text == {
        4: say("store.other_columns", number=2, least=3),
        5: say("store.fields_missing", missing="key"),
        6: say("store.question_too_long", length=LONGEST + 1, longest=LONGEST),
        7: say("store.odd_question"),
    }
    assert [row.line for row in read_question_table(table) if isinstance(row, Row)] == [2, 8]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Zeile 1: Hier fehlt die Kopfzeile"),
        (b"id;frage\nx;y\n", "Zeile 1: Hier fehlt die Kopfzeile"),
        (b"bericht;1.1;Wer?\n", "Zeile 1: Hier fehlt die Kopfzeile"),
        (
            HEADER.encode() + "bericht;1.1;Fährt er?\n".encode() + b"\xe4",
            "Zeile 3: Die Datei ist weder in UTF-8 noch in Windows-1252",
        ),
        (
            HEADER.encode() + b'bericht;1.1;Gut?\nbericht;1.1;"Wer',
            "Zeile 3: Hier ist die Tabelle nicht zu lesen",
        ),
        (
            HEADER.encode() + b"bericht;1.1;" + b"x" * 200_000,
            "Zeile 2: Hier ist die Tabelle nicht zu lesen",
        ),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(table: Path, content: bytes, words: str) -> None:
    table.write_bytes(content)
    with pytest.raises(TableError) as text:
        read_question_table(table)
    assert str(text.value).startswith(f"{table}, {words}")


def test_a_file_that_is_too_large_or_none_is_refused(table: Path, tmp_path: Path) -> None:
    with table.open("wb") as file:
        file.truncate(csv_tables.MOST_BYTES + 1)
    with pytest.raises(TableError, match=worded("store.table_too_large", most_bytes=50)):
        read_question_table(table)
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(TableError, match=worded("store.file_cannot_be_read", path=path)):
            read_question_table(path)


def rows(*questions: ItemQuestion) -> list[Row[ItemQuestion] | RejectedRow]:
    return [Row(number, item) for number, item in enumerate(questions, 2)]


def test_rows_join_what_is_there() -> None:
    known = ItemQuestion("bericht", "1.2", "Wer zahlt?")
    strange = [ItemQuestion("haushalt", "1", "Wer?"), ItemQuestion("bericht", "7\x07", "Wer?")]
    again = ItemQuestion("bericht", "1.2", "wer zahlt?")
    result = add_questions(
        [*rows(TABLED, again, *strange, TABLED), RejectedRow(9, "Es fehlt: key.")], [known], ITEMS
    )
    assert result.questions == (known, TABLED)
    assert (result.added, result.duplicates) == (1, 2)
    assert [str(item) for item in result.rejected] == [
        f"Zeile 4: {say('store.no_document', document_id='haushalt')}",
        f"Zeile 5: {say('store.no_entry', document_id='bericht', key='7?')}",
        "Zeile 9: Es fehlt: key.",
    ]


def test_an_item_has_so_many_questions_and_no_more() -> None:
    before = [
        ItemQuestion("bericht", "1.1", f"Wer {number}?") for number in range(MOST_OF_ITEM - 1)
    ]
    result = add_questions(rows(TABLED, ItemQuestion("bericht", "1.1", "Zu viel?")), before, ITEMS)
    assert len(result.questions) == MOST_OF_ITEM and result.questions[-1] == TABLED
    assert [str(item) for item in result.rejected] == [
        f"Zeile 3: {say('store.too_many_questions', key='1.1', most=MOST_OF_ITEM)}"
    ]
