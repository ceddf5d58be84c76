"""Who publishes the documents, and the sentence that names them where no contact is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from vectorstore.records import Document, DocumentKind

CONTACT_IN_ENGLISH = "Please contact the county administration."
# motions are published by a group of the council, not the administration
_NOT_BY_AUTHORITY = (DocumentKind.MOTION,)


def authorities(documents: Iterable[Document]) -> list[str]:
    """Return the publishers of documents, those of most documents first.

    Motions are published by groups of a council, so they are left out, unless there are no other
    documents.
    """
    published = [document for document in documents if document.publisher]
    by_authority = [item for item in published if item.kind not in _NOT_BY_AUTHORITY]
    publishers = Counter(document.publisher for document in by_authority or published)
    return [name for name, _ in publishers.most_common()]
