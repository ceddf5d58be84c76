"""What changes if a table takes the place of the directory of contacts, shown before it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prompts import say
from service.records.contacts.directory import Contact
from service.records.filters import unit_key


@dataclass(frozen=True, slots=True)
class ContactChanges:
    """The contacts that are new, those that change (before and after), and those that go."""

    new: tuple[Contact, ...]
    changed: tuple[tuple[Contact, Contact], ...]
    removed: tuple[Contact, ...]

    def lines(self) -> Iterator[str]:
        """Yield a line for each change, first what goes."""
        for contact in self.removed:
            yield say("contacts.goes", contact=contact.describe("de"))
        for before, after in self.changed:
            changed = {"before": before.describe("de"), "after": after.describe("de")}
            yield say("contacts.changes", **changed)
        for contact in self.new:
            yield say("contacts.is_new", contact=contact.describe("de"))


def compare_contacts(before: Iterable[Contact], after: Iterable[Contact]) -> ContactChanges:
    """Return what changes from one directory to another; contacts are the same by their code."""
    old = {unit_key(contact.code): contact for contact in before}
    now = {unit_key(contact.code): contact for contact in after}
    both = [(old[key], now[key]) for key in now if key in old]
    return ContactChanges(
        new=tuple(contact for key, contact in now.items() if key not in old),
        changed=tuple(pair for pair in both if pair[0] != pair[1]),
        removed=tuple(contact for key, contact in old.items() if key not in now),
    )
