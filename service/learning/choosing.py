"""What may be decided: a choice is checked against the edition before it is kept, and says in words what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from service.learning.decisions import Choice
from service.learning.kinds import WITH_ITEM, Kind
from vectorstore.catalogue import Catalogue
from vectorstore.questions import LONGEST
from vectorstore.records import Item

LONGEST_NOTE = 500
KEY = "="  # stands before a key where a number as printed might be meant
_MOST_NAMED = 6


class ChoiceError(ValueError):
    """A choice cannot be kept; `wrong` maps fields to one sentence each."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = dict(wrong)


def checked(choice: Choice, catalogue: Catalogue) -> Choice:
    """Return a choice with the key of its item; raises ChoiceError."""
    wording = " ".join(choice.wording.split())
    wrong: dict[str, str] = {}
    if not wording:
        wrong["wording"] = "Bitte schreiben Sie die Frage, um die es geht."
    elif len(wording) > LONGEST:
        wrong["wording"] = f"Die Frage hat {len(wording)} Zeichen, erlaubt sind {LONGEST}."
    elif not wording.isprintable():
        wrong["wording"] = "Die Frage enthält Steuerzeichen."
    if len(choice.note) > LONGEST_NOTE:
        wrong["note"] = f"Die Notiz hat {len(choice.note)} Zeichen, erlaubt sind {LONGEST_NOTE}."
    found = item_of(choice.document_id, choice.key, catalogue) if choice.kind in WITH_ITEM else None
    if choice.kind in WITH_ITEM and found is None:
        wrong["item"] = missing(choice.document_id, choice.key, catalogue)
    if wrong:
        raise ChoiceError(wrong)
    return Choice(
        kind=choice.kind,
        wording=wording,
        document_id=found.document_id if found else "",
        key=found.key if found else "",
        note=" ".join(choice.note.split()),
        times=choice.times,
        as_case=choice.as_case and may_be_case(choice.kind),
    )


def item_of(document_id: str, said: str, catalogue: Catalogue) -> Item | None:
    """Return the item that is `named`; None where none is, or several."""
    found = named(document_id, said, catalogue)
    return found[0] if len(found) == 1 else None


def named(document_id: str, said: str, catalogue: Catalogue) -> list[Item]:
    """Return the items of a document that a number as printed, a title, a key or the address of a page names.

    A key behind KEY is that of one item, whatever others are called; without, what several are called names them all.
    """
    mine = catalogue.items_of(document_id)
    said = said.strip()
    key = unquote(said.rsplit("/", 1)[-1]) if "://" in said else said.removeprefix(KEY)
    by_key = [one for one in mine if one.key == key]
    if key != said:
        return by_key
    wanted = _plain(said)
    called = [one for one in mine if wanted and wanted in (_plain(one.ref), _plain(one.title))]
    return called or by_key


def missing(document_id: str, said: str, catalogue: Catalogue) -> str:
    """Return in one sentence why what was said names no one item."""
    if not document_id and not said.strip():
        return "Bitte wählen Sie den Eintrag, der die Frage beantwortet."
    if document_id not in catalogue.documents:
        return f"Ein Dokument „{document_id[:60]}“ gibt es nicht."
    title = catalogue.documents[document_id].title
    found = named(document_id, said, catalogue)
    if not found:
        return f"In „{title}“ gibt es keinen Eintrag „{said[:60]}“."
    names = ", ".join(f"„{one.title}“ ({KEY}{one.key})" for one in found[:_MOST_NAMED])
    more = f" und {len(found) - _MOST_NAMED} weitere" if len(found) > _MOST_NAMED else ""
    wish = "Bitte schreiben Sie, was davon in Klammern steht."
    return f"In „{title}“ heißen {len(found)} Einträge so: {names}{more}. {wish}"


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def may_be_case(kind: Kind) -> bool:
    """Tell whether a decision says enough of the right answer to be a case."""
    return kind is not Kind.CURATED
