"""Papers of a council information system by OParl 1.0 and 1.1, as such systems are in the wild.

The status of a paper is never taken from a meeting: a decision belongs to an agenda item.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from prompts import say
from service.followed_sources.listing import ListedFile, clean_text, day_of, join_address
from service.followed_sources.replies import ListPage, PageMissing, SourceFailed, SourceReply

if TYPE_CHECKING:
    from service.followed_sources.client import SourceClient

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
        """Yield the files of all papers of a system, a body or a list; raises SourceFailed.

        A list of papers is always read to its end, also with `changed_since`. A licence of the
        system holds for all papers below it, unless a body states one of its own.
        """
        top = self._get(address)
        if top.type == "System":
            for page in self._read_list(top.body_list):
                for body in page.bodies:
                    yield from self._files_of_body(body, top.licence)
        elif top.type == "Body":
            for body in top.bodies:
                yield from self._files_of_body(body, "")
        else:
            yield from self._read_files(address, top.licence)

    def _files_of_body(self, body: dict[str, str], licence: str) -> Iterator[ListedFile]:
        """Yield the files of a body, with the body's licence, or with that of the system.

        A body without a list of papers becomes a problem. With `changed_since` only papers that
        changed since then are asked for.
        """
        address = body["paper"]
        if not address:
            self._problems.append(say("sources.no_papers", address=body["id"][:120]))
            return
        if self._changed_since is not None:
            since = self._changed_since.isoformat(timespec="seconds")
            mark = "&" if "?" in address else "?"
            address += mark + urlencode({"modified_since": since})
        yield from self._read_files(address, body["license"] or licence)

    def _read_files(self, address: str, licence: str) -> Iterator[ListedFile]:
        """Yield the files of a list of papers, with this licence where they state none."""
        for page in self._read_list(address):
            for file in page.files:
                yield replace(file, licence=file.licence or licence)

    def _read_list(self, address: str) -> Iterator[ListPage]:
        """Yield the pages of a list.

        A page that cannot be read ends the list and becomes a problem. So does a page that was read
        before, or a page beyond `MOST_PAGES`: such a list might never end. Some systems answer 404
        for a list of changes if there are none; that is no problem.
        """
        seen: set[str] = set()
        while address and address not in seen and len(seen) < MOST_PAGES:
            seen.add(address)
            try:
                page = self._get(address)
            except SourceFailed as error:
                is_unchanged = self._changed_since is not None and len(seen) == 1
                if not (is_unchanged and isinstance(error, PageMissing)):
                    self._problems.append(str(error))
                return
            self._problems += page.problems
            yield page
            address = next(iter(page.further), "")
        if address:
            self._problems.append(say("sources.list_loops", address=address[:120]))

    def _get(self, address: str) -> ListPage:
        """Return an object or a page of a list; raises SourceFailed."""
        return self._client.get_parsed(address, parse_object, "json")


def parse_object(reply: SourceReply) -> ListPage | None:
    """Return an object of a system, or a page of a list; None for anything but a JSON object, and
    for a list that is none.

    It runs in a limited process.
    """
    found = json.loads(reply.content)
    entries = found.get("data") or [] if isinstance(found, dict) else None
    if not isinstance(entries, list):
        return None
    objects = [entry for entry in entries if isinstance(entry, dict)]
    kind = _text(found, "type").rsplit("/", 1)[-1]
    page = ListPage(
        type=kind,
        licence=_text(found, "license"),
        body_list=join_address(reply.address, _text(found, "body")),
        bodies=list(map(_body_of, [found] if kind == "Body" else objects)),
    )
    links = found.get("links")
    following = _text(links, "next") if isinstance(links, dict) else ""
    if following:
        page.further.append(join_address(reply.address, following) or following)
    page.add_entries(objects, _files_of)
    return page


def _body_of(found: Found) -> dict[str, str]:
    return {key: _text(found, key) for key in ("id", "paper", "license")}


def _files_of(paper: Found) -> Iterator[ListedFile]:
    """Yield the files of a paper: the main file, then the others.

    The main file has the paper's title, each other one its own name behind it. A file without an id
    is left out, as it could not be followed. For a deleted paper yield a single entry, which says
    that it is deleted, or nothing if the paper has no id.
    """
    is_deleted = paper.get("deleted") is True
    name = _text(paper, "name") or _text(paper, "reference")
    key = _text(paper, "id")
    if is_deleted:
        if key:
            yield ListedFile(key, "", name, is_deleted=True)
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
            licence=_text(file, "fileLicense") or _text(file, "license") or _text(paper, "license"),
            is_deleted=file.get("deleted") is True,
        )


def _mark_of(file: Found) -> str:
    """Return what changes when a file changes: the digest that a list states, or else date and
    size.

    "" if the list states none of them.
    """
    digest = _text(file, "sha512Checksum") or _text(file, "sha1Checksum")
    return digest or " ".join(filter(None, (_text(file, "modified"), _text(file, "size"))))


def _text(found: Found, key: str) -> str:
    """Return a text of an object; "" for none."""
    return clean_text(found.get(key))
