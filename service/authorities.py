"""Whose papers an edition holds: the administrations that publish them, and the papers of one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, DocumentKind

NAMED = 3  # administrations whose names still read as one sentence
_ASKING = (DocumentKind.MOTION,)  # who moves something there is a group of the council, not its administration


def authorities(catalogue: Catalogue) -> list[str]:
    """Return who publishes the documents, most of them first; who only moves motions where nobody else does."""
    documents = list(catalogue.documents.values())
    own = [one for one in documents if one.kind not in _ASKING] or documents
    return [name for name, _ in Counter(one.publisher for one in own if one.publisher).most_common()]


def told_authorities(catalogue: Catalogue, last: str = "und") -> str | None:
    """Return their names as part of a sentence, None where there are none or too many for one."""
    names = authorities(catalogue)
    if not names or len(names) > NAMED:
        return None
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def documents_of(documents: Iterable[Document], authority: str) -> list[str]:
    """Return the ids of an administration's documents; capitals and blanks make no difference to its name."""
    wanted = _folded(authority)
    return [one.id for one in documents if wanted and _folded(one.publisher) == wanted]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
