"""Which further wordings a decision may have: none that leads somewhere already, none too long, no more than fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.learning.changes import changes_of
from service.learning.decisions import Choice, Decision
from service.learning.kinds import KINDS, LEARNED, Kind
from service.learning.masking import masked
from vectorstore.catalogue import Catalogue
from vectorstore.questions import LONGEST, MOST, ItemKey, ItemQuestion

Aim = tuple[str, str]  # document and key of an entry, or scope and want of an example
MOST_AT_ONCE = 10
_MOST_TOLD = 3  # sentences on one field


@dataclass(frozen=True, slots=True)
class Beside:
    """What wordings are compared with: the edition's records, and where every wording leads from the next one on.

    `items` and `examples` are by wording as `plain` makes it: entries, and scope with what is wanted.
    """

    catalogue: Catalogue
    questions: tuple[ItemQuestion, ...]
    items: Mapping[str, list[Aim]]
    examples: Mapping[str, list[Aim]]

    @classmethod
    def of(cls, catalogue: Catalogue, before: Sequence[ItemQuestion], decisions: Sequence[Decision]) -> Beside:
        """Put decisions to an edition with the questions `before`."""
        known = {(one.document_id, one.key) for one in catalogue.items}
        questions = changes_of(decisions, before, known, "").questions
        items, examples = defaultdict(list), defaultdict(list)
        for one in questions:
            items[plain(one.question)].append(one.item)
        for made in decisions:
            for saying in made.sayings:
                if made.kind is Kind.EXAMPLE and saying.stands:
                    examples[plain(saying.question)].append(_aim(made))
        return cls(catalogue, questions, items, examples)

    def leading_to(self, item: ItemKey) -> tuple[str, ...]:
        """The questions that lead to an item from the next edition on."""
        return tuple(one.question for one in self.questions if one.item == item)

    def is_there(self, choice: Choice, wording: str) -> bool:
        """True where a wording does already what the choice would have it do."""
        return any(one == _aim(choice) for one in self._aims(choice.kind, wording))

    def leads_elsewhere(self, choice: Choice, wording: str) -> str:
        """What a wording does instead, as a sentence; "" where it does nothing else."""
        other = next((one for one in self._aims(choice.kind, wording) if one != _aim(choice)), None)
        if other is None:
            return ""
        if choice.kind is Kind.EXAMPLE:
            return f"„{wording}“ ist schon ein Beispiel für etwas anderes; bitte streichen Sie es hier oder dort."
        return f"„{wording}“ führt schon zu {self._named(other)}; bitte streichen Sie es hier oder dort."

    def _aims(self, kind: Kind, wording: str) -> list[Aim]:
        return (self.examples if kind is Kind.EXAMPLE else self.items).get(plain(wording), [])

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
    if choice.kind not in LEARNED:
        names = " und ".join(f"„{KINDS[one]}“" for one in LEARNED)
        return f"Weitere Wortlaute gibt es nur für {names}."
    told = [sentence for one in wordings if (sentence := _wrong(choice, one, beside))]
    if len(wordings) > MOST_AT_ONCE:
        told.insert(0, f"Es sind {len(wordings)} weitere Wortlaute, erlaubt sind {MOST_AT_ONCE}.")
    if choice.kind is Kind.ITEM_QUESTION:
        there = len(beside.leading_to((choice.document_id, choice.key)))
        if len(wordings) > _left(choice, beside):
            told.insert(0, f"Zu diesem Eintrag führen schon {there} Fragen, mehr als {MOST} gehen nicht.")
    more = len(told) - _MOST_TOLD
    rest = f" {more} weitere Wortlaute gehen ebenfalls nicht." if more > 1 else ""
    return " ".join(told[: _MOST_TOLD + (more == 1)]) + rest


def fitting(choice: Choice, wordings: Sequence[str], beside: Beside) -> tuple[str, ...]:
    """The first of further wordings that a choice may have, as many as fit; nothing is wrong with them."""
    most = MOST_AT_ONCE
    if choice.kind is Kind.ITEM_QUESTION:
        most = min(most, _left(choice, beside))
    return tuple(one for one in wordings if not _wrong(choice, one, beside))[: max(most, 0)]


def _left(choice: Choice, beside: Beside) -> int:
    """How many more questions may lead to the entry of a choice, its own wording counted."""
    there = len(beside.leading_to((choice.document_id, choice.key)))
    return MOST - there - (not beside.is_there(choice, choice.wording))


def _wrong(choice: Choice, wording: str, beside: Beside) -> str:
    if not wording.isprintable():
        return "Ein weiterer Wortlaut enthält Steuerzeichen."
    if len(wording) > LONGEST:
        return f"„{wording[:40]}…“ hat {len(wording)} Zeichen, erlaubt sind {LONGEST}."
    if beside.is_there(choice, wording):
        done = "ist schon ein Beispiel dafür" if choice.kind is Kind.EXAMPLE else "führt schon zu diesem Eintrag"
        return f"„{wording}“ {done}; bitte streichen Sie es hier."
    return beside.leads_elsewhere(choice, wording)


def _aim(choice: Choice) -> Aim:
    return (choice.scope, choice.want) if choice.kind is Kind.EXAMPLE else (choice.document_id, choice.key)
