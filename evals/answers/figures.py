"""The figures by which answers are told: a share of those cases that ask for it, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.metrics.intervals import Estimate, Part, estimate
from evals.metrics.judging import Judgement

Of = Callable[[Judgement], Part | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, as documentation calls it and as people read it; `of` is None for a case that asks nothing of it."""

    name: str
    german: str
    of: Of


def _measured(name: str) -> Of:
    return lambda one: one.parts.get(name)


def _fully(one: Judgement, asks: bool) -> Part | None:
    return one.parts["fully"] if asks else None


def _answered(one: Judgement) -> Part | None:
    refused = one.parts.get("false refusals")
    return None if refused is None else (1.0 - refused[0], 1.0)


FIGURES = (
    Figure("found", "Eintrag gefunden", _measured("right item")),
    Figure("right", "ganz richtig", lambda one: _fully(one, one.case.answerable)),
    Figure("answered", "beantwortet", _answered),
    Figure("refused", "richtig nicht beantwortet", lambda one: _fully(one, one.case.expect.behavior == "abstain")),
    Figure("overview", "Überblick richtig", _measured("overview")),
    Figure("about service", "über den Dienst", _measured("about service")),
    Figure("verdict", "beginnt richtig", _measured("verdict")),
    Figure("as expected", "wie erwartet", _measured("fully")),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a group of cases comes to: how many they are, and each figure that some of them ask for."""

    cases: int
    shares: dict[str, tuple[int, Estimate]]

    @classmethod
    def of(cls, judgements: Sequence[Judgement]) -> Figures:
        """Return the figures of these judgements."""
        found = {}
        for figure in FIGURES:
            parts = [part for one in judgements if (part := figure.of(one)) is not None]
            if (share := estimate(parts)) is not None:
                found[figure.name] = round(sum(part[0] for part in parts)), share
        return cls(len(judgements), found)

    def told(self) -> str:
        """Return all in one line: "75 cases, found 40 of 60, right 31 of 60"."""
        shares = [f"{name} {held} of {share.n}" for name, (held, share) in self.shares.items()]
        return ", ".join([f"{self.cases} cases", *shares])

    def as_dict(self) -> dict[str, object]:
        """Return plain data: by figure how many of how many, and the bounds of the interval."""
        shares = {
            name: {"part": held, "whole": one.n, "low": round(one.low, 4), "high": round(one.high, 4)}
            for name, (held, one) in self.shares.items()
        }
        return {"cases": self.cases, **shares}


def by_type(judgements: Sequence[Judgement]) -> dict[str, Figures]:
    """Return the figures of every type of question, by name."""
    names = sorted({one.case.type for one in judgements})
    return {name: Figures.of([one for one in judgements if one.case.type == name]) for name in names}
