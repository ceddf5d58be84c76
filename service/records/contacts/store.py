"""Keeps the directory of contacts in the database, apart from editions; backups have it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress

from service.records.contacts.directory import Contact, ContactDirectory
from service.records.contacts.table import contacts_csv, parse_contacts
from vectorstore import Texts
from vectorstore.storage import Database, StoreError

_NAME = "contacts.csv"
_BEFORE = "contacts-before.csv"
_SECONDS = 1.0  # for which a directory is not read again


class ContactStore:
    """The directory of one database; others' changes are seen after a second."""

    def __init__(self, database: Database) -> None:
        self._texts = Texts(database)
        self._read: bytes | None = None
        self._directory = ContactDirectory()
        self._next = 0.0

    def directory(self) -> ContactDirectory:
        """The directory; it is read again after a second, since others may have changed it.

        If the database is away, it is the one read last, so that answers still have contacts.
        """
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS
            with suppress(StoreError):
                return self.read()
        return self._directory

    def read(self) -> ContactDirectory:
        """The directory as it is now in the database, empty if none is stored; raises
        StoreUnavailable.

        The table is parsed only if its bytes have changed.
        """
        content = self._texts.get(_NAME)
        if content != self._read:
            contacts = parse_contacts(content, _NAME) if content else ()
            self._directory = ContactDirectory(contacts)
            self._read = content
        return self._directory

    def replace(self, contacts: Sequence[Contact]) -> None:
        """Store a directory in place of the one before, which is kept; raises StoreUnavailable."""
        content, before = contacts_csv(contacts).encode(), self._texts.get(_NAME)
        if content == before:
            return
        if before is not None:
            self._texts.put(_BEFORE, before)
        self._texts.put(_NAME, content)
        self._next = 0.0  # read the directory again at once

    def before(self) -> list[Contact]:
        """The contacts that the directory had before it was replaced, [] if it never was; raises
        StoreUnavailable.
        """
        content = self._texts.get(_BEFORE)
        return parse_contacts(content, _BEFORE) if content else []
