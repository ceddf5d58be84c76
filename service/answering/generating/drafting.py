"""Having a language model word what was found: its sentences count as far as they are proven.

Lists, counts and all else that is computed stay computed; an overview may get an introduction. The model may say that
the items do not hold what was asked; it can add nothing that they do not say.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from prompts import digest, filled, text
from service.answering import wording
from service.answering.composing import overview
from service.answering.composing.sources import sourced
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.passages import status_proof
from service.answering.generating.leaking import is_prompt
from service.answering.generating.material import Material, material_of, token_of
from service.answering.generating.proposing import Proposal, prompts_of, proposed
from service.answering.generating.proving import BORNE, Bearer
from service.answering.generating.replies import Said, closed, is_nothing, sentences_of
from service.answering.generating.translating import mirrors, translated_of
from service.answering.generating.wishes import INTRODUCED, Wish
from service.answering.generating.wishes import SENTENCES as SENTENCES
from service.answering.nonanswers import not_in_documents
from service.answering.query import Intent
from service.answering.understanding.language import DEFAULT
from service.answering.verifying.statuses import says_status
from service.answering.verifying.verifier import Verifier
from service.answering.wording import EASY
from service.language_models.access import ModelAccess
from service.language_models.errors import ModelUnavailable
from service.language_models.masking import is_personal
from service.models import AnswerMode, AnswerStatus, DataKind, Turn
from vectorstore.records import Item, ItemStatus

Tell = Callable[[Sentence], None]

FOUND = 18  # items that a model is shown at most
_NOT_BEGUN = (ItemStatus.IDEA, ItemStatus.PLANNED)


@dataclass(frozen=True, slots=True)
class Worded:
    """A draft, who worded it ("" for nobody), and the digest of the prompts.

    `language` is that of sentences which the model worded, "" where the draft has none of it.
    """

    draft: Draft
    model: str = ""
    prompts: str = ""
    language: str = ""


@dataclass(slots=True)
class Drafter:
    """Asks a model for drafts over one edition."""

    access: ModelAccess
    corpus: Corpus
    verifier: Verifier
    _bearer: Bearer = field(init=False)

    def __post_init__(self) -> None:
        self._bearer = Bearer(self.corpus)

    def proposed(self, question: str, turns: Sequence[Turn], spoken: str) -> Proposal | None:
        """How the model reads a question in a language; None where it may not be asked or fails."""
        if is_personal(_told(question, turns)):
            return None
        return proposed(self.access, self.corpus, question, turns, spoken)

    def worded(
        self,
        context: Context,
        question: str,
        turns: Sequence[Turn],
        base: Draft,
        added: Sequence[Item] = (),
        tell: Tell | None = None,
        language: str = DEFAULT,
    ) -> Worded:
        """The draft as the model words it, or the one without it: where it may not be asked, fails or is not proven.

        `tell` gets each sentence of it as soon as it is proven, in another thread, and none after this has returned.
        `language` is "de" or one in which answers are worded beside German.
        """
        introduces = _is_overview(base) and language == context.query.language
        wish = Wish(language, context.language == EASY and language == DEFAULT, introduces)
        items = _listed(context, base) if wish.introduction else _items(context, added)
        if not items or not (wish.introduction or _may_be_worded(context, base)):
            return Worded(base)
        if is_personal(_told(question, turns)):
            return Worded(base.noting("model_not_asked", text(f"{context.language}/model_not_asked")))
        growing = _Growing(self, context, material_of(items, self.corpus), tell, wish)
        asked = wish.asked(question, turns, growing.material.text)
        try:
            reply = self.access.ask(wish.instruction(), asked, heard=growing.hear)
        except ModelUnavailable:
            if (told := growing.ended("")) and tell:
                draft = _drafted(context, told, base, wish)
                broken = draft.noting("model_broke_off", text(f"{context.language}/model_broke_off"))
                return self._of_model(broken, context, wish, language)
            return Worded(base.noting("model_unavailable", text(f"{context.language}/model_unavailable")))
        if is_nothing(reply.text):
            return self._of_model(base if wish.introduction else _nothing(context, base), context, wish)
        told = growing.ended(reply.text)
        return self._of_model(_drafted(context, told, base, wish), context, wish, language) if told else Worded(base)

    def _of_model(self, draft: Draft, context: Context, wish: Wish, language: str = "") -> Worded:
        names = (*prompts_of(context.query.spoken), *wish.prompts)
        return Worded(draft, self.access.name, digest(*names), language)

    def proven(
        self, context: Context, said: Said, material: Material, told: set[str], language: str
    ) -> Sentence | None:
        """A sentence with its proofs, None where something in it is not borne out; `told` are statuses said before."""
        items = [material.items[token] for token in said.tokens if token in material.items]
        if not items:
            return None
        borne = self._bearer.borne(said.text, items)
        if (
            borne.share < BORNE
            or is_prompt(f"{said.text} {said.other}")
            or self._bearer.turned(said.text, borne.proofs)
        ):
            return None
        if language != DEFAULT:
            return self._translated(said, items, borne.proofs, told, language)
        status = self._not_begun(context.language, said.text, items, told)
        made = sentence(Fragment(said.text, borne.proofs), *status, said.end)
        return made if self.verifier.proven(made, DEFAULT) else None

    def _translated(
        self, said: Said, items: list[Item], proofs: tuple[Proof, ...], told: set[str], language: str
    ) -> Sentence | None:
        """A sentence in another language, where its German one is proven and it says alike what must be alike."""
        german = sentence(Fragment(said.text, proofs), said.end)
        known = (part for one in proofs for part in (one.quote, one.item.title, self.corpus.document(one.item).title))
        if not self.verifier.proven(german, DEFAULT) or not mirrors(said.other, said.text, known, language):
            return None
        status = self._not_begun(language, said.text, items, told)
        made = sentence(Fragment(said.other, proofs), *status, said.end, computed=(german.text,))
        return made if self.verifier.proven(made, language) else None

    def _not_begun(self, language: str, said: str, items: list[Item], told: set[str]) -> Iterator[Fragment]:
        """The status of ideas and plans, where a sentence on them does not say it and none before did."""
        early = [item for item in items if item.status in _NOT_BEGUN]
        names = {token_of(item) for item in early}
        if early and len(early) == len(items) and not says_status(said) and not names <= told:
            told |= names
            status = early[0].status
            assert status is not None
            yield Fragment(f" ({wording.status(status, language)})", (status_proof(early[0], self.corpus),))


class _Growing:
    """A reply that grows: its sentences are proven one by one; the first must be, or nothing of it counts."""

    def __init__(self, drafter: Drafter, context: Context, material: Material, tell: Tell | None, wish: Wish) -> None:
        self.material = material
        self._drafter, self._context, self._tell, self._wish = drafter, context, tell, wish
        self._made: list[Sentence | None] = []
        self._statuses: set[str] = set()
        self._lock, self._over = threading.Lock(), False

    def hear(self, reply: str) -> None:
        """Take the sentences of a reply so far that are closed by their tokens."""
        with self._lock:
            if not self._over:
                self._take(closed(reply))

    def ended(self, reply: str) -> tuple[Sentence, ...]:
        """All that is proven, () where that is no answer; nothing is taken or told after it."""
        with self._lock:
            self._over = True
            self._take(reply)
            kept = [one for one in self._made if one is not None]
            self._drafter.access.counts["sentences"] += len(self._made)
            self._drafter.access.counts["dropped"] += len(self._made) - len(kept)
        return tuple(kept) if kept and self._made[0] is not None else ()

    def _take(self, reply: str) -> None:
        read = translated_of if self._wish.translated else sentences_of
        said = read(reply)[: INTRODUCED if self._wish.introduction else None]
        for one in said[len(self._made) :]:
            made = self._drafter.proven(self._context, one, self.material, self._statuses, self._wish.language)
            self._made.append(made)
            if made is not None and self._made[0] is not None and self._tell is not None and not self._over:
                self._tell(made)


def _may_be_worded(context: Context, base: Draft) -> bool:
    """True for passages and for what was found without an answer: what is computed stays as it is."""
    if context.query.intent is Intent.COMPARE:
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


def _is_overview(base: Draft) -> bool:
    return base.mode is AnswerMode.COMPUTED and base.data is not None and base.data.kind is DataKind.OVERVIEW


def _listed(context: Context, base: Draft) -> list[Item]:
    """The items that an overview lists, those that it tells first."""
    told = [proof.item for one in base.sentences for proof in one.proofs]
    items = (*told, *(one.item for one in overview.on_topic(context)))
    return list({(one.document_id, one.key): one for one in items}.values())[:FOUND]


def _drafted(context: Context, told: tuple[Sentence, ...], base: Draft, wish: Wish) -> Draft:
    """The draft of what is proven: an answer, or an introduction before what is computed."""
    if wish.introduction:
        draft = replace(base, sentences=(*told, *base.sentences))
    else:
        draft = sourced(context, answered(*told, mode=AnswerMode.GENERATED), wish.language if wish.translated else "")
    if not wish.translated:
        return draft
    german = " ".join(part for one in told for part in one.computed)
    return draft.noting("translated", filled(f"{wish.language}/translated", deutsch=german))


def _nothing(context: Context, base: Draft) -> Draft:
    """What is said where the model finds no answer in the items."""
    return base if base.status is AnswerStatus.NOT_IN_DOCUMENTS else not_in_documents(context)
