"""Papers of a council information system by OParl 1.0 and 1.1, as such systems are in the wild.

The status of a paper is never taken from a meeting: a decision belongs to an agenda item.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin

from followed_sources.client import SourceClient, SourceFailed, SourceReply
from followed_sources.listing import ListedFile, clean_text, day_of
from prompts import say

MOST_PAGES = 5000  # of a list
Found = dict[str, Any]


class OParlReader:
    """Reads the lists of one system, or what of them changed since a moment; what cannot be read
    becomes one of the `problems`.
    """

    def __init__(
        self, client: SourceClient, changed_since: datetime | None, problems: list[str]
    ) -> None:
        self._client, self._changed_since, self._problems = client, changed_since, problems

    def files(self, address: str) -> Iterator[ListedFile]:
        """Yield the files of all papers of a system, a body or a list; raises SourceFailed."""
        for paper, licence in self._papers(address):
            yield from _files_of(paper, licence)

    def _papers(self, address: str) -> Iterator[tuple[Found, str]]:
        """Yield the papers below an object, each with its licence.

        The object is a system, a body, or a list of papers, which is always read to its end, also
        with `changed_since`. A licence of the object holds for all papers below it, unless a body
        states one of its own.
        """
        found = _parse(self._client.get_page(address, "json"))
        kind = str(found.get("type", "")).rsplit("/", 1)[-1]
        licence = _text(found, "license")
        if kind == "System":
            for body in self._read_list(urljoin(address, _text(found, "body"))):
                yield from self._papers_of_body(body, licence)
        elif kind == "Body":
            yield from self._papers_of_body(found, licence)
        else:
            for paper in self._read_list(address):
                yield paper, licence

    def _papers_of_body(self, body: Found, licence: str) -> Iterator[tuple[Found, str]]:
        """Yield the papers of a body, each with the body's licence, or with that of the system.

        A body without a list of papers becomes a problem. With `changed_since` only papers that
        changed since then are asked for.
        """
        address = _text(body, "paper")
        if not address:
            self._problems.append(say("sources.no_papers", address=_text(body, "id")[:120]))
            return
        if self._changed_since is not None:
            since = self._changed_since.isoformat(timespec="seconds")
            mark = "&" if "?" in address else "?"
            address += mark + urlencode({"modified_since": since})
        for paper in self._read_list(address):
            yield paper, _text(body, "license") or licence

    def _read_list(self, address: str) -> Iterator[Found]:
        """Yield the objects of a list, page by page.

        A page that cannot be read ends the list and becomes a problem. So does a page that was read
        before, or a page beyond `MOST_PAGES`: such a list might never end. Some systems answer 404
        for a list of changes if there are none; that is no problem.
        """
        seen: set[str] = set()
        while address and address not in seen and len(seen) < MOST_PAGES:
            seen.add(address)
            try:
                reply = self._client.get_page(address, "json")
                if reply.status == 404 and self._changed_since is not None and len(seen) == 1:
                    return
                page = _parse(reply)
            except SourceFailed as error:
                self._problems.append(str(error))
                return
            data = page.get("data")
            yield from (entry for entry in data or () if isinstance(entry, dict))
            links = page.get("links")
            following = _text(links, "next") if isinstance(links, dict) else ""
            address = urljoin(address, following) if following else ""
        if address:
            self._problems.append(say("sources.list_loops", address=address[:120]))


def _files_of(paper: Found, licence: str) -> Iterator[ListedFile]:
    """Yield the files of a paper: the main file, then the others.

    The main file has the paper's title, each other one its own name behind it. A file without an id
    is left out, as it could not be followed. For a deleted paper yield a single entry, which says
    that it is deleted, or nothing if the paper has no id.
    """
    is_deleted = paper.get("deleted") is True
    licence = _text(paper, "license") or licence
    name = _text(paper, "name") or _text(paper, "reference")
    key = _text(paper, "id")
    if is_deleted:
        if key:
            yield ListedFile(key, "", name, paper=key, is_deleted=True)
        return
    auxiliary = paper.get("auxiliaryFile")
    others = auxiliary if isinstance(auxiliary, list) else []
    for number, file in enumerate((paper.get("mainFile"), *others)):
        if not isinstance(file, dict) or not _text(file, "id"):
            continue
        own_name = _text(file, "name")
        title = f"{name}: {own_name}" if number and own_name else name
        yield ListedFile(
            key=_text(file, "id"),
            address=_text(file, "downloadUrl") or _text(file, "accessUrl"),
            title=title[:200],
            mark=_mark_of(file),
            paper=key,
            reference=_text(paper, "reference"),
            paper_type=_text(paper, "paperType"),
            day=day_of(_text(paper, "date")),
            licence=_text(file, "fileLicense") or _text(file, "license") or licence,
            is_deleted=file.get("deleted") is True,
        )


def _mark_of(file: Found) -> str:
    """Return what changes when a file changes: the digest that a list states, or else date and
    size.

    "" if the list states none of them.
    """
    digest = _text(file, "sha512Checksum") or _text(file, "sha1Checksum")
    return digest or " ".join(filter(None, (_text(file, "modified"), _text(file, "size"))))


def _parse(reply: SourceReply) -> Found:
    """Return the object in a reply; raises SourceFailed for a missing page and for anything but a
    JSON object.
    """
    if reply.status == 404:
        raise SourceFailed(say("sources.status", address=reply.address, status=404))
    try:
        found = json.loads(reply.content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise SourceFailed(say("sources.no_list", address=reply.address))
    return found


def _text(found: Found, key: str) -> str:
    """Return a text of an object; "" for none."""
    return clean_text(found.get(key))
