"""An answer before verification: sentences made of fragments, each with the proof it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

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


class Statement(StrEnum):
    """What a sentence says; each kind has its own proof.

    An entry: passages of it. A paper is cited by passages of its front matter; its title, publisher, kind, date and
    standing are proven by the edition's record of it. A count or list: what a tool counted. That something is not said:
    a search that found nothing. A translation: the proven German sentence.
    """

    ENTRY = "entry"
    COUNT = "count"
    ABSENT = "absent"
    TRANSLATION = "translation"


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
    """A statement; `computed` are the numbers and conditions in it that were counted and so stand in no passage.

    A `reservation` only says what is missing: alone it is no answer. `free` says that somebody worded it freely, as an
    agent does: its words and its negations are compared with what it cites too. `origin` says which model worded it at
    ingestion, with the digest of its prompts; "" for none.
    """

    fragments: tuple[Fragment, ...]
    computed: tuple[str, ...] = ()
    reservation: bool = False
    origin: str = ""
    free: bool = False
    counted: tuple[Counted, ...] = ()
    missing: tuple[Missing, ...] = ()
    german: Sentence | None = None

    @property
    def kind(self) -> Statement:
        """What the sentence is about, told by what it rests on."""
        if self.german is not None:
            return Statement.TRANSLATION
        if self.missing:
            return Statement.ABSENT
        return Statement.COUNT if self.counted else Statement.ENTRY

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
