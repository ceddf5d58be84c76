"""An answer before verification: sentences made of fragments, each with the proof it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from service.models import AnswerData, AnswerMode, AnswerStatus
from vectorstore.records import Item


@dataclass(frozen=True, slots=True)
class Proof:
    """An item with the verbatim passage of its document that proves a statement; `start` is the passage's offset."""

    item: Item
    quote: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence; its markers stand right behind it."""

    text: str
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a tool counted: how many records meet conditions; `words` say these conditions as they may be told.

    `complete` is the tool's: true, false ("mindestens"), None where it is not known. `groups` are how many records have
    a value ("in Planung", 4), `items` the records themselves.
    """

    number: int
    words: tuple[str, ...] = ()
    complete: bool | None = True
    groups: tuple[tuple[str, int], ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A search that found nothing: its text, and the ids of the papers that were looked through, () for all."""

    text: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement on an entry (passages of it prove it), a paper (its front matter), or what was counted or not found.

    `computed` are the numbers and conditions in it that were counted and so stand in no passage. A `reservation` only
    says what is missing: alone it is no answer. `free` says that somebody worded it freely, as an agent does: its words
    and its negations are compared with what it cites too. `german` is the proven sentence that it translates.
    """

    fragments: tuple[Fragment, ...]
    computed: tuple[str, ...] = ()
    reservation: bool = False
    free: bool = False
    counted: tuple[Counted, ...] = ()
    missing: tuple[Missing, ...] = ()
    german: Sentence | None = None

    @property
    def text(self) -> str:
        """The sentence without markers."""
        return "".join(fragment.text for fragment in self.fragments)

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """All proofs of the sentence in order."""
        return tuple(proof for fragment in self.fragments for proof in fragment.proofs)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a composer or an agent makes; `row_proofs` prove each row of `data`, beyond those in the sentences.

    `prompts` is the digest of those by which a language model made it, "" for none; `language` is then that of the
    answer, where sentences are told beside German.
    """

    status: AnswerStatus
    mode: AnswerMode | None = None
    sentences: tuple[Sentence, ...] = ()
    data: AnswerData | None = None
    row_proofs: tuple[tuple[Proof, ...], ...] = ()
    nearest: tuple[Item, ...] = ()
    suggestions: tuple[str, ...] = ()
    notices: tuple[tuple[str, str], ...] = field(default=())
    prompts: str = ""
    language: str = ""

    def noting(self, code: str, text: str) -> Draft:
        """The same draft with one more notice."""
        return replace(self, notices=(*self.notices, (code, text)))


def sentence(*parts: str | Fragment, computed: tuple[str, ...] = ()) -> Sentence:
    """A sentence of strings and fragments."""
    made = tuple(Fragment(part) if isinstance(part, str) else part for part in parts)
    return Sentence(made, computed)


def answered(
    *sentences: Sentence,
    mode: AnswerMode,
    data: AnswerData | None = None,
    row_proofs: tuple[tuple[Proof, ...], ...] = (),
) -> Draft:
    """A draft that answers."""
    return Draft(AnswerStatus.ANSWERED, mode, sentences, data, row_proofs)
