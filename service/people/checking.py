"""Whether an edition bears out an answer that people wrote: each sentence like a draft's, by the records it cites.

What is not borne out is told with its reason; nothing is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prompts import reworded, say
from service.answering.corpus import Corpus
from service.answering.draft import Sentence
from service.answering.verifying.orders import is_order
from service.answering.verifying.verifier import Verifier
from service.people.form import Decision
from vectorstore.questions import ItemKey
from vectorstore.records import Item
from vectorstore.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of an answer: with its proofs, or with the reason why it is not borne out."""

    text: str
    proven: Sentence | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What an edition says to an answer; `missing` says of each citation that it does not have why."""

    sentences: tuple[CheckedSentence, ...]
    missing: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """True where every citation is there and every sentence is borne out."""
        return not self.missing and bool(self.sentences) and all(one.proven for one in self.sentences)

    @property
    def reasons(self) -> list[str]:
        """Why it is not told, one sentence each; none where it is."""
        found = list(self.missing)
        found += [say("people.because", text=one.text, reason=one.reason) for one in self.sentences if not one.proven]
        return found or ([] if self.sentences else [say("people.no_sentence")])


class Checker:
    """Checks what people decided against the records in force of one edition."""

    def __init__(self, corpus: Corpus, verifier: Verifier) -> None:
        self._corpus = corpus
        self._verifier = verifier

    def check(self, answer: Decision) -> Check:
        """What the edition says to a text with its citations."""
        missing = tuple(reason for cited in answer.items if (reason := self.missing(cited)))
        items = [item for cited in answer.items if (item := self._corpus.catalogue.item(*cited)) is not None]
        if not items:
            said = tuple(CheckedSentence(one, reason=say("people.fault_quotes")) for one in _sentences(answer.value))
            return Check(said, missing)
        checked = tuple(self._checked(one, items) for one in _sentences(answer.value))
        return Check(checked, missing)

    def missing(self, cited: ItemKey) -> str:
        """Why a citation cannot be used; "" where it can."""
        document, key = cited
        everything = self._corpus.edition.catalogue
        if document not in everything.documents:
            return say("people.no_document", document=document)
        if everything.item(document, key) is None:
            return say("people.no_entry", document=document, key=key)
        if self._corpus.catalogue.item(document, key) is None:
            return say("people.replaced", document=document)
        return ""

    def _checked(self, text: str, items: Sequence[Item]) -> CheckedSentence:
        """A sentence by the first record that bears it out alone, else by all together."""
        if is_order(text):
            return CheckedSentence(text, reason=say("people.order"))
        reason = ""
        for chosen in [*([one] for one in items), *([list(items)] if len(items) > 1 else [])]:
            made = self._verifier.worded(text, chosen)
            fault = self._verifier.fault(made)
            if fault is None:
                return CheckedSentence(text, made)
            reason = reworded("de/people")[f"fault_{fault.kind.value}"].format(said=fault.said)
        return CheckedSentence(text, reason=reason)


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.splitlines():
        for start, end in sentence_spans(paragraph):
            if said := " ".join(paragraph[start:end].split()):
                yield said
