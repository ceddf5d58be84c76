"""Which further wordings a decision may have: none that leads somewhere already, none too long, no more than fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.learning.changes import changes_of
from service.learning.decisions import Choice, Decision
from service.learning.kinds import KINDS, Kind
from service.learning.masking import masked
from vectorstore.catalogue import Catalogue
from vectorstore.questions import LONGEST, MOST, ItemKey, ItemQuestion

MOST_AT_ONCE = 10
_MOST_TOLD = 3  # sentences on one field


@dataclass(frozen=True, slots=True)
class Beside:
    """What wordings are compared with: the edition's records, and where every wording leads from the next one on.

    `items` are the entries by wording as `plain` makes it.
    """

    catalogue: Catalogue
    questions: tuple[ItemQuestion, ...]
    items: Mapping[str, list[ItemKey]]

    @classmethod
    def of(cls, catalogue: Catalogue, before: Sequence[ItemQuestion], decisions: Sequence[Decision]) -> Beside:
        """Put decisions to an edition with the questions `before`."""
        known = {(one.document_id, one.key) for one in catalogue.items}
        questions = changes_of(decisions, before, known).questions
        items = defaultdict(list)
        for one in questions:
            items[plain(one.question)].append(one.item)
        return cls(catalogue, questions, items)

    def leading_to(self, item: ItemKey) -> tuple[str, ...]:
        """The questions that lead to an item from the next edition on."""
        return tuple(one.question for one in self.questions if one.item == item)

    def is_there(self, choice: Choice, wording: str) -> bool:
        """True where a wording does already what the choice would have it do."""
        return (choice.document_id, choice.key) in self.items.get(plain(wording), ())

    def leads_elsewhere(self, choice: Choice, wording: str) -> str:
        """What a wording does instead, as a sentence; "" where it does nothing else."""
        mine = choice.document_id, choice.key
        other = next((one for one in self.items.get(plain(wording), ()) if one != mine), None)
        if other is None:
            return ""
        return f"„{wording}“ führt schon zu {self._named(other)}; bitte streichen Sie es hier oder dort."

    def _named(self, item: ItemKey) -> str:
        found = self.catalogue.item(*item)
        return f"„{found.ref} {found.title}“ ({self.catalogue.documents[item[0]].title})" if found else str(item[1])


def plain(wording: str) -> str:
    """Equal for wordings that are the same but for case, white space and the sign at the end."""
    return " ".join(wording.split()).casefold().rstrip(" ?!.…")


def lines_of(text: str) -> tuple[str, ...]:
    """The wordings of a text with one on each line; empty lines are none."""
    return tuple(line for line in (one.strip() for one in text.splitlines()) if line)


def distinct(wordings: Iterable[str], but: str = "") -> tuple[str, ...]:
    """Wordings without what names a person, each once, in their order; none that is `but`."""
    found = {plain(but): ""}
    for one in (" ".join(one.split()) for one in wordings):
        text = masked(one) if one.isprintable() else one
        found.setdefault(plain(text), text)
    return tuple(text for key, text in found.items() if key and text)


def wrong_with(choice: Choice, wordings: Sequence[str], beside: Beside) -> str:
    """What is wrong with further wordings of a choice, in up to three sentences; "" for nothing."""
    if choice.kind is not Kind.ITEM_QUESTION:
        return f"Weitere Formulierungen gibt es nur für „{KINDS[Kind.ITEM_QUESTION]}“."
    told = [sentence for one in wordings if (sentence := _wrong(choice, one, beside))]
    if len(wordings) > MOST_AT_ONCE:
        told.insert(0, f"Es sind {len(wordings)} weitere Formulierungen, erlaubt sind {MOST_AT_ONCE}.")
    there = len(beside.leading_to((choice.document_id, choice.key)))
    if len(wordings) > _left(choice, beside):
        told.insert(0, f"Zu diesem Eintrag führen schon {there} Fragen, mehr als {MOST} gehen nicht.")
    more = len(told) - _MOST_TOLD
    rest = f" {more} weitere Formulierungen gehen ebenfalls nicht." if more > 1 else ""
    return " ".join(told[: _MOST_TOLD + (more == 1)]) + rest


def fitting(choice: Choice, wordings: Sequence[str], beside: Beside) -> tuple[str, ...]:
    """The first of further wordings that a choice may have, as many as fit; nothing is wrong with them."""
    most = min(MOST_AT_ONCE, _left(choice, beside))
    return tuple(one for one in wordings if not _wrong(choice, one, beside))[: max(most, 0)]


def _left(choice: Choice, beside: Beside) -> int:
    """How many more questions may lead to the entry of a choice, its own wording counted."""
    there = len(beside.leading_to((choice.document_id, choice.key)))
    return MOST - there - (not beside.is_there(choice, choice.wording))


def _wrong(choice: Choice, wording: str, beside: Beside) -> str:
    if not wording.isprintable():
        return "Eine weitere Formulierung enthält Steuerzeichen."
    if len(wording) > LONGEST:
        return f"„{wording[:40]}…“ hat {len(wording)} Zeichen, erlaubt sind {LONGEST}."
    if beside.is_there(choice, wording):
        return f"„{wording}“ führt schon zu diesem Eintrag; bitte streichen Sie es hier."
    return beside.leads_elsewhere(choice, wording)
