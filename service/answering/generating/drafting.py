"""Having a language model word what was found: its sentences count as far as they are proven.

Lists, counts and all else that is computed stay computed. The model may say that the items do not hold what was asked;
it can add nothing that they do not say.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from prompts import digest, filled, text
from service.answering import wording
from service.answering.composing.sources import sourced
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Sentence, answered, sentence
from service.answering.evidence.passages import status_proof
from service.answering.generating.material import Material, conversation_of, material_of, token_of
from service.answering.generating.proposing import PROMPTS, Proposal, proposed
from service.answering.generating.proving import BORNE, Bearer
from service.answering.generating.replies import Said, closed, is_nothing, sentences_of
from service.answering.nonanswers import not_in_documents
from service.answering.query import Intent
from service.answering.understanding.language import DEFAULT
from service.answering.verifying.statuses import says_status
from service.answering.verifying.verifier import Verifier
from service.language_models.access import ModelAccess
from service.language_models.errors import ModelUnavailable
from service.language_models.masking import is_personal
from service.models import AnswerMode, AnswerStatus, Turn
from vectorstore.records import Item, ItemStatus

Tell = Callable[[Sentence], None]

SENTENCES = 6  # that a model is asked for at most
FOUND = 18  # items that a model is shown at most
_PROMPTS = ("de/model/draft_instruction", "de/model/draft_question")
_NOT_BEGUN = (ItemStatus.IDEA, ItemStatus.PLANNED)


@dataclass(frozen=True, slots=True)
class Worded:
    """A draft, who worded it ("" for nobody), and the digest of the prompts."""

    draft: Draft
    model: str = ""
    prompts: str = ""


@dataclass(slots=True)
class Drafter:
    """Asks a model for drafts over one edition."""

    access: ModelAccess
    corpus: Corpus
    verifier: Verifier
    _bearer: Bearer = field(init=False)

    def __post_init__(self) -> None:
        self._bearer = Bearer(self.corpus)

    def proposed(self, question: str, turns: Sequence[Turn]) -> Proposal | None:
        """How the model reads a question; None where it may not be asked or fails."""
        if is_personal(_told(question, turns)):
            return None
        return proposed(self.access, self.corpus, question, turns)

    def worded(
        self,
        context: Context,
        question: str,
        turns: Sequence[Turn],
        base: Draft,
        added: Sequence[Item] = (),
        tell: Tell | None = None,
    ) -> Worded:
        """The draft as the model words it, or the one without it: where it may not be asked, fails or is not proven.

        `tell` gets each sentence of it as soon as it is proven, in another thread, and none after this has returned.
        """
        items = _items(context, added)
        if not items or not _may_be_worded(context, base):
            return Worded(base)
        if is_personal(_told(question, turns)):
            return Worded(base.noting("model_not_asked", text(f"{context.language}/model_not_asked")))
        growing = _Growing(self, context, material_of(items, self.corpus), tell)
        try:
            reply = self.access.ask(*_prompts(question, turns, growing.material), heard=growing.hear)
        except ModelUnavailable:
            if (told := growing.ended("")) and tell:
                return self._of_model(told)
            return Worded(base.noting("model_unavailable", text(f"{context.language}/model_unavailable")))
        if is_nothing(reply.text):
            return self._of_model(_nothing(context, base))
        draft = growing.ended(reply.text)
        return self._of_model(draft) if draft else Worded(base)

    def _of_model(self, draft: Draft) -> Worded:
        return Worded(draft, self.access.name, digest(*PROMPTS, *_PROMPTS))

    def proven(self, context: Context, said: Said, material: Material, told: set[str]) -> Sentence | None:
        """A sentence with its proofs, None where something in it is not borne out; `told` are statuses said before."""
        items = [material.items[token] for token in said.tokens if token in material.items]
        if not items:
            return None
        borne = self._bearer.borne(said.text, items)
        if borne.share < BORNE or self._bearer.turned(said.text, borne.proofs):
            return None
        made = sentence(Fragment(said.text, borne.proofs), *self._not_begun(context, said.text, items, told), said.end)
        return made if self.verifier.proven(made, context.language) else None

    def _not_begun(self, context: Context, said: str, items: list[Item], told: set[str]) -> Iterator[Fragment]:
        """The status of ideas and plans, where a sentence on them does not say it and none before did."""
        early = [item for item in items if item.status in _NOT_BEGUN]
        names = {token_of(item) for item in early}
        if early and len(early) == len(items) and not says_status(said) and not names <= told:
            told |= names
            status = early[0].status
            assert status is not None
            yield Fragment(f" ({wording.status(status, context.language)})", (status_proof(early[0], self.corpus),))


class _Growing:
    """A reply that grows: its sentences are proven one by one; the first must be, or nothing of it counts."""

    def __init__(self, drafter: Drafter, context: Context, material: Material, tell: Tell | None) -> None:
        self.material = material
        self._drafter, self._context, self._tell = drafter, context, tell
        self._made: list[Sentence | None] = []
        self._statuses: set[str] = set()
        self._lock, self._over = threading.Lock(), False

    def hear(self, reply: str) -> None:
        """Take the sentences of a reply so far that are closed by their tokens."""
        with self._lock:
            if not self._over:
                self._take(closed(reply))

    def ended(self, reply: str) -> Draft | None:
        """The draft of all that is proven, None where that is no answer; nothing is taken or told after it."""
        with self._lock:
            self._over = True
            self._take(reply)
            kept = [one for one in self._made if one is not None]
            self._drafter.access.counts["sentences"] += len(self._made)
            self._drafter.access.counts["dropped"] += len(self._made) - len(kept)
        if not kept or self._made[0] is None:
            return None
        return sourced(self._context, answered(*kept, mode=AnswerMode.GENERATED))

    def _take(self, reply: str) -> None:
        for said in sentences_of(reply)[len(self._made) :]:
            made = self._drafter.proven(self._context, said, self.material, self._statuses)
            self._made.append(made)
            if made is not None and self._made[0] is not None and self._tell is not None and not self._over:
                self._tell(made)


def _may_be_worded(context: Context, base: Draft) -> bool:
    """True for passages and for what was found without an answer, in German: what is computed stays as it is."""
    query = context.query
    if query.spoken != DEFAULT or query.language != DEFAULT or query.intent is Intent.COMPARE:
        return False
    return base.mode is AnswerMode.EXTRACTIVE or base.status is AnswerStatus.NOT_IN_DOCUMENTS


def _items(context: Context, added: Sequence[Item]) -> list[Item]:
    """The items that a model is shown, the likeliest first: what was found, and by turns what its own words find."""
    found = [one.item for one in context.found]
    turns = [one for pair in zip_longest(found, added) for one in pair if one is not None]
    return list({(one.document_id, one.key): one for one in (*context.focus, *turns)}.values())[:FOUND]


def _told(question: str, turns: Sequence[Turn]) -> str:
    """All that people wrote."""
    return "\n".join([question, *(turn.content for turn in turns)])


def _prompts(question: str, turns: Sequence[Turn], material: Material) -> tuple[str, str]:
    instruction = filled(_PROMPTS[0], sprache="Deutsch", saetze=str(SENTENCES))
    asked = filled(
        _PROMPTS[1],
        eintraege=material.text,
        gespraech=conversation_of(turns),
        frage=" ".join(question.split()),
        sprache="Deutsch",
    )
    return instruction, asked


def _nothing(context: Context, base: Draft) -> Draft:
    """What is said where the model finds no answer in the items."""
    return base if base.status is AnswerStatus.NOT_IN_DOCUMENTS else not_in_documents(context)
