"""All that a running service keeps of what people say: open questions, marks, decisions, and what tries them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from prompts import reworded, say
from service.audit import AuditLog
from service.composition import make_decisions, make_texts
from service.edition_holder import Served
from service.masking.names import mask_question
from service.pages.labels import STATUSES
from service.people.decisions import Decision, Wrong, distinct, plain, wrong_in
from service.people.marks import Marks
from service.people.open_questions import Keeper, Kept, KeptQuestions
from service.people.running import Runner
from service.people.trial import Try
from service.settings import Settings
from vectorstore.amending.applying import corrected
from vectorstore.amending.form import Correction
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.records import Item, ItemStatus


@dataclass(frozen=True, slots=True)
class Who:
    """Who decides, by name and role, and what notes it."""

    person: str
    role: str
    audit: AuditLog

    def note(self, action: str, subject: str) -> None:
        """Note what was done."""
        self.audit.note(self.person, self.role, action, subject)


class People:
    """Made once for an application; `attempt` is what tries decisions, None where the service cannot."""

    def __init__(self, database: Database, settings: Settings, attempt: Try | None = None) -> None:
        self.settings, self.attempt = settings, attempt
        self.texts, self.decisions = make_texts(settings, database), make_decisions(settings, database)
        self.kept, self.marks = KeptQuestions(database), Marks(database)
        self.keeper = Keeper(self.kept, settings)
        self.runner = Runner(settings, attempt, self.texts, self.decisions)

    def open_questions(self) -> list[list[Kept]]:
        """The open questions, those of one wording together, the most often asked first."""
        found: dict[str, list[Kept]] = {}
        for one in self.kept.open():
            found.setdefault(plain(one.question), []).append(one)
        return sorted(found.values(), key=lambda rows: (-sum(one.times for one in rows), rows[0].question))

    def decide(
        self, one: Decision, served: Served, who: Who, members: Collection[str] = (), instead_of: int = 0
    ) -> Decision:
        """Decide on a question, and on kept ones by their ids, without what names a person; raises Wrong."""
        one = replace(one, wordings=distinct(mask_question(said) for said in one.wordings))
        wrong = [*wrong_in(one, self.decisions.today()), *served.answers.decided.missing(one)]
        said = {plain(wording): other for other in self.decisions.standing() for wording in other.wordings}
        doubled = {said[plain(wording)].id for wording in one.wordings if plain(wording) in said} - {instead_of}
        wrong += [say("people.doubled", number=number) for number in doubled]
        if wrong:
            raise Wrong(" ".join(wrong))
        made = self.decisions.decide(one, who.person, instead_of)
        self.kept.assign([*members, *(self.kept.of(instead_of) if instead_of else ())], made.id)
        who.note("decide", f"{made.id} {made.outcome.value}")
        return made

    def undo(self, number: int, who: Who) -> bool:
        """Take a decision back: its questions are open again; false where there is none that stands."""
        if not self.decisions.undo(number, who.person):
            return False
        self.kept.assign(self.kept.of(number), None)
        who.note("undo", str(number))
        return True

    def correct(self, one: Decision, who: Who) -> Decision:
        """Decide on a field of a record; another decision on the same place is taken back. Raises Wrong."""
        if wrong := wrong_in(one):
            raise Wrong(" ".join(wrong))
        same = [other.id for other in self.decisions.fields() if other.correction.place == one.correction.place]
        made = self.decisions.decide(one, who.person, same[0] if same else 0)
        who.note("correction", f"{one.items[0][0]} {one.items[0][1]} {one.part}")
        return made

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
    problem = ""
    if not fate.applies:
        told = STATUSES[ItemStatus(fate.read)] if fate.read in set(ItemStatus) else fate.read
        read = say("people.was_read", read=told) if fate.read else ""
        problem = say("people.nothing_corrected", state=reworded("de/corrections")[fate.state], read=read)
    items = [{item.key: item for paper in side for item in paper.items} for side in (before, after)]
    return Preview(items[0].get(new.key), items[1].get(new.key), problem)
