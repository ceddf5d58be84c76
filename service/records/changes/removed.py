"""What became of old records: where they are now, or that they are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from service.records.problems import ProblemError
from vectorstore.records import EditionChanges, Item, ItemAddress, digest_of_id

if TYPE_CHECKING:
    from vectorstore import Edition
    from vectorstore.records import DocumentState, RecordState

_NOWHERE: ItemAddress = ("", "")  # of a dropped record


class RemovedItem(NamedTuple):
    """A removed item or document: its last edition, last state (None if its history was deleted)
    and successor.
    """

    edition: EditionChanges
    document: DocumentState | None = None
    state: RecordState | None = None
    successor: Item | None = None


def find_removed(edition: Edition, document_id: str, key: str = "") -> RemovedItem:
    """Return what is known of a record that is gone or, without `key`, of a document that is gone.

    Of a document whose history was deleted, too, only a digest of its id is left, so only its
    edition is known. Raises the problem not-found if it never existed.
    """
    if (document_id, key) in edition.history.gone:
        removed_in, change, record = edition.history.gone[document_id, key]
        return RemovedItem(
            removed_in, change.before, record.before, _successor(edition, (document_id, key))
        )
    for changes in edition.history.editions:
        # removed everywhere: only a digest of its id is left
        if digest_of_id(document_id) in changes.forgotten:
            return RemovedItem(changes)
        for change in changes.documents:
            is_before = change.before is not None and change.before.id == document_id
            if is_before and not key and (change.after is None or change.after.id != document_id):
                return RemovedItem(changes, change.before)
    raise ProblemError("not-found")


def _successor(edition: Edition, address: ItemAddress) -> Item | None:
    """Return the item that a removed record has become, None if the record was dropped.

    A record can get a new address several times, so all its changes of address are followed, none
    twice. This ends at the first address that the edition has.
    """
    gone = edition.history.gone
    seen = set[ItemAddress]()
    while address in gone and address not in seen and edition.catalogue.item(*address) is None:
        seen.add(address)
        *_, record = gone[address]  # behind its edition and document
        address = record.after.address if record.after else _NOWHERE
    return edition.catalogue.item(*address)
