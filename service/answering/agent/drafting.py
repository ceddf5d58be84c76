"""The draft of what the model answered: its supported sentences, the records that it lists, what it
did not find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from prompts import fill, text
from service.answering.agent.form import Answer
from service.answering.agent.material import Material
from service.answering.agent.tokens import Call
from service.answering.composing import listing, passages
from service.answering.composing.fixed_texts import (
    ask_for_clarification,
    fixed_draft,
    not_in_documents,
)
from service.answering.composing.parts import reservation
from service.answering.composing.verdicts import find_verdict
from service.answering.context import Context
from service.answering.draft import Draft, Sentence, make_sentence
from service.answering.query import Intent, Query
from service.answering.tools.records import conditions_of
from service.answering.tools.schemas import RecordsArguments, RecordsReply
from service.answering.verification.verdicts import begin_with_verdict
from service.records import AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Item, ItemStatus

_RELATED = 2  # items related to the question whose passages are shown
_NEAREST = 5  # items that were read but not cited, listed below the answer
_MARKS = '.,;:!?()"„“'


@dataclass(frozen=True, slots=True)
class AnswerDrafter:
    """Drafts the answer to one question (`question` as asked) from the material that the model
    read, in `language`.
    """

    question: str
    context: Context
    material: Material
    language: str

    def draft(self, answer: Answer, supported: list[Sentence]) -> Draft | None:
        """The draft of an answer with its supported sentences; None if nothing is left of it.

        If the agent asks back or rejects the question, the draft is a fixed text. If the agent
        found nothing, the draft says so and lists the nearest items; its sentences follow as
        related to the question.

        Any other draft has the sentences, the records that the answer lists, and what was not
        found.
        """
        context = self.context
        material = self.material
        if answer.outcome == "unclear":
            return self._fixed_text(ask_for_clarification(context), "unclear")
        if answer.outcome == "out_of_scope":
            rejected = fixed_draft("not_ours", context.language, AnswerStatus.OUT_OF_SCOPE)
            return self._fixed_text(rejected, "not_ours")
        if answer.outcome == "not_in_documents":
            candidates = material.read | material.best_hits
            unanswered = not_in_documents(context, "", *candidates.values())
            unanswered = self._fixed_text(unanswered, "not_in_documents")
            if not supported:
                return unanswered
            gap = list(self._gaps(answer)) or [self._make_gap(f"„{self.question}“")]
            return self._draft_related(supported, unanswered, *gap)
        records = self._list_records(answer)
        list_sentences = records.sentences if records and answer.rows_of else ()
        if not supported and not list_sentences:
            return None
        nearest = self._uncited(supported)[:_NEAREST]
        first = map(self._set_verdict, supported[:1])
        sentences = (*first, *supported[1:], *list_sentences, *self._gaps(answer))
        draft = Draft(AnswerStatus.ANSWERED, AnswerMode.GENERATED, sentences, nearest=nearest)
        if records is not None:
            draft = replace(
                draft, data=records.data, row_proofs=records.row_proofs, notices=records.notices
            )
        return self._mark_translated(draft)

    def _uncited(self, supported: list[Sentence]) -> tuple[Item, ...]:
        """The items that the model read, but that no sentence cites, without archived ones: shown
        as nearest.
        """
        cited_ids = set()
        for statement in supported:
            cited_ids |= {proof.item.address for proof in statement.proofs}
        uncited = []
        for item_id, item in self.material.read.items():
            if item_id not in cited_ids and item.status is not ItemStatus.ARCHIVED:
                uncited.append(item)
        return tuple(uncited)

    def _draft_related(self, cited: list[Sentence], unanswered: Draft, *gap: Sentence) -> Draft:
        """The draft that says what was not found, then shows sentences on items related to the
        question.

        `gap` are the sentences on what was not found, and `cited` those with proofs. If none of
        their items may be shown, the draft is `unanswered`.
        """
        items = dict.fromkeys(proof.item for statement in cited for proof in statement.proofs)
        related = self.context.passages_of(list(items)[:_RELATED])
        shown = passages.show(self.context, related)
        if shown.status is not AnswerStatus.FOUND:
            return unanswered
        lead = reservation(text(f"{self.language}/related"))
        draft = replace(
            shown,
            mode=AnswerMode.GENERATED,
            sentences=(*gap, lead, *cited),
            nearest=unanswered.nearest,
        )
        return self._mark_translated(draft)

    def _set_verdict(self, first: Sentence) -> Sentence:
        """The first sentence of an answer, with yes, no or not yet before it, if a rule finds this
        verdict.

        The model's own verdict is never taken.
        """
        items = [proof.item for proof in first.proofs]
        found = find_verdict(self.context, items)
        return begin_with_verdict(first, *found, self.language) if found else first

    def _mark_translated(self, draft: Draft) -> Draft:
        """The draft with a notice if sentences of it are translations."""
        if not any(sentence.german_original for sentence in draft.sentences):
            return draft
        return draft.with_notice("translated", text(f"{self.language}/translated"))

    def _fixed_text(self, draft: Draft, name: str) -> Draft:
        """A draft with the fixed text `name` in the language of the answer.

        The draft is made in German or English, so in these it is unchanged. If nothing was found,
        its last sentence, the German list of the searched documents, is kept behind the text.
        """
        if self.language in ("de", "en"):
            return draft
        last = draft.sentences[-1:] if draft.status is AnswerStatus.NOT_IN_DOCUMENTS else ()
        return replace(draft, sentences=(make_sentence(text(f"{self.language}/{name}")), *last))

    def _gaps(self, answer: Answer) -> Iterator[Sentence]:
        """Yield at most one sentence: what the agent did not find.

        Only words of the question are kept of what the agent says, so that it cannot claim anything
        here that nobody checks.
        """
        question_words = {word.strip(_MARKS).casefold() for word in self.question.split()}
        words = (word.strip(_MARKS) for word in answer.not_found.split())
        not_found = " ".join(word for word in words if word.casefold() in question_words)
        if not_found:
            yield self._make_gap(not_found)

    def _make_gap(self, not_found: str) -> Sentence:
        """The sentence that something was not found, in the asker's words."""
        return reservation(fill(f"{self.language}/gap", was=not_found))

    def _list_records(self, answer: Answer) -> Draft | None:
        """The draft on the records of the first call of `records` that the answer names.

        The records are selected anew by the same conditions. They are listed if the answer names a
        call in `rows_of`, behind what limits the list, else only counted, if the number is sure.
        None without such a call, or if no records meet the conditions.
        """
        arguments, found = self._first_list(answer)
        if arguments is None:
            return None
        query = Query(
            text=arguments.topic,
            intent=Intent.LIST if answer.rows_of else Intent.COUNT,
            conditions=conditions_of(arguments),
            sort=arguments.sort,
            language=self.context.language,
        )
        draft = listing.compose(replace(self.context, query=query))
        if not isinstance(draft, Draft):
            return None
        if draft.status is AnswerStatus.ANSWERED:
            return draft
        if not found or draft.data is None or draft.data.kind is not DataKind.LIST:
            return None  # without a record it is a list by fewer conditions
        *before, counted = draft.sentences
        limits = [sentence for sentence in before if sentence.is_reservation]
        return replace(draft, sentences=(*limits, counted))

    def _first_list(self, answer: Answer) -> tuple[RecordsArguments | None, int]:
        """The arguments of the first call of `records` that an answer names, None if it names none,
        and how many records it found.

        The call of which it wants the rows comes first, then those that its sentences cite.
        """
        tokens = [answer.rows_of]
        for statement in answer.sentences:
            tokens += statement.tokens
        for token in tokens:
            call = self.material.tokens.get(token, Call)
            if call is None or not isinstance(call.arguments, RecordsArguments):
                continue
            if isinstance(call.reply, RecordsReply):
                return call.arguments, call.reply.found
        return None, 0
