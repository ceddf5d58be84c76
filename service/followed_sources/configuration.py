"""The operator's list of followed sources (sources.toml); every error names its line and source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from prompts import say
from service.followed_sources.addresses import RefusedAddress, parse_address
from vectorstore import line_of_key, read_toml
from vectorstore.language import printable
from vectorstore.records import DocumentKind, DocumentStatus
from vectorstore.storage import StoreError

_LONGEST_SHOWN = 60  # characters of a name in a message
_HEAD = re.compile(r"\s*\[\[\s*source\s*]]")
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](?::\d{1,5})?"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Texts = tuple[Text, ...]
# part of names under which fetched files are stored
Name = Annotated[str, StringConstraints(pattern=r"^[\w][\w .,()-]{0,59}$")]
Host = Annotated[str, StringConstraints(pattern=rf"^{_HOST}$")]
Contact = Annotated[str, StringConstraints(pattern=r"^(https?://|mailto:)[!-~]{3,200}$")]


class SourcesError(StoreError):
    """The list of sources cannot be used; the message has a German sentence for each error."""


class SourceKind(StrEnum):
    """How a source lists its files."""

    OPARL = "oparl"
    SITEMAP = "sitemap"
    PAGE = "page"
    FEED = "feed"


class FollowedSource(BaseModel):
    """A followed source: where it lists files, from which `hosts` alone they are fetched, and which
    of them.

    A file is taken if one of the `title` texts is in its title, its `paper_type` is one of these,
    its path is like one of the `path` patterns, and it is not older than `since`; without a filter
    each is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    kind: SourceKind
    address: Text
    hosts: Annotated[tuple[Host, ...], Field(min_length=1)]
    publisher: Text | None = None
    document_kind: DocumentKind | None = None
    status: DocumentStatus | None = None
    licence: Text | None = None
    title: Texts = ()
    paper_type: Texts = ()
    path: Texts = ()
    since: date | None = None
    every_days: Annotated[int, Field(strict=True, ge=1, le=90)] = 1
    most_files: Annotated[int, Field(strict=True, ge=1, le=200)] = 20

    @property
    def metadata(self) -> dict[str, str]:
        """What the operator states of its documents: publisher, kind and status."""
        stated = {"publisher": self.publisher, "kind": self.document_kind, "status": self.status}
        return {part: str(value) for part, value in stated.items() if value}


class Sources(BaseModel):
    """All followed sources, and the `contact` that the client names to their hosts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: Contact
    source: Annotated[tuple[FollowedSource, ...], Field(min_length=1)]


def load_sources(path: Path) -> Sources:
    """Read a list of sources; raises SourcesError with a sentence for each error.

    Each value is checked first, then what must fit together (see `_problems_between`).
    """
    text, content = read_toml(path, SourcesError)
    lines = text.split("\n")
    try:
        sources = Sources.model_validate(content)
    except ValidationError as error:
        problems = [_problem(fault["loc"], content, lines) for fault in error.errors()]
        raise SourcesError(_format_problems(path, problems)) from None
    problems = _problems_between(sources, lines)
    if problems:
        raise SourcesError(_format_problems(path, problems))
    return sources


def _format_problems(path: Path, problems: Sequence[tuple[int, str]]) -> str:
    """Return problems with their lines as sentences, one a line, each once."""
    return "\n".join(
        say("sources.at_line", path=path, line=line, problem=problem)
        for line, problem in sorted(set(problems))
    )


def _problem(
    location: tuple[int | str, ...], content: dict[str, Any], lines: Sequence[str]
) -> tuple[int, str]:
    """Return the line of an error in a file of sources, and a German sentence on it.

    `location` is where pydantic found the error: ("source", 0, "address"), or just ("contact",).
    """
    if len(location) < 3:  # of the whole file, or a source that is no table
        key = str(location[0])
        return line_of_key(key, lines, 1), _describe(key, Sources)
    index, key = int(location[1]), str(location[2])
    name = content["source"][index].get("name", f"{index + 1}")
    shown, problem = printable(str(name))[:_LONGEST_SHOWN], _describe(key, FollowedSource)
    sentence = say("sources.of_source", name=shown, problem=problem)
    return line_of_key(key, lines, _start_of(index, lines)), sentence


def _describe(key: str, model: type[BaseModel]) -> str:
    """Return the sentence on a key of a model: what it may be, or that there is none of this
    name.
    """
    if key in model.model_fields:
        return say("sources.allowed", key=key, allowed=say(f"sources.allowed_{key}"))
    return say("sources.unknown", key=printable(key)[:_LONGEST_SHOWN])


def _problems_between(sources: Sources, lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return the problems of values that are right one by one, but not together.

    These are two sources of the same name, and an address that is at none of the hosts of its
    source.
    """
    problems = []
    names = [source.name.casefold() for source in sources.source]
    for index, source in enumerate(sources.source):
        start = _start_of(index, lines)
        if names.index(names[index]) < index:
            problem = say("sources.twice", name=source.name)
            problems.append((line_of_key("name", lines, start), problem))
        try:
            parse_address(source.address, source.hosts)
        except RefusedAddress as error:
            problem = say("sources.of_source", name=source.name, problem=error)
            problems.append((line_of_key("address", lines, start), problem))
    return problems


def _start_of(index: int, lines: Sequence[str]) -> int:
    """Return the line of a source's head, from 1; 1 for sources that are written as a list."""
    heads = [number for number, line in enumerate(lines, 1) if _HEAD.match(line)]
    return heads[index] if index < len(heads) else 1
