"""What the columns of a table mean: numbers, titles, fields, statuses; and its rows that head
others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median_high

from ingest.keys import RECORDS
from ingest.readers.kinds import kind_of_word
from ingest.readers.lexicon import field_of_label, status_of
from ingest.table_grid import (
    MAX_HEADER_LENGTH,
    MIN_NUMBERED,
    Cells,
    Column,
    Table,
    are_numbers,
    is_lone_number,
    is_mark,
    usual_width,
)
from vectorstore.records import ItemStatus

_TITLE_LETTERS = 6  # median letters per cell of a column that may contain titles


def assign_roles(table: Table, cells: Cells) -> Table:
    """Return the table with its groups, and with the roles of its columns.

    The role of a column comes from its header, or from the record numbers in its cells. If two
    columns have the same role, only the first keeps it, except for "responsible", as a table may
    have several columns of units. A header that only hints at a role gives it if no other column
    has the role. A column in which marks mean a status has no role.
    """
    columns = table.columns
    texts = cells.texts_by_column(table.rows)
    roles: list[str | None] = [field_of_label(column.header) for column in columns]
    statuses = _status_columns(columns, texts)
    for index, column in enumerate(columns):
        is_repeated = roles[index] in roles[:index] and roles[index] != "responsible"
        if index in statuses or is_repeated:
            roles[index] = None
        if roles[index] is None and index not in statuses and column.header:
            guess = field_of_label(column.header, weak=True)
            if guess not in roles:
                roles[index] = guess
    headers = [column.header for column in columns]
    _assign_number_and_title(roles, headers, texts, len(table.rows))
    with_roles = tuple(
        replace(column, role=roles[index], status=statuses.get(index))
        for index, column in enumerate(columns)
    )
    return replace(table, columns=with_roles, groups=dict(_find_groups(table, cells)))


def _assign_number_and_title(
    roles: list[str | None],
    headers: Sequence[str],
    texts: Sequence[Sequence[str]],
    row_count: int,
) -> None:
    """Set in `roles` the column of record numbers ("ref"), and if there is one, that of titles.

    `texts` are the texts of the filled cells by column. If some column has record numbers, a
    column with the role "ref" but without such numbers loses the role.
    """
    least = MIN_NUMBERED * row_count
    number_columns = [
        index for index, values in enumerate(texts) if len(values) >= least and are_numbers(values)
    ]
    if number_columns and "ref" in roles and roles.index("ref") not in number_columns:
        roles[roles.index("ref")] = None
    if number_columns and "ref" not in roles and roles[number_columns[0]] in (None, "title"):
        roles[number_columns[0]] = "ref"
    if "ref" in roles and "title" not in roles:
        title_column = _named_title_column(roles, headers)
        if title_column is None:
            title_column = _title_column(roles, texts)
        if title_column is not None:
            roles[title_column] = "title"


def _status_columns(
    columns: Sequence[Column], texts: Sequence[Sequence[str]]
) -> dict[int, ItemStatus]:
    """Return the statuses of the columns that have a status as header and only marks below.

    Empty unless two such columns have marks: one alone may mean something else. They are by the
    index of the column. `texts` are the texts of the filled cells by column.
    """
    results = {}
    for index, column in enumerate(columns):
        # a header may have blanks inside a word
        status = status_of(column.header.replace(" ", "")) or status_of(column.header)
        if status is not None and all(map(is_mark, texts[index])):
            results[index] = status
    if sum(bool(texts[index]) for index in results) > 1:
        return results
    return {}


def _named_title_column(roles: Sequence[str | None], headers: Sequence[str]) -> int | None:
    """Return the index of the first column whose head names a kind of records ("Kurzbeschreibung
    der Maßnahme"), and no other field of them.
    """
    for index, header in enumerate(headers):
        if roles[index] in (None, "description") and kind_of_word(header) in RECORDS:
            return index
    return None


def _title_column(roles: Sequence[str | None], texts: Sequence[Sequence[str]]) -> int | None:
    """Return the index of the first column without a role whose texts are distinct and long enough
    to be titles.
    """
    for index, values in enumerate(texts):
        letter_counts = [sum(map(str.isalpha, text)) for text in values]
        are_distinct = bool(values) and len(set(values)) >= 0.8 * len(values)
        if roles[index] is None and are_distinct and median_high(letter_counts) >= _TITLE_LETTERS:
            return index
    return None


def _find_groups(table: Table, cells: Cells) -> Iterator[tuple[int, str]]:
    """Yield index and text of the rows that are headings of the rows below them.

    Such a row has a single filled cell with a short text, which is no record number, or says this
    text in every cell, as files do that cannot join cells. One or two characters are no heading. In
    a table whose rows usually fill one column nothing tells a heading from the others.
    """
    if usual_width(table) < 2:
        return
    for index, row in enumerate(table.rows[:-1]):
        texts = cells.texts(row)
        is_in_one_or_all = len(texts) in (1, len(table.columns))
        if len(set(texts)) != 1 or not is_in_one_or_all:
            continue
        if 2 < len(texts[0]) <= MAX_HEADER_LENGTH and not is_lone_number(texts[0]):
            yield index, texts[0]
