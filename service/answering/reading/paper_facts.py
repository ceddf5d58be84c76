"""Which facts a question asks of papers themselves: who signed, the vote, the term, the author."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.answering import lexicon
from service.answering.query import AnswerType, PrintedFact
from service.answering.reading.documents import NamedDocuments
from service.answering.reading.left_over import words_of_metadata
from service.answering.reading.probabilities import LIKELY_SHARE
from service.answering.reading.values import Analysis
from vectorstore.language import fold
from vectorstore.records import Catalogue, DocumentKind

# of a motion, whatever nouns a question has: it is on one subject
_OF_ANY_SUBJECT = (PrintedFact.SIGNATURE, PrintedFact.VOTE)
_SOMEBODY = (AnswerType.PERSON, AnswerType.ORGANISATION, AnswerType.NAMES)
_PAPER_NOUNS = lexicon.folded_words("printed", "paper", "nouns")


def find_paper_facts(analysis: Analysis, catalogue: Catalogue) -> tuple[PrintedFact, ...]:
    """The facts that a question asks of papers themselves; () where it asks of records.

    It names some papers, and no noun but those for what is asked and for a paper ("Ausgabe"): any
    other noun may mean something in the paper. A motion is on one subject. So if the question names
    one motion, its subject may be named, too, where the signature or the vote is asked for.
    """
    values = analysis.values
    named = values.documents
    is_on_paper = named.explicit or values.about_documents
    asks_of_records = values.kind_words - named.words or values.numbered.items
    if not is_on_paper or asks_of_records or values.named_by_title:
        return ()
    facts = _find_named(analysis.words)
    nouns = {fold(word.text) for word in analysis.topic.nouns}
    names_motion = _names_one_motion(named, catalogue)
    if not _asks_for_author(facts, nouns, analysis.asked):
        facts.pop(PrintedFact.AUTHOR, None)
    if not names_motion:  # other papers say why of much that is not themselves
        facts.pop(PrintedFact.REASON, None)
    taken = _PAPER_NOUNS.union(words_of_metadata(), *facts.values())
    if nouns <= taken:
        return tuple(facts)
    if not names_motion:
        return ()
    return tuple(fact for fact in facts if fact in _OF_ANY_SUBJECT)


def _find_named(words: Iterable[str]) -> dict[PrintedFact, frozenset[str]]:
    """The facts for which folded words ask, each with all words of the lexicon for it."""
    asked = set(words)
    known = {fact: lexicon.folded_words("asking", "printed", fact.value) for fact in PrintedFact}
    return {fact: named for fact, named in known.items() if not named.isdisjoint(asked)}


def _asks_for_author(
    facts: Mapping[PrintedFact, frozenset[str]], nouns: set[str], asked: Mapping[str, float]
) -> bool:
    """True if a noun for the author is named, or somebody is asked for.

    A verb such as "erstellt" alone is not enough, since one also asks when or how a paper was
    written. `facts` has the words for each fact, `asked` the probability of each answer type.
    """
    if not nouns.isdisjoint(facts.get(PrintedFact.AUTHOR, ())):
        return True
    return sum(asked[name] for name in _SOMEBODY) >= LIKELY_SHARE


def _names_one_motion(named: NamedDocuments, catalogue: Catalogue) -> bool:
    """True if all that a question names is one motion."""
    if not named.by_name or len(named.ids) != 1:
        return False
    return catalogue.documents[named.ids[0]].kind is DocumentKind.MOTION
