"""What draft a model is asked for: in which language, in easy words or not, a whole answer or an introduction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prompts import filled
from service.answering import wording
from service.answering.generating.material import conversation_of
from service.answering.generating.translating import tongues
from service.answering.understanding.language import DEFAULT
from service.models import Turn
from vectorstore.records import ItemStatus

SENTENCES = 6  # that a model is asked for at most
INTRODUCED = 2  # of an introduction
_INSTRUCTION, _QUESTION = "de/model/draft_instruction", "de/model/draft_question"
_EASY, _TRANSLATED = "de/model/draft_easy", "de/model/draft_translated"
_INTRODUCTION = "de/model/draft_introduction"


@dataclass(frozen=True, slots=True)
class Wish:
    """The draft that is wanted; `language` is "de" or one in which answers are worded beside German."""

    language: str = DEFAULT
    easy: bool = False
    introduction: bool = False

    @property
    def translated(self) -> bool:
        """True where each sentence stands beside the German one that is proven."""
        return self.language != DEFAULT

    @property
    def prompts(self) -> tuple[str, ...]:
        """The names of all prompts that say it."""
        return (_INSTRUCTION, *(name for name, _ in self._more()), _QUESTION)

    def instruction(self) -> str:
        """What the model is told."""
        most = INTRODUCED if self.introduction else SENTENCES
        first = filled(_INSTRUCTION, sprache=self._spoken(), saetze=str(most))
        return "\n\n".join([first, *(filled(name, **values) for name, values in self._more())])

    def asked(self, question: str, turns: Sequence[Turn], shown: str) -> str:
        """What the model is asked over the items that are shown."""
        return filled(
            _QUESTION,
            eintraege=shown,
            gespraech=conversation_of(turns),
            frage=" ".join(question.split()),
            sprache=self._spoken(),
        )

    def _spoken(self) -> str:
        return f"{tongues()[self.language].name} und Deutsch" if self.translated else "Deutsch"

    def _more(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The prompts beside the usual ones, each with what is put in."""
        if self.introduction:
            yield _INTRODUCTION, {"saetze": str(INTRODUCED)}
        if self.easy:
            yield _EASY, {}
        if self.translated:
            named = zip(ItemStatus, tongues()[self.language].statuses, strict=True)
            status = ", ".join(f"{wording.STATUS_NAMES[german]} = {own}" for german, own in named)
            yield _TRANSLATED, {"sprache": tongues()[self.language].name, "status": status}
