"""Which decision made a case worse: it is asked again of what would answer without each decision in turn.

Of a decision that did, its further wordings are left out one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from evals.asking import asked
from evals.cases import Case
from evals.metrics.judging import Judgement
from evals.targets import InProcess
from service.learning.trial import Cause
from vectorstore.questions import ItemQuestion, Questions

MOST_ASKED = 2_000  # questions that are asked to find out: some seconds to half a minute


@dataclass(slots=True)
class Blame:
    """Finds the decisions behind cases that got worse.

    `without` are the questions for items as they would be without each decision, by its number, and `wordings` gives
    them without each further wording of one. `given_up` counts cases for which too much would have to be asked.
    """

    without: Mapping[int, Sequence[ItemQuestion]]
    wordings: Callable[[int], Mapping[int, Sequence[ItemQuestion]]] = lambda number: {}
    given_up: int = 0
    _asked: int = field(default=0, init=False)

    def of(self, lost: Judgement, after: InProcess) -> tuple[Cause, ...]:
        """The decisions without any one of which a case is right again, none where it takes several of them together.

        Where one further wording of a decision is enough, it is that one. Raises TargetError.
        """
        cited = {(one.document_id, one.key) for one in lost.asked.answer.citations}
        numbers = sorted(self.without, key=lambda one: (not self._touches(one, cited, after), one))
        if self._asked + len(numbers) > MOST_ASKED:
            self.given_up += 1
            return ()
        found = sorted(one for one in numbers if self._right_again(lost.case, self.without[one], after))
        return tuple(Cause(decision=one, wording=self._wording(lost.case, one, after)) for one in found)

    def _touches(self, number: int, cited: set[tuple[str, str]], after: InProcess) -> bool:
        """True where a decision is about an item that the worse answer cites."""
        now = {one.same_as: one for one in after.service.corpus.edition.questions.all}
        then = {one.same_as: one for one in self.without[number]}
        return any((now.get(one) or then[one]).item in cited for one in now.keys() ^ then.keys())

    def _wording(self, case: Case, number: int, after: InProcess) -> int:
        """The further wording of a decision without which alone a case is right again; 0 where there is none."""
        each = self.wordings(number).items()
        return next((wording for wording, less in each if self._right_again(case, less, after)), 0)

    def _right_again(self, case: Case, questions: Sequence[ItemQuestion], after: InProcess) -> bool:
        with _answering_with(after, questions):
            return self._is_right(case, after)

    def _is_right(self, case: Case, after: InProcess) -> bool:
        self._asked += 1
        return asked(after, case).judgement.fully


@contextmanager
def _answering_with(target: InProcess, questions: Sequence[ItemQuestion]) -> Iterator[None]:
    """Answer with other questions for items for a while."""
    corpus = target.service.corpus
    kept = corpus.questions
    corpus.questions = corpus.written(Questions.build(questions, corpus.analyzer))
    try:
        yield
    finally:
        corpus.questions = kept
