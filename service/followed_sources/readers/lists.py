"""Readers of lists, one for each kind of source."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import datetime

from prompts import say
from service.followed_sources.client import SourceClient
from service.followed_sources.configuration import FollowedSource, SourceKind
from service.followed_sources.listing import ListedFile, SourceListing, is_selected
from service.followed_sources.replies import SourceFailed

MOST_FILES = 20_000  # of a list that pass the filters


def read_listing(
    source: FollowedSource,
    client: SourceClient,
    changed_since: datetime | None = None,
    known: Container[str] = (),
) -> SourceListing:
    """Return the files that a source lists.

    An OParl source lists only what changed since `changed_since`, if this is given; a feed has only
    the newest files. Any other list names all files, unless a part could not be read: what cannot
    be read becomes a problem in the result. `known` are the keys of files and papers that we have:
    the result says which of them are listed and which are deleted.
    """
    listing = SourceListing()
    is_window = source.kind is SourceKind.OPARL and changed_since is not None
    is_empty = True
    try:
        for file in _read(source, client, changed_since, listing.problems):
            is_empty = False
            _add_file(listing, file, source, known)
    except SourceFailed as error:
        listing.problems.append(str(error))
    if is_empty and not is_window and not listing.problems:
        # an empty list is a fault of the source rather than a source without files
        listing.problems.append(say("sources.no_files", address=source.address))
    names_all_files = not is_window and source.kind is not SourceKind.FEED
    return replace(listing, is_whole=names_all_files and not listing.problems)


def _add_file(
    listing: SourceListing, file: ListedFile, source: FollowedSource, known: Container[str]
) -> None:
    """Add a file to a listing.

    If its key is among the `known` ones, that is noted as present or deleted, and its paper as
    present. If it passes the filters of the source, it is added to the files; of files with one key
    the first counts. Raises SourceFailed if the listing is full.
    """
    named = listing.deleted if file.is_deleted else listing.present
    if file.key in known:
        named.add(file.key)
    if file.paper in known:
        listing.present.add(file.paper)
    if file.is_deleted or not is_selected(source, file):
        return
    if len(listing.files) == MOST_FILES:
        raise SourceFailed(say("sources.many_files", most=MOST_FILES))
    listing.files.setdefault(file.key, file)


def _read(
    source: FollowedSource,
    client: SourceClient,
    changed_since: datetime | None,
    problems: list[str],
) -> Iterator[ListedFile]:
    """Yield the files of a source, read by the reader of its kind.

    Parts that cannot be read are added to `problems`. Raises SourceFailed if nothing can be read.
    """
    if source.kind is SourceKind.OPARL:
        from service.followed_sources.readers.oparl import OParlReader

        return OParlReader(client, changed_since, problems).files(source.address)
    from service.followed_sources.readers.web import read_web_list

    return read_web_list(source, client, problems)
