"""Readers of lists, one for each kind of source."""

from __future__ import annotations

from datetime import datetime

from followed_sources.client import SourceClient
from followed_sources.configuration import FollowedSource, SourceKind
from followed_sources.listing import SourceListing


def read_listing(
    source: FollowedSource, client: SourceClient, changed_since: datetime | None = None
) -> SourceListing:
    """Return what a source lists, where it can say so only what changed since a moment; raises
    SourceFailed.
    """
    if source.kind is SourceKind.OPARL:
        from followed_sources.readers.oparl import read_oparl

        return read_oparl(source, client, changed_since)
    from followed_sources.readers import web

    readers = {
        SourceKind.SITEMAP: web.read_sitemap,
        SourceKind.PAGE: web.read_page,
        SourceKind.FEED: web.read_feed,
    }
    return readers[source.kind](source, client)
