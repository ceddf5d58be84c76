"""Staff choices for a whole document: what records look like, and rows and sections that are
records.

A chosen record is stored as the claim that a reader would have made. So the choice still applies
after the document changes, as long as it still has this row or heading (see `added_records`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from ingest.added_records import find_claim
from ingest.keys import number_of
from ingest.readers.claims import RECORD_KINDS, Claim, RecordKind
from ingest.readers.looks import PREDECESSOR, REGISTER, Look, RecordExample
from ingest.stored_form import StoredForm
from vectorstore import Texts
from vectorstore.records import Item, ParsedDocument

_MAX_ITEMS = 2_000  # added for one document; further ones are left out
_MAX_LOOKS = 50  # of one document


class Choices(StoredForm):
    """What staff chose for a document: what records look like, and the records that they added.

    `families` are the record kinds of families by label, as earlier versions stored them: they
    become looks once the document is read (see `replace_families`).

    Once something was chosen, the choices stay stored even if they are empty. So what staff took
    back is not taken over from a predecessor again.
    """

    folder = "choices/"

    families: tuple[tuple[str, RecordKind | Literal["none"]], ...] = ()
    items: tuple[Claim, ...] = ()
    looks: tuple[Look, ...] = ()

    def with_look(self, look: Look) -> Choices:
        """Return the choices with a further look.

        Two looks with the same example would contradict one another. So a look by a person replaces
        the looks of a model that share an example with it. Any other look with a shared example
        raises ValueError, as do too many looks.
        """
        rivals = [other for other in self.looks if look.has_example_of(other)]
        others = [other for other in self.looks if other not in rivals]
        is_decided = look.is_by_model or not all(rival.is_by_model for rival in rivals)
        if len(others) >= _MAX_LOOKS or (rivals and is_decided):
            raise ValueError(look)
        return self.model_copy(update={"looks": (*others, look)})


NO_CHOICES = Choices()


def load_choices(texts: Texts, document_id: str) -> Choices:
    """Return the choices for a document; empty ones if there are none or they cannot be read."""
    return Choices.load(texts, document_id) or NO_CHOICES


def add_items(texts: Texts, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
    """Store the rows and sections that begin at the offsets `starts` as records of a kind.

    An offset where none begins is passed over. A record that was added before under the same
    number and title is replaced. Raises ValueError for a kind that no record has, and if nothing
    begins at any of the offsets.
    """
    claims = list(filter(None, (find_claim(parsed, start, kind) for start in starts)))
    if kind not in RECORD_KINDS or not claims:
        raise ValueError(kind)
    names = {claim.name for claim in claims}

    def replace_items(choices: Choices) -> dict[str, Any]:
        others = (item for item in choices.items if item.name not in names)
        return {"items": (*others, *claims)[:_MAX_ITEMS]}

    _update(texts, parsed.document.id, replace_items)


def remove_item(texts: Texts, document_id: str, name: str) -> None:
    """Remove a record that staff added, by the name of its claim."""
    _update(
        texts,
        document_id,
        lambda choices: {"items": tuple(i for i in choices.items if i.name != name)},
    )


def add_look(texts: Texts, document_id: str, look: Look) -> None:
    """Store what records look like; raises ValueError (see `Choices.with_look`)."""
    _update(texts, document_id, lambda choices: {"looks": choices.with_look(look).looks})


def remove_look(texts: Texts, document_id: str, names: Sequence[str]) -> None:
    """Remove the look whose examples have these names; raises ValueError if it is gone already."""

    def remove(choices: Choices) -> dict[str, Any]:
        remaining = tuple(look for look in choices.looks if look.names != tuple(names))
        if len(remaining) == len(choices.looks):
            raise ValueError(names)
        return {"looks": remaining}

    _update(texts, document_id, remove)


def replace_families(texts: Texts, parsed: ParsedDocument, *, store: bool) -> Choices | None:
    """Turn the families that an earlier version stored into looks, and return the choices with
    them; None if the document has none of these families.

    A family was stored with its label ("M {n}"), a look has examples instead: here the first and
    the last record of the family. A family that the document does not have stays as it is. With
    `store` the new choices are stored.
    """
    choices = load_choices(texts, parsed.document.id)
    looks, remaining = [], []
    for label, kind in choices.families:
        members = [item for item in parsed.items if item.family == label]
        if members:
            first, last = members[0], members[-1]
            pages = {_name_of(item): item.page for item in (first, last)}
            examples = tuple(RecordExample(name=name, page=page) for name, page in pages.items())
            looks.append(Look(kind=kind, examples=examples))
        else:
            remaining.append((label, kind))
    if not looks:
        return None
    update = {"families": tuple(remaining), "looks": (*looks, *choices.looks)}
    if store:
        _update(texts, parsed.document.id, lambda _: update)
    return choices.model_copy(update=update)


def _name_of(item: Item) -> str:
    return f"{number_of(item)} {item.title}".strip()


def renew_choices(
    texts: Texts,
    document_id: str,
    predecessor: str,
    registered: Sequence[Look] | None,
    *,
    store: bool,
) -> Choices:
    """Return the choices for a document that is to be read.

    They are its own, or those of its predecessor (an id, "" for none) if nothing was ever chosen
    for it. The looks of the register, `registered`, replace all looks that an earlier register
    gave, and any look that shares an example with them. If `registered` is None, the run has no
    register and all looks stay. With `store` the result is stored as the document's own.
    """
    taken_over = _take_over(load_choices(texts, predecessor))

    def renew(content: bytes | None) -> Choices:
        choices = Choices.parse(content) or taken_over
        if registered is None:
            return choices
        others = (look for look in choices.looks if look.source != REGISTER)
        kept = (look for look in others if not any(map(look.has_example_of, registered)))
        return choices.model_copy(update={"looks": (*registered, *kept)})

    name = Choices.name_for(document_id)
    before = texts.get(name)
    choices = renew(before)
    if store and choices != (Choices.parse(before) or NO_CHOICES):
        # renewed once more, as somebody may have changed the stored choices meanwhile
        texts.change(name, lambda content: renew(content).content)
    return choices


def _take_over(choices: Choices) -> Choices:
    """Return the choices of a predecessor for its successor.

    The examples of its looks lose their pages, as the same records may stand on other pages of the
    successor. The looks are marked as taken over (`PREDECESSOR`). Records that staff added are kept
    as they are.
    """
    looks = []
    for look in choices.looks:
        examples = tuple(RecordExample(name=example.name) for example in look.examples)
        looks.append(look.model_copy(update={"examples": examples, "source": PREDECESSOR}))
    return choices.model_copy(update={"looks": tuple(looks)})


def _update(texts: Texts, document_id: str, change: Callable[[Choices], dict[str, Any]]) -> None:
    """Store the choices for a document with some fields changed.

    `change` gets the choices that are stored at that moment, and returns the fields to replace by
    name.
    """

    def apply(content: bytes | None) -> bytes:
        choices = Choices.parse(content) or NO_CHOICES
        return choices.model_copy(update=change(choices)).content

    texts.change(Choices.name_for(document_id), apply)
