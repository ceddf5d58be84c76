"""The lines of a document in which headings are searched, and what marks headings."""

from __future__ import annotations

from collections.abc import Collection

from ingest.readers.lines import DocumentLines
from ingest.readers.titles import normalize_title

LONGEST = 170  # most characters of a heading
NO_TITLE_END = (".", ",", ";")


class HeadingLines:
    """The lines of a document that may be headings.

    `taken` are the indices of heads and labels of sheets, which are no headings. `listed` are the
    normalized titles of the table of contents and of the bookmarks of the file.
    """

    def __init__(
        self,
        document: DocumentLines,
        taken: Collection[int],
        listed: Collection[str],
    ) -> None:
        self.document, self._taken, self._listed = document, taken, listed

    def may_head(self, index: int) -> bool:
        """True if a line may be a heading: it is not excluded or part of a sheet's head or label,
        is no list item and not much too long. Twice the longest heading is allowed, since a
        numbered paragraph may be a point.
        """
        line = self.document.lines[index]
        is_excluded = index in self.document.excluded or index in self._taken
        return not is_excluded and not line.bullet and len(line.text) <= 2 * LONGEST

    def is_listed(self, title: str) -> bool:
        """True if a title is in the table of contents or the bookmarks."""
        return normalize_title(title) in self._listed
