"""The contacts of the organisational units, found by the codes and names that documents print."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from service.contacts.hours import describe_today
from service.record_filters import unit_key, unit_matches
from service.record_models import Shape
from service.wording import format_words
from vectorstore.analysis import fold

LOCAL = ZoneInfo("Europe/Berlin")
_WORD = re.compile(r"\w+")
_SHORTEST_NAME = 4  # letters of a word by which a name is found
_MOST_LISTED = 6  # contacts in a sentence


class Contact(Shape):
    """How to reach a unit; `code` is its number or name as documents print it, "" for the contact
    of the whole administration. Unknown parts are "".
    """

    code: str = ""
    name: str
    telephone: str = ""
    mail: str = ""
    url: str = ""
    hours: str = ""

    @property
    def title(self) -> str:
        """Code and name, each once."""
        has_code = not self.code or has_unit(unit_key(self.name), self.code)
        return self.name if has_code else f"{self.code} {self.name}"

    def describe(self, language: str) -> str:
        """The contact in one line, without a full stop."""
        telephone = self.telephone and format_words(language, "telephone", number=self.telephone)
        return ", ".join(filter(None, (self.title, telephone, self.mail, self.url, self.hours)))

    def describe_today(self, language: str) -> str:
        """Until or from when the unit can be reached today, by Germany's local time."""
        return describe_today(self.hours, datetime.now(LOCAL), language)

    def describe_now(self, language: str) -> str:
        """The contact in one line, with that."""
        today = self.describe_today(language)
        return self.describe(language) + (f" ({today})" if today else "")


class GivenContact(Contact):
    """A contact in an answer; `today` is as of `describe_today`."""

    today: str = ""


class ContactDirectory:
    """An immutable directory of contacts, in the order of its table."""

    def __init__(self, contacts: Iterable[Contact] = ()) -> None:
        self.contacts = tuple(contacts)
        self.general = next((contact for contact in self.contacts if not contact.code), None)
        words = Counter(word for contact in self.contacts for word in _words_of(contact))
        self._contact_of_word = {
            word: contact
            for contact in self.contacts
            for word in _words_of(contact)
            if words[word] == 1
        }

    def find(self, unit: str) -> Contact | None:
        """The contact of a unit as printed ("66.01 Straßenbau"): the one with its code, else that
        of the unit to which it belongs ("66"), else the only one with its name.
        """
        coded = [
            contact
            for contact in self.contacts
            if contact.code and unit_matches(unit, contact.code)
        ]
        if coded:
            return max(coded, key=lambda contact: len(contact.code))
        key = unit_key(unit)
        named = [contact for contact in self.contacts if unit_key(contact.name) == key]
        return named[0] if len(named) == 1 else None

    def find_all(self, units: Iterable[str]) -> list[Contact]:
        """The contacts of units, each once."""
        found = (self.find(unit) for unit in units)
        return list({contact.code: contact for contact in found if contact is not None}.values())

    def general_line(self, setting: str, language: str) -> str:
        """The contact of the whole administration in one line; that of the setting without one."""
        return self.general.describe(language) if self.general else setting

    def find_named(self, words: Iterable[str]) -> Contact | None:
        """The only contact whose name has any of some words that is in no other name."""
        found = {
            contact.code: contact
            for word in words
            if (contact := self._contact_of_word.get(fold(word)))
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def find_code(self, text: str) -> Contact | None:
        """The contact whose code a text has; the longest where there are several."""
        key = unit_key(text)
        coded = [
            contact
            for contact in self.contacts
            if any(map(str.isdigit, contact.code)) and has_unit(key, contact.code)
        ]
        return max(coded, key=lambda contact: len(contact.code), default=None)

    def describe(self, language: str) -> str:
        """All contacts, one a line."""
        return "\n".join(contact.describe(language) for contact in self.contacts)

    def find_described(self, text: str, language: str) -> list[GivenContact]:
        """The contacts that a text gives, with until when they can be reached today."""
        return [
            GivenContact(**contact.model_dump(), today=contact.describe_today(language))
            for contact in self.contacts
            if contact.describe(language) in text
        ]


def has_unit(text_key: str, unit: str) -> bool:
    """True if a text, normalized by `unit_key`, has a unit as a whole."""
    pattern = rf"(?<![\w.]){re.escape(unit_key(unit))}(?!\w|\.\d)"
    return re.search(pattern, text_key) is not None


def find_units(text: str, units: Collection[str]) -> list[str]:
    """Those of some units that a text has, as printed."""
    key = unit_key(text)
    return [unit for unit in units if has_unit(key, unit)]


def list_contacts(contacts: Sequence[Contact], language: str) -> str:
    """The sentence that gives contacts, at most six; "" for none."""
    if not contacts:
        return ""
    lines = [contact.describe_now(language) for contact in contacts[:_MOST_LISTED]]
    if len(contacts) > _MOST_LISTED:
        left = len(contacts) - _MOST_LISTED
        lines[-1] += format_words(language, "and_more", number=left)
    return format_words(language, "contact", contacts="; ".join(lines))


def _words_of(contact: Contact) -> set[str]:
    """The folded words of a name by which it may be found."""
    return {fold(word) for word in _WORD.findall(contact.name) if len(word) >= _SHORTEST_NAME}
