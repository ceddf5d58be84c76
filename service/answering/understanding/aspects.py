"""What is asked of a document itself: date, authority, publisher, contents, process; and of what became of it."""

from __future__ import annotations

import re
from collections.abc import Collection

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Aspect, Aspects, Standing
from service.answering.understanding.document_names import words_of
from vectorstore.records import DocumentStatus

_CUED = tuple(one for one in Aspect if one not in (Aspect.DECISION, Aspect.ABOUT))
_PROCESS = {Aspect.UPDATE, Aspect.ORIGIN}
_CLAUSE = re.compile(r"(?i)\s(?:und|and|sowie)\s|[,;:?]\s")
_EITHER = re.compile(r"(?i)\b(?:oder|or)\b")
_STATUSES = (
    (re.compile(r"(?i)\b(entwurf|entwürfe|draft)"), {DocumentStatus.DRAFT}),
    (re.compile(r"(?i)\b(antrag|anträge|motions?)\b"), {DocumentStatus.PROPOSED}),
    (
        re.compile(r"(?i)\b(nicht beschlossen|noch nicht|unverbindlich)"),
        {DocumentStatus.DRAFT, DocumentStatus.PROPOSED},
    ),
    (re.compile(r"(?i)\b(beschlossen|verabschiedet|adopted)"), {DocumentStatus.ADOPTED}),
)
_LISTING = re.compile(
    r"(?i)(?:erwähn|nenn|behandel|handel|geht|mention|cover|vorlieg|verfüg|einsehbar|vorhand|stamm)\w*"
)
_SERVICE = re.compile(
    r"(?i)\b(?:in|auf|bei|aus)\s+(?:diese[mnr]?|deine[mnr]?|eure[mnr]?|ihre[mnr]?|this|your)\s+([\w-]+)|"
    r"\b(auskunftsdienst|strategielotsen?|datenbank|sammlung|bestand|database|collection)\b"
)


def aspects_of(
    question: str, documents: Collection[str], corpus: Corpus, *, whole: bool, nothing_else: bool = False
) -> Aspects:
    """What is asked of these documents as a `whole`, clause by clause; a process answers when it began, too.

    Where `nothing_else` is named than a document and no aspect of it, what stands in it is asked.
    """
    vote, outcome = _says("motion.vote", question), _says("motion.outcome", question)
    if not whole:
        return Aspects(vote=vote, outcome=outcome)
    found = [aspect for clause in _CLAUSE.split(question) if (aspect := _aspect(clause))]
    default = Aspect.CONTENTS if nothing_else else Aspect.ABOUT
    asked = tuple(dict.fromkeys(found or [_aspect(question) or default]))
    if _PROCESS & set(asked):
        asked = tuple(one for one in asked if one not in (Aspect.DATE, Aspect.DECISION))
    return Aspects(
        asked=asked,
        labels=_labels(question, documents, corpus),
        standing=_standing(question),
        when=_says("aspect.when", question),
        vote=vote,
        outcome=outcome,
    )


def document_statuses(question: str) -> frozenset[DocumentStatus]:
    """How far the documents are that are to be listed; empty for any."""
    return next((frozenset(statuses) for cue, statuses in _STATUSES if cue.search(question)), frozenset())


def conditions(question: str) -> set[str]:
    """The words that say which documents are listed, and are no topic of theirs."""
    service = {part for match in _SERVICE.finditer(question) for part in match.groups() if part}
    words = [word.strip("„“”\"'()?!.,;:") for word in question.split()]
    return service | {
        word for word in words if _LISTING.fullmatch(word) or any(cue.search(word) for cue, _ in _STATUSES)
    }


def _aspect(clause: str) -> Aspect | None:
    """What a clause asks: "when" goes before the verb, but a process is told, and a draft not decided."""
    found = [one for one in _CUED if _says(f"aspect.{one}", clause)]
    if not _says("aspect.when", clause) or _PROCESS & set(found):
        return found[0] if found else None
    return Aspect.DECISION if Aspect.STATUS in found else Aspect.DATE


def _standing(question: str) -> Standing:
    """Of what it is asked by yes or no whether a document is that; nothing where a choice of two is asked."""
    binding, draft = _says("aspect.binding", question), _says("aspect.draft", question)
    if binding:
        return Standing.EITHER if draft else Standing.BINDING
    return Standing.DRAFT if draft and not _EITHER.search(question) else Standing.NOTHING


def _labels(question: str, documents: Collection[str], corpus: Corpus) -> tuple[str, ...]:
    """The labels of title pages that the question names."""
    asked = set(words_of(question))
    labels = (label for one in documents for label, _ in corpus.labels.get(one, ()))
    return tuple(dict.fromkeys(label for label in labels if asked & set(words_of(label))))


def _says(cue: str, question: str) -> bool:
    return lexicon.matches("phrases", cue, question)
