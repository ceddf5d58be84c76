"""What a trial found: the same cases before and after what was learned, as one small text beside the candidate."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from vectorstore.kept_texts import Texts

FOLDER = "learned"
NAME = f"{FOLDER}/trial.json"


class Figure(BaseModel):
    """A measure in words, before and after, and over how many cases; a share from 0 to 1 where `share`."""

    model_config = ConfigDict(frozen=True)

    label: str
    before: float
    after: float
    cases: int
    share: bool = True


class Cause(BaseModel):
    """What a case got worse by: a decision, or only one further wording of it where `wording` is not 0."""

    model_config = ConfigDict(frozen=True)

    decision: int
    wording: int = 0


class Lost(BaseModel):
    """A case that was fully right before and is not any more, or that became it.

    `because` are the decisions without any one of which it would not have got worse; where there are none it takes
    several of them together.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    before: str
    after: str
    because: tuple[Cause, ...] = ()


class Measured(BaseModel):
    """One set of cases: its name in words, figures, and the cases that were lost and won."""

    model_config = ConfigDict(frozen=True)

    name: str
    cases: int
    figures: tuple[Figure, ...]
    lost: tuple[Lost, ...] = ()
    won: tuple[Lost, ...] = ()


class Trial(BaseModel):
    """A finished trial; `digest` says of what, `moment` when (UTC).

    `waiting` are the ids of open kept questions that what was decided would answer. `notes` are sentences on what could
    not be measured.
    """

    model_config = ConfigDict(frozen=True)

    digest: str
    edition: str
    moment: datetime
    added: int
    removed: int
    lost: tuple[int, ...] = ()
    measured: tuple[Measured, ...] = ()
    waiting: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def worse(self) -> tuple[Lost, ...]:
        """Every case that got worse."""
        return tuple(case for one in self.measured for case in one.lost)

    @property
    def to_blame(self) -> tuple[Cause, ...]:
        """The decisions by which cases got worse: of several for one case the last, as one is enough."""
        found = {one.because[-1] for one in self.worse if one.because}
        return tuple(sorted(found, key=lambda one: (one.decision, one.wording)))

    @property
    def proves_nothing(self) -> bool:
        """True where no case was asked."""
        return not any(one.cases for one in self.measured)


def read_trial(texts: Texts) -> Trial | None:
    """The last finished trial, None where there is none that this version reads. Raises StoreAway, OSError."""
    content = texts.get(NAME)
    try:
        return Trial.model_validate_json(content) if content is not None else None
    except ValidationError:
        return None


def write_trial(texts: Texts, trial: Trial) -> None:
    """Keep the last trial, and nothing of what earlier versions learned. Raises WriterBusy, StoreAway, OSError."""
    for name in texts.all(f"{FOLDER}/"):
        if name != NAME:
            texts.remove(name)
    texts.put(NAME, trial.model_dump_json(indent=1).encode())


def forget_trial(texts: Texts) -> None:
    """Delete the last trial. Raises WriterBusy, StoreAway, OSError."""
    texts.remove(NAME)
