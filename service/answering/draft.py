"""The draft of an answer, before verification: sentences made of fragments, each with its
proofs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

from service.records import AnswerData, AnswerMode, AnswerStatus, Checked
from vectorstore.records import Item


@dataclass(frozen=True, slots=True)
class Proof:
    """An item with the verbatim passage that proves a statement; `start` is the passage's offset in
    the document.
    """

    item: Item
    quote: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence; the citation markers of its proofs follow it directly. With `is_quote`
    it is the quote of its proof, whole, and nothing else.
    """

    text: str
    proofs: tuple[Proof, ...] = ()
    is_quote: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """A count by a tool: the `number` of records that meet conditions; `words` are the wordings of
    these conditions.

    `complete` is as in the tool's reply: true, false ("mindestens"), None if unknown. `groups` are
    the numbers of records by value ("in Planung", 4), `items` the records that were counted.
    """

    number: int
    words: tuple[str, ...] = ()
    complete: bool | None = True
    groups: tuple[tuple[str, int], ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement on an item (proven by its passages), a document (by its title page) or a count.

    With `is_reservation` it only states what is missing: alone it is no answer. `is_free` is true
    for free wording (the agent's): its words and negations are compared with the cited passages,
    too. `german_original` is the verified German sentence of which it is the translation.
    `has_verdict` is true if its first two fragments are a verdict ("Ja: ") that a rule set.
    `checked` says of a model's sentence how its quote bears it out.
    """

    fragments: tuple[Fragment, ...]
    is_reservation: bool = False
    is_free: bool = False
    counted: tuple[Count, ...] = ()
    german_original: Sentence | None = None
    has_verdict: bool = False
    checked: Checked | None = None

    @property
    def text(self) -> str:
        """The sentence without markers."""
        return "".join(fragment.text for fragment in self.fragments)

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """All proofs of the sentence in order."""
        return tuple(chain.from_iterable(fragment.proofs for fragment in self.fragments))


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft that a composer or the agent makes; `row_proofs` has the proofs of each row of
    `data`.

    If a language model made it, `prompts` is the digest of its prompts, else ""; `language` is then
    the language of the sentences ("de", or another one with the German sentence added).
    """

    status: AnswerStatus
    mode: AnswerMode | None = None
    sentences: tuple[Sentence, ...] = ()
    data: AnswerData | None = None
    row_proofs: tuple[tuple[Proof, ...], ...] = ()
    nearest: tuple[Item, ...] = ()
    suggestions: tuple[str, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()  # code and text
    prompts: str = ""
    language: str = ""
    passage: Proof | None = None  # the whole passage from which the first citation is

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """All proofs of the sentences in order."""
        return tuple(chain.from_iterable(sentence.proofs for sentence in self.sentences))

    def with_notice(self, code: str, text: str) -> Draft:
        """The same draft with one more notice."""
        return replace(self, notices=(*self.notices, (code, text)))


@dataclass(frozen=True, slots=True)
class Lead:
    """What a composer says before the passages that fit the question, where it has no answer."""

    sentences: tuple[Sentence, ...] = ()


def make_sentence(*parts: str | Fragment) -> Sentence:
    """Make a sentence of fragments and of strings, which have no proof."""
    return Sentence(tuple(Fragment(part) if isinstance(part, str) else part for part in parts))


def make_answer(
    *sentences: Sentence,
    mode: AnswerMode,
    data: AnswerData | None = None,
    row_proofs: tuple[tuple[Proof, ...], ...] = (),
) -> Draft:
    """Make a draft with the status `answered`."""
    return Draft(AnswerStatus.ANSWERED, mode, sentences, data, row_proofs)
