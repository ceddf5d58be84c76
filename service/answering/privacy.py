"""What of a request may leave the house: nothing of a conversation with personal data."""

from __future__ import annotations

import re

from prompts import text as fixed_text
from service import Settings
from service.answering.corpus import Corpus
from service.masking import turns_to_send
from service.records import ChatRequest


def sendable_turns(
    request: ChatRequest, corpus: Corpus, settings: Settings, contacts: str = ""
) -> list[str] | None:
    """The turns of a request as they may be sent to a model; None if nothing of the request may be
    sent.

    Names, and details in turns of the service, are not personal if they are public: printed in the
    documents, the service's own texts, or the text `contacts` of the directory.
    """
    own_texts = (
        contacts,
        settings.contact,
        settings.name,
        fixed_text("de/emergency"),
        fixed_text("en/emergency"),
    )

    def is_published(detail: str) -> bool:
        # the words of a detail with up to three other signs between: "02921 30" is in "02921/30"
        words = r"\W{0,3}".join(re.findall(r"\w+", detail))
        pattern = re.compile(rf"(?<!\w){words}(?!\w)")
        documents = corpus.catalogue.documents.values()
        return any(map(pattern.search, own_texts)) or any(
            pattern.search(document.text) for document in documents
        )

    turns = [(turn.role == "user", turn.content) for turn in request.history]
    return turns_to_send(request.question, turns, is_published)
