"""Asking for questions batch by batch: kept at once, tried again where a request fails, ended where that goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from service.language_models.access import ModelAccess
from service.language_models.building import Reply
from service.language_models.errors import Failure, ModelUnavailable
from service.language_models.patience import PAUSES, asked_patiently
from service.question_writing.batches import Batch, Tokens, origin_of
from service.question_writing.cache import WrittenCache
from service.question_writing.replies import questions_of

Progress = Callable[[str, float], None]
_USELESS = 3  # replies in a row without one question; then the model cannot do it


@dataclass(slots=True)
class Written:
    """What came of it: items with questions and without, lines dropped, tokens, and why it ended early.

    `failure` is a failed request, `useless` says that replies are not in the form that was asked for.
    """

    items: int = 0
    questions: int = 0
    without: int = 0
    dropped: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    failure: Failure | None = None
    useless: bool = False

    @property
    def ended_early(self) -> bool:
        """True where not all batches were asked."""
        return self.failure is not None or self.useless


@dataclass(frozen=True, slots=True)
class QuestionWriter:
    """Writes into a cache with a model; `pauses` are the seconds before each further try."""

    access: ModelAccess
    cache: WrittenCache
    pauses: Sequence[float] = PAUSES

    def write(self, asked: Sequence[Batch], progress: Progress = lambda step, share: None) -> Written:
        """Ask for all batches, or as many as the model replies to; raises OSError where they cannot be kept."""
        written, in_vain = Written(), 0
        for number, batch in enumerate(asked):
            progress(f"Fragen schreiben: {number + 1} von {len(asked)} Anfragen", number / len(asked))
            try:
                reply = asked_patiently(self.access, batch.instruction, batch.asked, self.pauses)
            except ModelUnavailable as error:
                written.failure = error.failure
                break
            in_vain = 0 if self._keep(batch, reply, written) else in_vain + 1
            if in_vain == _USELESS:
                written.useless = True
                break
        return written

    def _keep(self, batch: Batch, reply: Reply, written: Written) -> int:
        """Keep what a reply says; returns how many items it has questions for."""
        replied = questions_of(reply.text, batch.material.items)
        for token, questions in replied.questions.items():
            self.cache.add(origin_of(batch.material.items[token], self.access.name), questions)
            written.questions += len(questions)
        written.items += len(replied.questions)
        written.without += len(batch.material.items) - len(replied.questions)
        written.dropped += replied.dropped
        written.tokens = written.tokens.plus(reply.read, reply.written)
        return len(replied.questions)
