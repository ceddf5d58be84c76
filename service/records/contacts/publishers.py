"""Who publishes the documents, and the sentence that names them where no contact is known."""

from __future__ import annotations

from collections import Counter

from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentKind

CONTACT_IN_ENGLISH = "Please contact the county administration."
# motions are published by a group of the council, not the administration
_NOT_BY_AUTHORITY = (DocumentKind.MOTION,)


def authorities(catalogue: Catalogue) -> list[str]:
    """Return the publishers, most documents first; those of motions count only where there are no
    other documents.
    """
    all_documents = list(catalogue.documents.values())
    documents = [
        document for document in all_documents if document.kind not in _NOT_BY_AUTHORITY
    ] or all_documents
    publishers = Counter(document.publisher for document in documents if document.publisher)
    return [name for name, _ in publishers.most_common()]
