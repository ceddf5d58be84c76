"""All that a running service keeps of what people say: open questions, marks, decisions, and what tries them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from prompts import say
from service.audit import AuditLog
from service.composition import make_decisions, make_texts
from service.edition_holder import Served
from service.people.decisions import Decisions
from service.people.form import Decision, Wrong, distinct, plain, wrong_in
from service.people.keeping import Keeper
from service.people.marks import Marks
from service.people.masking import masked
from service.people.open_questions import Kept, KeptQuestions
from service.people.running import Runner
from service.people.trial import Try
from service.settings import Settings
from vectorstore.amending.applying import corrected
from vectorstore.amending.form import STATE_WORDS, Correction
from vectorstore.amending.form import Outcome as Fate
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.kept_texts import Texts
from vectorstore.records import Item


@dataclass(frozen=True, slots=True)
class Who:
    """Who decides, by name and role, and what notes it."""

    person: str
    role: str
    audit: AuditLog

    def note(self, action: str, subject: str) -> None:
        """Note what was done."""
        self.audit.note(self.person, self.role, action, subject)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """The kept questions of one wording that nobody decided on."""

    rows: tuple[Kept, ...]

    @property
    def question(self) -> str:
        """The wording."""
        return self.rows[0].question

    @property
    def times(self) -> int:
        """How often it was asked."""
        return sum(one.times for one in self.rows)


@dataclass(slots=True)
class People:
    """Made once for an application; `attempt` is what tries decisions, None where the service cannot."""

    database: Database
    settings: Settings
    attempt: Try | None = None
    texts: Texts = field(init=False)
    kept: KeptQuestions = field(init=False)
    marks: Marks = field(init=False)
    decisions: Decisions = field(init=False)
    keeper: Keeper = field(init=False)
    runner: Runner = field(init=False)

    def __post_init__(self) -> None:
        self.texts = make_texts(self.settings, self.database)
        self.decisions = make_decisions(self.settings, self.database)
        self.kept, self.marks = KeptQuestions(self.database), Marks(self.database)
        self.keeper = Keeper(self.kept, self.settings)
        self.runner = Runner(self.settings, self.attempt, self.database, self.texts, self.decisions)

    def open_questions(self) -> list[OpenQuestion]:
        """The open questions by wording, the most often asked first."""
        found: dict[str, list[Kept]] = {}
        for one in self.kept.open():
            found.setdefault(plain(one.question), []).append(one)
        made = (OpenQuestion(tuple(rows)) for rows in found.values())
        return sorted(made, key=lambda one: (-one.times, one.question))

    def checked(self, one: Decision, served: Served, instead_of: int = 0) -> Decision:
        """A decision on a question as it is kept, without what names a person; raises Wrong."""
        made = replace(one, wordings=distinct([masked(said) for said in one.wordings]))
        wrong = [*wrong_in(made, self.decisions.today()), *served.answers.decided.missing(made)]
        said = {plain(wording): other for other in self.decisions.standing() for wording in other.wordings}
        doubled = {said[plain(wording)].id for wording in made.wordings if plain(wording) in said} - {instead_of}
        wrong += [say("people.doubled", number=number) for number in doubled]
        if wrong:
            raise Wrong(" ".join(wrong))
        return made

    def decide(
        self, one: Decision, served: Served, who: Who, members: Collection[str] = (), instead_of: int = 0
    ) -> Decision:
        """Decide on a question, and on kept ones by their ids; raises Wrong, SQLAlchemyError."""
        made = self.decisions.decide(self.checked(one, served, instead_of), who.person, instead_of)
        before = [row.id for row in self.kept.all() if instead_of and row.decision == instead_of]
        self.kept.assign([*members, *before], made.id)
        who.note("decide", f"{made.id} {made.outcome.value}")
        return made

    def extend(
        self, number: int, wordings: Iterable[str], served: Served, who: Who, members: Collection[str] = ()
    ) -> None:
        """Put further wordings to a decision on a question; raises Wrong where it cannot have them."""
        found = self.decisions.one(number)
        if found is None or not found.stands or not found.of_question:
            raise Wrong(say("people.no_decision", number=number))
        made = self.checked(replace(found, wordings=(*found.wordings, *wordings)), served, number)
        self.decisions.extend(number, made.wordings)
        self.kept.assign(members, number)
        who.note("decide", f"{number} {found.outcome.value}")

    def undo(self, number: int, who: Who) -> bool:
        """Take a decision back: its questions are open again; false where there is none that stands."""
        if not self.decisions.undo(number, who.person):
            return False
        self.kept.free(number)
        who.note("undo", str(number))
        return True

    def correct(self, one: Decision, who: Who) -> Decision:
        """Decide on a field of a record; another decision on the same place is taken back. Raises Wrong."""
        if wrong := wrong_in(one):
            raise Wrong(" ".join(wrong))
        same = [other.id for other in self.fields() if other.correction.place == one.correction.place]
        made = self.decisions.decide(one, who.person, same[0] if same else 0)
        who.note("correction", f"{one.items[0][0]} {one.items[0][1]} {one.part}")
        return made

    def fields(self) -> list[Decision]:
        """The standing decisions on fields."""
        return [one for one in self.decisions.standing() if not one.of_question]

    def sweep(self) -> int:
        """Delete what is due; returns how many rows and decisions that were. Raises SQLAlchemyError."""
        days = self.settings.keep_questions_days
        return self.kept.delete_before(days) + self.decisions.forget(days)


@dataclass(frozen=True, slots=True)
class Preview:
    """A record before and after a correction, and why it cannot be made; "" where it can."""

    before: Item | None
    after: Item | None
    problem: str


def previewed(catalogue: Catalogue, known: Sequence[Decision], new: Correction) -> Preview:
    """What a correction would do beside the decisions that stand, those of the same place left out."""
    others = [one.correction for one in known if one.items[0][0] == new.document_id]
    others = [one for one in others if one.place != new.place]
    papers = [one for one in catalogue.parsed() if one.document.id == new.document_id]
    before, _ = corrected(papers, others)
    after, fates = corrected(papers, [*others, new])
    fate = next(one for one in fates if one.correction == new)
    items = [{item.key: item for paper in side for item in paper.items} for side in (before, after)]
    return Preview(items[0].get(new.key), items[1].get(new.key), _problem(fate))


def fates_of(catalogue: Catalogue, decisions: Sequence[Decision]) -> dict[int, Fate]:
    """What becomes of each decision on a field over an edition, by its number."""
    _, found = corrected(catalogue.parsed(), [one.correction for one in decisions])
    by_correction = {one.correction: one for one in found}
    return {one.id: by_correction[one.correction] for one in decisions}


def _problem(fate: Fate) -> str:
    if fate.applies:
        return ""
    read = say("people.was_read", read=fate.read) if fate.read else ""
    return say("people.nothing_corrected", state=STATE_WORDS[fate.state], read=read)
