"""What changes if a table takes the place of the directory of contacts, shown before it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prompts import say
from service.records.contacts.directory import Contact
from service.records.filters import unit_key


@dataclass(frozen=True, slots=True)
class ContactChanges:
    """The contacts that go, and a line for each change: first for what goes."""

    removed: list[Contact]
    lines: list[str]


def compare_contacts(before: Iterable[Contact], after: Iterable[Contact]) -> ContactChanges:
    """Return what changes from one directory to another; contacts are the same by their code."""
    old = {unit_key(contact.code): contact for contact in before}
    now = {unit_key(contact.code): contact for contact in after}
    removed = [contact for key, contact in old.items() if key not in now]
    lines = [say("contacts.goes", contact=contact.describe("de")) for contact in removed]
    for key, contact in now.items():
        described = contact.describe("de")
        if key not in old:
            lines.append(say("contacts.is_new", contact=described))
        elif old[key] != contact:
            lines.append(say("contacts.changes", before=old[key].describe("de"), after=described))
    return ContactChanges(removed, lines)
