"""The contacts of the organisational units, found by the codes and names that documents print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from service import wording
from service.records.contacts.hours import describe_today
from service.records.filters import unit_key, unit_matches
from service.records.models import Shape
from vectorstore.language import fold

LOCAL = ZoneInfo("Europe/Berlin")
_WORD = re.compile(r"\w+")
_SHORTEST_NAME = 4  # letters of a word by which a name is found
_MOST_LISTED = 6  # contacts in a sentence


class Contact(Shape):
    """How to reach a unit; `code` is its number or name as documents print it, "" for the contact
    of the whole administration. Unknown parts are ""; `today`, as of `describe_today`, is known
    only in an answer.
    """

    code: str = ""
    name: str
    telephone: str = ""
    mail: str = ""
    url: str = ""
    hours: str = ""
    today: str = ""

    @property
    def title(self) -> str:
        """Code and name, each once."""
        if not self.code or has_unit(self.name, self.code):
            return self.name
        return f"{self.code} {self.name}"

    def describe(self, language: str) -> str:
        """The contact in one line, without a full stop."""
        telephone = self.telephone and wording.format_words(
            language, "telephone", number=self.telephone
        )
        return ", ".join(filter(None, (self.title, telephone, self.mail, self.url, self.hours)))

    def describe_today(self, language: str) -> str:
        """Until or from when the unit can be reached today, by Germany's local time."""
        return describe_today(self.hours, datetime.now(LOCAL), language)

    def describe_now(self, language: str) -> str:
        """The contact in one line, with that."""
        contact = self.describe(language)
        today = self.describe_today(language)
        return f"{contact} ({today})" if today else contact


class ContactDirectory:
    """An immutable directory of contacts, in the order of its table."""

    def __init__(self, contacts: Iterable[Contact] = ()) -> None:
        self.contacts = tuple(contacts)
        self.general = next((contact for contact in self.contacts if not contact.code), None)

    def find(self, unit: str) -> Contact | None:
        """Return the contact of a unit as it is printed ("66.01 Straßenbau").

        It is the contact with the code of the unit ("66.01"), else that of the unit above it
        ("66"); so of several that match, the one with the longest code. None if there is none.
        """
        return _longest(
            contact
            for contact in self.contacts
            if contact.code and unit_matches(unit, contact.code)
        )

    def find_all(self, units: Iterable[str]) -> list[Contact]:
        """The contacts of units, each once."""
        found = (self.find(unit) for unit in units)
        return list({contact.code: contact for contact in found if contact is not None}.values())

    def general_line(self, setting: str, language: str) -> str:
        """The contact of the whole administration in one line; that of the setting without one."""
        if self.general is None:
            return setting
        return self.general.describe(language)

    def find_named(self, words: Iterable[str]) -> Contact | None:
        """Return the contact whose name has any of the words, None if there are several or none.

        Words of fewer than four letters ("Amt") are ignored, as they are in many names.
        """
        folded = {fold(word) for word in words if len(word) >= _SHORTEST_NAME}
        named = [
            contact
            for contact in self.contacts
            if folded.intersection(map(fold, _WORD.findall(contact.name)))
        ]
        return named[0] if len(named) == 1 else None

    def find_code(self, text: str) -> Contact | None:
        """The contact whose code a text has; None if it has none.

        Only codes with a digit count: a name may be an ordinary word. Of several the longest
        counts, which is the narrowest unit.
        """
        return _longest(
            contact
            for contact in self.contacts
            if any(map(str.isdigit, contact.code)) and has_unit(text, contact.code)
        )

    def describe(self, language: str) -> str:
        """All contacts, one a line."""
        return "\n".join(contact.describe(language) for contact in self.contacts)

    def find_described(self, text: str, language: str) -> list[Contact]:
        """The contacts that a text gives, with until when they can be reached today."""
        return [
            contact.model_copy(update={"today": contact.describe_today(language)})
            for contact in self.contacts
            if contact.describe(language) in text
        ]


def has_unit(text: str, unit: str) -> bool:
    """True if a text has a unit's code or name as a whole.

    "66" is neither in "166" nor in "66.01", but it is at the end of a sentence.
    """
    pattern = rf"(?<![\w.]){re.escape(unit_key(unit))}(?!\w|\.\d)"
    return re.search(pattern, unit_key(text)) is not None


def list_contacts(contacts: Sequence[Contact], language: str) -> str:
    """The sentence that gives contacts; "" for none.

    Of more than six the others are only counted, behind the last one.
    """
    if not contacts:
        return ""
    lines = [contact.describe_now(language) for contact in contacts[:_MOST_LISTED]]
    if len(contacts) > _MOST_LISTED:
        left = len(contacts) - _MOST_LISTED
        lines[-1] += wording.format_words(language, "and_more", number=left)
    return wording.format_words(language, "contact", contacts="; ".join(lines))


def _longest(contacts: Iterable[Contact]) -> Contact | None:
    """The contact with the longest code."""
    return max(contacts, key=lambda contact: len(contact.code), default=None)
