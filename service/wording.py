"""Statuses, kinds, dates and documents in words, German or English (`prompts/de/wording`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from prompts import load_words
from vectorstore.records import Corrected, Document, Item, ItemKind, ItemStatus

STATUS_WORDS: dict[str, frozenset[ItemStatus]] = {
    word: frozenset(statuses)
    for words, *statuses in (
        (("idee", "ideen", "ideenspeicher", "idea", "ideas"), ItemStatus.IDEA),
        (("in planung", "geplant", "planned"), ItemStatus.PLANNED),
        (
            ("in bearbeitung", "in arbeit", "in umsetzung", "laufend", "in progress", "under way"),
            ItemStatus.IN_PROGRESS,
        ),
        (("umgesetzt", "realisiert", "implemented"), ItemStatus.IMPLEMENTED),
        (("abgeschlossen", "fertiggestellt", "completed", "finished"), ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED),
        (("archiviert", "archived", "im archiv"), ItemStatus.ARCHIVED),
    )
    for word in words
}
_MOMENT = re.compile(r"\d{4}(?:-\d\d){0,2}")
_HEADING = 90  # characters up to which the title of a measure is a heading, not its sentence


def format_words(language: str, key: str, **values: object) -> str:
    """What an answer says in its own words (`prompts/de/answers`), filled with values."""
    return load_words(f"{language}/answers")[key].format_map(values)


def _word(language: str, name: str, otherwise: str = "") -> str:
    return load_words(f"{language}/wording").get(name, otherwise)


def status(value: ItemStatus, language: str) -> str:
    """A project status in words."""
    return _word(language, f"status_{value.value}")


def item_status(item: Item, language: str) -> str:
    """The status of a record in words, with that it was corrected where people did so; "" where it has none."""
    return f"{status(item.status, language)}{corrected(item, 'status', language)}" if item.status else ""


def corrected(item: Item, part: str, language: str) -> str:
    """That people corrected a part of an item ("status", "unit"), behind a comma; "" where they did not."""
    return f", {_word(language, 'corrected')}" if any(correction.field == part for correction in item.corrected) else ""


def corrected_field(correction: Corrected, language: str) -> str:
    """A corrected value as one, "Kosten: 90 Euro, laut Korrektur"; "" for name, status and unit, marked elsewhere."""
    label, value = _word(language, f"field_{correction.field}"), correction.value.split("; ")
    return f"{label}: {'; '.join(map(shown_moment, value))}, {_word(language, 'corrected')}" if label else ""


def predicate(value: ItemStatus, language: str) -> str:
    """What a record is, by its status."""
    return _word(language, f"is_{value.value}", status(value, language))


def kind(value: ItemKind, language: str, count: int = 1) -> str:
    """The noun for a kind of record, in the plural unless `count` is 1."""
    return _word(language, f"{'one' if count == 1 else 'many'}_{value.value}")


def day(value: date) -> str:
    """A date as German papers print it, which English readers also meet in the source: 01.10.2023."""
    return value.strftime("%d.%m.%Y")


def shown_moment(moment: str) -> str:
    """A day, month or year of a record (ISO) as "31.12.2027", "12.2027" or "2027"; anything else as it is."""
    return ".".join(reversed(moment.split("-"))) if _MOMENT.fullmatch(moment) else moment


def source(document: Document, language: str) -> str:
    """A document's title with how binding it is and its date behind commas, for brackets around the whole."""
    parts = (document.title, authority(document, language), dated(document, language))
    return ", ".join(part for part in parts if part)


def authority(document: Document, language: str) -> str:
    """That a document is a draft or a motion, or "" where it is neither or nothing says it."""
    statement = _word(language, f"authority_{document.status.value}") if document.status else ""
    return confirmed(statement, "status", document, language)


def undecided(document: Document, language: str) -> str:
    """One word for a draft or a motion, "" for what is neither: what it says is not decided."""
    return _word(language, f"undecided_{document.status.value}") if document.status else ""


def dated(document: Document, language: str) -> str:
    """The date of a document's contents ("Stand 01.10.2023"), or "" where it gives none."""
    if document.as_of is None:
        return ""
    return confirmed(f"{_word(language, 'as_of')} {day(document.as_of)}", "as_of", document, language)


def confirmed(statement: str, part: str, document: Document, language: str) -> str:
    """A part of a document's front matter, marked where nobody has confirmed it."""
    return (
        f"{statement} – {_word(language, 'unconfirmed')}" if statement and part in document.unconfirmed else statement
    )


def name_item(item: Item, language: str = "de") -> str:
    """An item as people name it: "Projekt 5.5.2.1 Aufbau von Mobilstationen"."""
    noun, title = kind(item.kind, language), _unended(item.title)
    if item.kind is ItemKind.SECTION or (item.kind is ItemKind.THEME and item.ref == item.title):
        return f"{noun} „{item.title}“"
    if item.kind is ItemKind.MEASURE:
        return f"{noun} {item.ref}"
    if item.ref == "Archiv":
        return f"{noun} „{item.title}“ (Archiv)"
    return f"{item.ref} {title}" if title.startswith(noun) else f"{noun} {item.ref} {title}"


def full_name(item: Item, language: str = "de") -> str:
    """An item's name; a measure with its heading, where it has one."""
    name, title = name_item(item, language), _unended(item.title)
    headed = item.kind is ItemKind.MEASURE and len(title) <= _HEADING and title == item.title and title != item.ref
    return f"{name} {title}" if headed and title not in name else name


def euros(amount: str, language: str) -> str:
    """A sum of euros as people read it: "100.000 Euro"."""
    statement = f"{Decimal(amount):,.2f}".removesuffix(".00")
    return (statement if language == "en" else statement.translate(str.maketrans(",.", ".,"))) + " Euro"


def quoted(words: Iterable[str]) -> str:
    """Words in quotation marks, one behind the other."""
    return ", ".join(f"„{word}“" for word in words)


def join_words(parts: Sequence[str], language: str) -> str:
    """The parts with commas, the last behind "und"."""
    return f" {format_words(language, 'and')} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def beginning(text: str) -> str:
    """Words at the beginning of a sentence, with a capital letter."""
    return text[:1].upper() + text[1:]


def _unended(title: str) -> str:
    """A title without the full stop that would end the sentence it is named in."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title
