"""The table of contacts as people edit it: CSV in UTF-8 with semicolons; read as a whole or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from prompts import say
from service.records.contacts.directory import Contact
from service.records.contacts.hours import parse_hours
from service.records.csv_export import table_csv
from service.records.filters import unit_key
from vectorstore import InvalidRow, RejectedRow, Row, csv_tables
from vectorstore.language import collapse_spaces
from vectorstore.records import Item

CONTACT_COLUMNS = ("code", "name", "telephone", "mail", "url", "hours")
_LEAST = 2  # columns that a table needs
_LONGEST = 300  # characters of a cell
_FORMS = {
    "name": r".+",
    "telephone": r"(\+?[\d(][\d\s()/.–-]{2,39})?",
    "mail": r"([^\s@<>\"]+@[\w-]+(\.[\w-]+)+)?",
    "url": r"(https?://[^\s<>\"]+)?",
}
_NUMBERED = re.compile(r"((?:[A-Za-z]+\.?\s?)?\d[\d.]*)[\s:–-]+(.+)", re.DOTALL)


class InvalidContacts(ValueError):
    """A table of contacts cannot be taken; the message has a line for each rejected row."""


def parse_contacts(content: bytes, name: object) -> list[Contact]:
    """The contacts of a table; `name` is that of its file, for messages.

    A code may be there only once. Either all rows are taken or none: raises InvalidContacts with
    every invalid row, and TableError for a file that is no such table.
    """
    parsed = csv_tables.parse_table(content, name, CONTACT_COLUMNS, _LEAST, _check_row)
    rejected = [row for row in parsed if isinstance(row, RejectedRow)]
    rows = [row for row in parsed if isinstance(row, Row)]
    lines: dict[str, int] = {}
    for row in rows:
        key = unit_key(row.value.code)
        if key in lines:
            reason = say("contacts.doubled", line=lines[key], code=row.value.code or "–")
            rejected.append(RejectedRow(row.line, _in_column("code", reason)))
        lines.setdefault(key, row.line)
    if rejected:
        rejected.sort(key=lambda row: row.line)
        raise InvalidContacts("\n".join(map(str, rejected)))
    return [row.value for row in rows]


def contacts_csv(contacts: Iterable[Contact]) -> str:
    """The table of contacts."""
    return table_csv(CONTACT_COLUMNS, [contact.model_dump() for contact in contacts])


def template_csv(items: Iterable[Item]) -> str:
    """Return a table of contacts to fill in.

    It has a row for the whole administration, without a code, and a row for each unit that is
    printed in the items. "66 Straßenbau" is split into code and name. The name of a unit without a
    number is its code, too.
    """
    contacts = {"": Contact(name=say("contacts.general"))}
    for unit in sorted(set(chain.from_iterable(item.responsible for item in items))):
        match = _NUMBERED.fullmatch(unit)
        code, name = match.groups() if match else (unit, unit)
        contacts.setdefault(unit_key(code), Contact(code=code, name=collapse_spaces(name)))
    return contacts_csv(contacts.values())


def _check_row(cells: Sequence[str]) -> Contact:
    """The contact of a row; raises InvalidRow with all its problems at once, each with its column.

    A value in the message is cut, since a cell may be of any length.
    """
    values = {
        column: collapse_spaces(cell) for column, cell in zip(CONTACT_COLUMNS, cells, strict=True)
    }
    problems = [
        _in_column(column, say(f"contacts.no_{column}", value=value[:_LONGEST]))
        for column, value in values.items()
        if not _is_valid(column, value)
    ]
    if problems:
        raise InvalidRow(" ".join(problems))
    return Contact(**values)


def _is_valid(column: str, value: str) -> bool:
    """True if a cell can have this value; office hours may be in any notation.

    Hours are wrong only if they are in the notation of `parse_hours`, but make no sense. All but
    the name may be empty.
    """
    if column == "hours":
        try:
            parse_hours(value)
        except ValueError:
            return False
    has_form = re.fullmatch(_FORMS.get(column, ".*"), value) is not None
    return has_form and len(value) <= _LONGEST and value.isprintable()


def _in_column(column: str, reason: str) -> str:
    return say("contacts.in_column", column=column, reason=reason)
