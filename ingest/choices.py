"""Staff choices for a whole document: what records look like, rows and sections that are records,
and which of two documents counts.

A chosen record is stored as the claim that a reader would have made. So the choice still applies
after the document changes, as long as it still has this row or heading (see `added_records`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.added_records import find_claim
from ingest.keys import number_of
from ingest.readers.claims import RECORD_KINDS, Claim, RecordKind
from ingest.readers.looks import PREDECESSOR, REGISTER, Look, RecordExample
from vectorstore import Texts
from vectorstore.records import Item, ParsedDocument

_MAX_ITEMS = 2_000  # added for one document; further ones are left out
_MAX_LOOKS = 50  # of one document
_FOLDER = "choices/"
_ALL = "_all"  # in place of an id: choices that are not for one document; no document is called so
RELATIONS = ("same_as", "repealed_by", "followed_by")  # between two documents
# decisions by both ids in order: the relation, and the id that counts, "" if both count
DecidedPairs = Mapping[tuple[str, str], tuple[str, str]]


class Choices(BaseModel):
    """What staff chose for a document, as it is stored: what records look like, and the records
    that they added. Those for all documents have in `pairs` which of two documents counts.

    `families` are the record kinds of families by label, as earlier versions stored them: they
    become looks once the document is read (see `replace_families`).

    Once something was chosen, the choices stay stored even if they are empty. So what staff took
    back is not taken over from a predecessor again.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    families: tuple[tuple[str, RecordKind | Literal["none"]], ...] = ()
    items: tuple[Claim, ...] = ()
    looks: tuple[Look, ...] = ()
    pairs: tuple[tuple[str, str, str, str], ...] = ()  # ids in order, relation, what counts

    @classmethod
    def parse(cls, content: bytes | None) -> Self | None:
        """Return the choices of stored JSON, None if it is missing or cannot be parsed."""
        try:
            return None if content is None else cls.model_validate_json(content)
        except ValidationError:
            return None

    @property
    def content(self) -> bytes:
        """The choices as stored JSON, without defaults."""
        return self.model_dump_json(exclude_defaults=True, indent=1).encode()

    def with_look(self, look: Look) -> Choices:
        """Return the choices with a further look.

        Two looks with the same example would contradict one another. So a look by a person replaces
        the looks of a model that share an example with it. Any other look with a shared example
        raises ValueError, as do too many looks.
        """
        rivals = [other for other in self.looks if look.has_example_of(other)]
        others = [other for other in self.looks if other not in rivals]
        may_replace = not look.is_by_model and all(rival.is_by_model for rival in rivals)
        if len(others) >= _MAX_LOOKS or (rivals and not may_replace):
            raise ValueError(look)
        return self.model_copy(update={"looks": (*others, look)})


NO_CHOICES = Choices()


def load_choices(texts: Texts, document_id: str) -> Choices:
    """Return the choices for a document; empty ones if there are none or they cannot be read."""
    return Choices.parse(texts.get(_name_for(document_id))) or NO_CHOICES


def has_choices(texts: Texts, document_id: str) -> bool:
    """True if something was chosen for a document, even if it was taken back."""
    return texts.get(_name_for(document_id)) is not None


def forget_choices(texts: Texts, ids: Collection[str]) -> None:
    """Remove the choices for documents, and the decisions on pairs with them."""
    for name in map(_name_for, ids):
        texts.remove(name)
    for pair, (relation, counts) in load_relations(texts).items():
        if not set(pair).isdisjoint(ids):
            decide_relation(texts, pair, relation, None, counts)


def load_relations(texts: Texts) -> DecidedPairs:
    """Return all decisions on pairs of documents."""
    pairs = load_choices(texts, _ALL).pairs
    return {(first, second): (relation, counts) for first, second, relation, counts in pairs}


def decide_relation(
    texts: Texts, ids: tuple[str, str], relation: str, counts: str | None, before: str | None
) -> None:
    """Store which document of a pair counts: its id in `counts`, "" for both, None to take the
    decision back.

    `before` is the decision so far, None without one. Raises ValueError if somebody has changed it
    meanwhile, and for a wrong `relation` or `counts`.
    """
    first, second = sorted(ids)
    if relation not in RELATIONS or counts not in (None, "", *ids):
        raise ValueError(counts)

    def decide(choices: Choices) -> dict[str, Any]:
        decided = {pair[:2]: pair for pair in choices.pairs}
        *_, standing = decided.pop((first, second), (None,))  # of a pair the last is what counts
        if standing != before:
            raise ValueError(before)
        if counts is not None:
            decided[first, second] = (first, second, relation, counts)
        return {"pairs": tuple(sorted(decided.values()))}

    _update(texts, _ALL, decide)


def add_items(texts: Texts, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
    """Store the rows and sections that begin at the offsets `starts` as records of a kind.

    An offset where none begins is passed over. A record that was added before under the same
    number and title is replaced. Of more than `_MAX_ITEMS` the last ones, which are the new ones,
    are left out. Raises ValueError for a kind that no record has, and if nothing
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
            ends = {item.key: item for item in (members[0], members[-1])}
            looks.append(Look(kind=kind, examples=tuple(map(_example_of, ends.values()))))
        else:
            remaining.append((label, kind))
    if not looks:
        return None
    update = {"families": tuple(remaining), "looks": (*looks, *choices.looks)}
    if store:
        _update(texts, parsed.document.id, lambda _: update)
    return choices.model_copy(update=update)


def _example_of(item: Item) -> RecordExample:
    return RecordExample(name=f"{number_of(item)} {item.title}".strip(), page=item.page)


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

    name = _name_for(document_id)
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

    texts.change(_name_for(document_id), apply)


def _name_for(document_id: str) -> str:
    return f"{_FOLDER}{document_id}.json"
