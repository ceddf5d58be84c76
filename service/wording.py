"""Statuses, kinds, dates and documents in words, German or English (`prompts/de/wording`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from textwrap import shorten
from typing import TYPE_CHECKING

from prompts import load_table, load_words
from vectorstore.records import Corrected, Document, Item, ItemKind, ItemStatus

if TYPE_CHECKING:
    from vectorstore.records import RecordState

_STATUS_WORDS = load_table("status_words")
STATUS_WORDS: Mapping[str, frozenset[ItemStatus]] = {
    word: frozenset(map(ItemStatus, statuses)) for word, statuses in _STATUS_WORDS.items()
}
_MOMENT = re.compile(r"\d{4}(?:-\d\d){0,2}")  # "2026", "2026-05", "2026-05-01"
# characters; a longer title of a measure is its first sentence, not a heading
_LONGEST_HEADING = 90


def format_words(language: str, key: str, **values: object) -> str:
    """A text of answers (`prompts/de/answers`) by its key, filled with values."""
    return load_words(f"{language}/answers")[key].format_map(values)


def _word(language: str, name: str, default: str = "") -> str:
    return load_words(f"{language}/wording").get(name, default)


def status_word(value: ItemStatus, language: str) -> str:
    """A project status in words."""
    return _word(language, f"status_{value.value}")


def item_status(item: Item, language: str) -> str:
    """Return the status of a record in words: "in Bearbeitung", or "in Bearbeitung, laut Korrektur"
    if people corrected it.

    "" if the record has no status.
    """
    if item.status is None:
        return ""
    return status_word(item.status, language) + correction_remark(item, "status", language)


def correction_remark(item: Item, part: str, language: str) -> str:
    """Return the remark ", laut Korrektur" if people corrected a field of an item, else "".

    `part` is the field, such as "status". The remark is put directly behind the field's value.
    """
    if all(correction.field != part for correction in item.corrected):
        return ""
    return f", {_word(language, 'corrected')}"


def corrected_field(correction: Corrected, language: str) -> str:
    """Return a corrected field as a line: "Kosten: 90 Euro, laut Korrektur".

    A value may be a list, divided by "; ", and its dates are put into the German form. "" for a
    field without a label here, such as the status, whose value is shown elsewhere.
    """
    label = _word(language, f"field_{correction.field}")
    values = correction.value.split("; ")
    if not label:
        return ""
    return f"{label}: {'; '.join(map(format_moment, values))}, {_word(language, 'corrected')}"


def status_predicate(value: ItemStatus, language: str) -> str:
    """The predicate of a sentence on a record's status ("ist umgesetzt"), else the status
    itself.
    """
    return _word(language, f"is_{value.value}", status_word(value, language))


def kind_noun(value: ItemKind, language: str, count: int = 1) -> str:
    """The noun for an item kind, in the plural unless `count` is 1."""
    number = "one" if count == 1 else "many"
    return _word(language, f"{number}_{value.value}")


def format_day(value: date) -> str:
    """A date as in the documents, in both languages: 01.10.2023."""
    return value.strftime("%d.%m.%Y")


def format_moment(moment: str) -> str:
    """Return a day, month or year of a record (ISO) as "31.12.2027", "12.2027" or "2027".

    Anything else stays as it is.
    """
    if not _MOMENT.fullmatch(moment):
        return moment
    return ".".join(reversed(moment.split("-")))


def format_source(document: Document, language: str) -> str:
    """Return what identifies a document, for use in brackets: "Klimaplan, Entwurf, nicht
    beschlossen, Stand 01.10.2023".

    The status is there only for a draft or a motion, and the date only if the document has one.
    """
    parts = (document.title, draft_remark(document, language), format_as_of(document, language))
    return ", ".join(part for part in parts if part)


def draft_remark(document: Document, language: str) -> str:
    """Return the remark that a document is a draft or a motion, marked if that is unconfirmed.

    "" for any other status, adopted or published, and if the status is unknown.
    """
    remark = _word(language, f"authority_{document.status.value}") if document.status else ""
    return mark_unconfirmed(remark, "status", document, language)


def draft_word(document: Document, language: str) -> str:
    """One word for a document that is not decided ("Entwurf"), "" for others."""
    return _word(language, f"undecided_{document.status.value}") if document.status else ""


def format_as_of(document: Document, language: str) -> str:
    """Return the date of a document's contents ("Stand 01.10.2023"), marked if it is unconfirmed.

    "" if the document has none.
    """
    if document.as_of is None:
        return ""
    return mark_unconfirmed(
        f"{_word(language, 'as_of')} {format_day(document.as_of)}", "as_of", document, language
    )


def mark_unconfirmed(statement: str, part: str, document: Document, language: str) -> str:
    """Return `statement`, with a remark if what it says was not confirmed by people.

    `part` is the field of the document's metadata that it is about: "status" or "as_of". A
    statement of "" stays "".
    """
    if statement and part in document.unconfirmed:
        return f"{statement} – {_word(language, 'unconfirmed')}"
    return statement


def name_item(item: Item | RecordState, language: str = "de", with_title: bool = True) -> str:
    """Return the name of an item in a sentence: "Projekt 5.5.2.1 Aufbau von Mobilstationen".

    Sections, themes without a number (`ref` is the title then) and rows of an archive (`ref` is
    "Archiv") always have the title, in quotation marks. The title of a measure that is a whole
    sentence, by its full stop or its length, is in quotation marks too, cut at `_LONGEST_HEADING`.
    If a title begins with the noun itself, the noun is not put before the number. Without
    `with_title` the other names end with the number.
    """
    noun = kind_noun(item.kind, language)
    title = _without_full_stop(item.title)
    if item.kind is ItemKind.SECTION or (item.kind is ItemKind.THEME and item.ref == item.title):
        return f"{noun} „{item.title}“"
    if item.ref == "Archiv":
        return f"{noun} „{item.title}“ (Archiv)"
    if item.ref == item.title or not with_title:
        return f"{noun} {item.ref}"
    if item.kind is ItemKind.MEASURE and (title != item.title or len(title) > _LONGEST_HEADING):
        return f"{noun} {item.ref} „{shorten(title, _LONGEST_HEADING, placeholder=' …')}“"
    return f"{item.ref} {title}" if title.startswith(noun) else f"{noun} {item.ref} {title}"


def euros(amount: str, language: str) -> str:
    """Return a decimal number of euros in the language's notation: "100.000 Euro", "100,000 Euro"
    in English.

    `amount` has a decimal point. Cents are shown only if there are any.
    """
    number = f"{Decimal(amount):,.2f}".removesuffix(".00")
    if language != "en":
        number = german_number(number)
    return f"{number} Euro"


def german_number(number: str) -> str:
    """An English number in German notation: "1,234.50" as "1.234,50"."""
    return number.translate(str.maketrans(",.", ".,"))


def quote_words(words: Iterable[str]) -> str:
    """Words in German quotation marks, joined with commas."""
    return ", ".join(f"„{word}“" for word in words)


def join_words(parts: Sequence[str], language: str) -> str:
    """Return the parts joined as "A, B und C"; "A" for one part, "" for none."""
    return f" {format_words(language, 'and')} ".join(
        filter(None, (", ".join(parts[:-1]), *parts[-1:]))
    )


def capitalize_first(text: str) -> str:
    """A text with its first letter capitalized, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _without_full_stop(title: str) -> str:
    """Return a title without its final full stop, which would end the sentence it is used in.

    "..." stays: it says that the title goes on.
    """
    if title.endswith(".") and not title.endswith(".."):
        return title[:-1]
    return title
