"""What a source lists: files with all that is known of them before they are asked for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from service.followed_sources.configuration import FollowedSource

SUFFIXES = (".pdf", ".docx")  # of files that are documents


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file in a source's list: `key` names it for good, `mark` changes where the list says that
    the file did, "" where the list does not say.

    `paper` is the OParl id of its paper, with `reference`, `paper_type` and `day`; of a website's
    file `day` is the day of its `mark`. `is_deleted` where the source says so.
    """

    key: str
    address: str
    title: str
    mark: str = ""
    paper: str = ""
    reference: str = ""
    paper_type: str = ""
    day: date | None = None
    licence: str = ""
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class SourceListing:
    """The files of a list by key that pass the source's filters; of the keys that were asked for,
    `present` are in the list, `deleted` in it as deleted. `is_whole`: what is not in it is no
    longer at the source.

    `problems` are German sentences on parts of the list that could not be read.
    """

    files: dict[str, ListedFile] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    is_whole: bool = False


def clean_text(value: object) -> str:
    """Return a text or a number that a list states, in one line without control characters.

    "" for other values.
    """
    if not isinstance(value, str | int):
        return ""
    text = "".join(char if char.isprintable() else " " for char in str(value)[:2000])
    return " ".join(text.split())


def is_document(address: str) -> bool:
    """True if the path of an address ends like that of a document."""
    return path_of(address).lower().endswith(SUFFIXES)


def path_of(address: str) -> str:
    """Return the path of an address, its escapes resolved; "" for no address."""
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""


def join_address(base: str, link: object) -> str:
    """Return the address to which a link on a page leads; "" for what is no address."""
    try:
        return urljoin(base, str(link or "").strip())
    except ValueError:
        return ""


def file_title(address: str) -> str:
    """Return the name of a file in its address as words."""
    name = path_of(address).rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return " ".join(name.replace("_", " ").replace("-", " ").split())[:200]


def day_of(text: object) -> date | None:
    """Return the day of a moment, None for anything else.

    A moment is in ISO form or, as in RSS, in that of mails ("Mon, 02 Mar 2026 10:00:00 GMT").
    """
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, OverflowError):
            return parse(str(text).strip()).date()
    return None


def is_selected(source: FollowedSource, file: ListedFile) -> bool:
    """True if a file passes all filters of its source.

    A filter that the source does not set lets every file pass; a file without a date passes the
    filter `since`.
    """
    title = file.title.casefold()
    path = path_of(file.address)
    return (
        (not source.title or any(text.casefold() in title for text in source.title))
        and (not source.paper_type or file.paper_type in source.paper_type)
        and (not source.path or any(fnmatchcase(path, pattern) for pattern in source.path))
        and (source.since is None or file.day is None or file.day >= source.since)
    )
