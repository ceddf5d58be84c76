"""Keys of items, and the shapes of their numbers, by which records form families."""

from __future__ import annotations

import re

from vectorstore.language import url_safe
from vectorstore.records import Document, Item, ItemKind

RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE)
FAMILY_KINDS = (*RECORDS, ItemKind.GOAL)  # that a family which looks alike may have
COUNTED = (*RECORDS, ItemKind.GOAL, ItemKind.THEME, ItemKind.PRINCIPLE, ItemKind.THESIS)
_LETTERS = re.compile(r"[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}(?=[ \-.{]|$)")  # "KSM" of "KSM-{n}"


def equivalent_kinds(kind: ItemKind) -> tuple[ItemKind, ...]:
    """Return the kinds that a list or total counts together: projects and measures are one."""
    if kind in RECORDS:
        return RECORDS
    return (kind,)


def number_of(item: Item) -> str:
    """Return the number of an item, "" for one whose title is its ref."""
    if item.ref == item.title:
        return ""
    return item.ref


def page_number_at(document: Document, offset: int) -> int | None:
    """Return the number of the page with an offset, None in a document without pages."""
    page = document.page_at(offset)
    if page is None:
        return None
    return page.number


def shape_of(ref: str) -> str:
    """Return the shape of a number: its text with "{n}" for digits and Roman numerals.

    "5.2~a" has "{n}.{n}", "M 2a" has "M {n}", "B.X" has "B.{n}", "1.a" has "{n}.{letter}".
    """
    with_roman = re.sub(r"(?<![A-Za-z])[IVXL]+(?![A-Za-z\d])", "{n}", ref.split("~")[0])
    return re.sub(r"(?<=\}\.)[a-z]$", "{letter}", re.sub(r"\d+[a-z]?", "{n}", with_roman))


def split_shape(shape: str) -> tuple[str, str]:
    """Return the letters that a shape begins with, and the remaining shape.

    "M {n}" gives ("M", " {n}"), "{n}.{n}" gives ("", "{n}.{n}").
    """
    match = _LETTERS.match(shape)
    if match:
        return match[0], shape[match.end() :]
    return "", shape


def is_of_family(label: str, number: str) -> bool:
    """True if a number belongs to the family with this label.

    "M 7" belongs to "M {n}", and to "{letters} {n}". For "", no number, the label must be "".
    """
    shape = shape_of(number)
    letters, remaining = split_shape(shape)
    return label == shape or (letters != "" and label == f"{{letters}}{remaining}")


class Keys:
    """Makes the keys of one document from refs, URL-safe and unique: the second "Umsetzung" becomes
    "Umsetzung~2".
    """

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._counts: dict[str, int] = {}

    def make(self, ref: str, *, first_suffix: bool = False) -> str:
        """Return the key of a ref.

        With `first_suffix` the first one has a number too, as archived rows have: "Archiv~1",
        "Archiv~2".
        """
        base = url_safe(ref) or "Abschnitt"
        count = self._counts.get(base, 1)
        key = f"{base}~1" if first_suffix else base
        while key in self._used:
            count += 1
            key = f"{base}~{count}"
        self._used.add(key)
        self._counts[base] = count
        return key
