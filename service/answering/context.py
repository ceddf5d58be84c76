"""What a composer works with: the edition, the finder, the query and the records that the conversation is about."""

from __future__ import annotations

from dataclasses import dataclass

from prompts import reworded
from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder, Found
from service.answering.finding.topics import TopicResolver
from service.answering.query import Query, Style
from service.answering.wording import EASY
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
        """The language of the answer's own words: "de", "en", or "einfach" for German in easy words."""
        if not self.german:
            return "en"
        return EASY if self.query.style is Style.EASY else "de"

    def say(self, german: str, english: str, **values: object) -> str:
        """The wording in the answer's language; `values` are put in for the names in braces.

        Easy wordings lie in `prompts`, each under the German one that it replaces.
        """
        said = german if self.german else english
        if self.language == EASY:
            said = reworded("einfach/answers").get(german, german)
        return said.format_map(values) if values else said
