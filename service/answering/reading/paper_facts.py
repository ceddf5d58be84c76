"""Which facts a question asks of papers themselves: who signed, the vote, the term, the author."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import AnswerType, PrintedFact
from service.answering.reading.documents import NamedDocuments
from service.answering.reading.left_over import words_of_metadata
from service.answering.reading.probabilities import LIKELY_SHARE
from service.answering.reading.values import Analysis
from service.answering.retrieval.query_words import QueryWord
from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentKind
from vectorstore.text_forms import fold

# of a motion, whatever nouns a question has: it is on one subject
_OF_ANY_SUBJECT = (PrintedFact.SIGNATURE, PrintedFact.VOTE)
_SOMEBODY = (AnswerType.PERSON, AnswerType.ORGANISATION, AnswerType.NAMES)
DECIDED = lexicon.folded_words("asking", "document", "decided")
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


def asks_whether_adopted(analysis: Analysis, catalogue: Catalogue) -> bool:
    """True for a yes-no question on whether a paper was adopted: "Hat der Kreis sein Leitbild
    beschlossen?".

    Not of a motion: what became of it is no status of the paper.
    """
    is_yes_no = analysis.probabilities["yes_no"]["yes"] >= LIKELY_SHARE
    names_motion = _names_one_motion(analysis.values.documents, catalogue)
    return is_yes_no and not names_motion and not DECIDED.isdisjoint(analysis.words)


def find_subject_of_motion(
    named: NamedDocuments, nouns: Sequence[QueryWord], corpus: Corpus
) -> frozenset[str]:
    """The folded nouns of a question for the subject of the one motion that it names.

    They are those whose words stand in the motion: "Bänken" in "Wer hat den Antrag zu den Bänken
    gestellt?". Empty if the question names anything but one motion.
    """
    if not _names_one_motion(named, corpus.catalogue):
        return frozenset()
    items = corpus.catalogue.items_of(named.ids[0])
    terms = frozenset[str]().union(*(corpus.terms[corpus.row(item)] for item in items))
    return frozenset(fold(noun.text) for noun in nouns if noun.terms[0] in terms)
