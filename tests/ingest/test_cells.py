"""Where words of a page belong together: cells between walls, tables without rules, and the order
of the file.
"""

from __future__ import annotations

from tests.ingest.pages import content, grid, placed, texts, words


def test_what_has_the_same_four_walls_is_one_cell() -> None:
    page = content(
        words(65, 115, "Nr."), words(165, 115, "Maßnahme"),
        words(65, 145, "M 1"), words(165, 145, "Radweg am Bach"), words(165, 157, "und Steg"),
        words(65, 185, "M 2"), words(165, 185, "Fähre"),
        **grid((60, 160, 400), (100, 130, 170, 200)),
    )  # fmt: skip
    assert [(text, cell) for text, _, cell in placed(page)] == [
        ("Nr.", (0, 0, 0)), ("Maßnahme", (0, 0, 1)),
        ("M 1", (0, 1, 0)), ("Radweg am Bach", (0, 1, 1)), ("und Steg", (0, 1, 1)),
        ("M 2", (0, 2, 0)), ("Fähre", (0, 2, 1)),
    ]  # fmt: skip


def test_figures_stacked_in_the_cells_of_a_row_are_rows() -> None:
    page = content(
        words(65, 115, "Sektor"), words(165, 115, "1990"), words(265, 115, "2015"), words(365, 115, "2020"),
        words(65, 145, "Wärme"), words(165, 145, "1.119"), words(265, 145, "744"), words(365, 145, "672"),
        words(65, 157, "Strom"), words(165, 157, "819"), words(265, 157, "735"), words(365, 157, "-10%"),
        words(65, 185, "Summe"), words(165, 185, "1.938"), words(265, 185, "1.479"), words(365, 185, "1.163"),
        **grid((60, 160, 260, 360, 460), (100, 130, 170, 200)),
    )  # fmt: skip
    rows = [(text, cell and cell[1]) for text, _, cell in placed(page) if not text[0].isdigit()]
    assert rows == [("Sektor", 0), ("Wärme", 1), ("Strom", 2), ("-10%", 2), ("Summe", 3)]


def test_lines_of_prose_beside_few_figures_are_one_row() -> None:
    page = content(
        words(65, 115, "Maßnahme"), words(165, 115, "Kosten"), words(265, 115, "Jahr"),
        words(65, 145, "Bau der"), words(165, 145, "10.000"), words(265, 145, "2020"),
        words(65, 157, "Radwege"), words(165, 157, "20.000"), words(265, 157, "2021"),
        **grid((60, 160, 260, 360), (100, 130, 170)),
    )  # fmt: skip
    assert {
        cell and cell[1] for text, _, cell in placed(page) if text in ("Bau der", "20.000")
    } == {1}


def test_a_cell_over_two_columns_is_in_the_first_of_them() -> None:
    page = content(
        words(65, 115, "Handlungsfeld Verkehr und Wege"), words(65, 145, "M 1"), words(165, 145, "Radweg"),
        upright=[(60, 100, 160), (160, 130, 160), (400, 100, 160)],
        level=[(100, 60, 400), (130, 60, 400), (160, 60, 400)],
    )  # fmt: skip
    assert [cell for _, _, cell in placed(page)] == [(0, 0, 0), (0, 1, 0), (0, 1, 1)]


def test_a_wall_between_words_that_nearly_touch_parts_them() -> None:
    page = content(
        words(65, 115, "66.01"), words(92, 115, "Straßenbau"), **grid((60, 91.5, 300), (100, 130))
    )
    assert texts(page) == ["66.01", "Straßenbau"]


def test_a_box_alone_is_no_table_and_holds_its_text_together() -> None:
    page = content(
        words(60, 60, "Davor"), words(65, 115, "Ein Kasten mit"), words(65, 127, "einem Hinweis."),
        words(60, 160, "Dahinter"),
        **grid((60, 400), (100, 140)),
    )  # fmt: skip
    assert [(text, cell) for text, _, cell in placed(page)] == [
        ("Davor", None), ("Ein Kasten mit", None), ("einem Hinweis.", None), ("Dahinter", None)
    ]  # fmt: skip
    regions = [region for _, region, _ in placed(page)]
    assert regions[1] == regions[2] and len(set(regions)) == 3


def test_two_grids_are_two_tables() -> None:
    first, second = grid((60, 160, 300), (100, 130, 160)), grid((60, 160, 300), (300, 330, 360))
    page = content(
        *(words(x, y, f"a{x}{y}") for y in (115, 145, 315, 345) for x in (65, 165)),
        upright=[*first["upright"], *second["upright"]], level=[*first["level"], *second["level"]],
    )  # fmt: skip
    assert [cell and cell[0] for _, _, cell in placed(page)] == [0] * 4 + [1] * 4


def test_a_rule_over_the_page_parts_what_is_above_from_what_is_below() -> None:
    lines = [
        words(60, y, "Der Kreis baut Wege für alle Menschen aus.") for y in (100, 113, 140, 153)
    ]
    assert [region for _, region, _ in placed(content(*lines, level=[(125, 40, 555)]))] == [
        0,
        0,
        1,
        1,
    ]


def test_a_table_without_rules_has_rows_and_columns() -> None:
    page = content(
        words(60, 100, "Nr."), words(110, 100, "Maßnahme"), words(300, 100, "Zuständig"),
        words(60, 120, "M 1"), words(110, 120, "Radwege bauen"), words(300, 120, "Amt 66"),
        words(110, 132, "und erhalten"),
        words(60, 152, "M 2"), words(110, 152, "Fähren"), words(300, 152, "Amt 61"),
    )  # fmt: skip
    assert [(text, cell) for text, _, cell in placed(page)] == [
        ("Nr.", (0, 0, 0)), ("Maßnahme", (0, 0, 1)), ("Zuständig", (0, 0, 2)),
        ("M 1", (0, 1, 0)), ("Radwege bauen", (0, 1, 1)), ("und erhalten", (0, 1, 1)), ("Amt 66", (0, 1, 2)),
        ("M 2", (0, 2, 0)), ("Fähren", (0, 2, 1)), ("Amt 61", (0, 2, 2)),
    ]  # fmt: skip


def test_labels_and_values_side_by_side_stay_together() -> None:
    value = "ein Wert, der zum Feld mit der Nummer {} gehört"
    pairs = [
        (words(60, 100 + 20 * n, f"Feld {n}"), words(200, 100 + 20 * n, value.format(n)))
        for n in range(8)
    ]
    found = texts(content(*(item for pair in pairs for item in pair)))
    assert found == [text for n in range(8) for text in (f"Feld {n}", value.format(n))]


def test_levels_part_the_rows_of_a_table_without_upright_rules() -> None:
    cells = [(60, "M 1"), (110, "Radwege bauen"), (300, "Amt 66")]
    lines = [words(x, y, text) for y in (100, 112, 140, 152, 180) for x, text in cells]
    page = content(*lines, level=[(90, 60, 400), (122, 60, 400), (162, 60, 400), (190, 60, 400)])
    assert [cell and cell[1] for _, _, cell in placed(page)] == [0] * 6 + [1] * 6 + [2] * 3


def test_letters_set_high_belong_to_their_line() -> None:
    page = content(
        words(60, 100, "Sie binden CO"), words(121, 102, "2", size=6), words(127, 100, "im Moor.")
    )
    assert texts(page) == ["Sie binden CO2 im Moor."]


def test_lines_are_in_the_order_of_the_file_beside_remarks_in_a_margin() -> None:
    prose = [f"Zeile {n} des Absatzes, der am Rand eine Marke hat" for n in range(5)]
    lines = [words(60, 100 + 13 * n, text) for n, text in enumerate(prose)]
    marks = [words(420, 113 + 26 * n, f"[M {n}]") for n in range(2)]
    assert texts(content(*lines, *marks)) == [*prose, "[M 0]", "[M 1]"]


def test_columns_that_the_file_draws_one_after_the_other_stay_so() -> None:
    left = [f"Absatz {n} der linken Spalte läuft hier weiter" for n in range(6)]
    right = [f"Absatz {n} der rechten Spalte läuft hier weiter" for n in range(6)]
    columns = [
        words(x, 100 + 13 * n, text)
        for x, column in ((320, right), (60, left))
        for n, text in enumerate(column)
    ]
    assert texts(content(*columns)) == [*right, *left]


def test_numbers_before_their_texts_are_no_table() -> None:
    headings = [
        part
        for n in range(1, 5)
        for part in (words(60, 100 + 20 * n, f"5.{n}"), words(85, 100 + 20 * n, f"Abschnitt {n}"))
    ]
    assert [(text, cell) for text, _, cell in placed(content(*headings))] == [
        (f"5.{n} Abschnitt {n}", None) for n in range(1, 5)
    ]
