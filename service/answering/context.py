"""What a composer works with: the edition, the finder, the query and the records that the conversation is about."""

from __future__ import annotations

from dataclasses import dataclass

from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder, Found
from service.answering.finding.topics import TopicResolver
from service.answering.query import Query
from vectorstore.records import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One question on its way; `focus` are the records that a follow-up points to."""

    corpus: Corpus
    finder: Finder
    topics: TopicResolver
    query: Query
    found: tuple[Found, ...] = ()
    focus: tuple[Item, ...] = ()
    among_focus: bool = False

    @property
    def german(self) -> bool:
        """True where the answer is worded in German."""
        return self.query.language == "de"

    @property
    def language(self) -> str:
        """The language of the answer's own words: "de" or "en"."""
        return "de" if self.german else "en"

    def say(self, german: str, english: str) -> str:
        """The wording in the answer's language."""
        return german if self.german else english
