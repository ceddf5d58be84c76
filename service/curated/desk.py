"""Everything that people do with curated answers, on the staff page and on the command line alike.

What is wrong is told before anything is kept; who did what is noted in the audit log, without any text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.audit import AuditLog
from service.curated.models import CuratedAnswer, State, Version, Wrong, wrong_in
from service.curated.served import Curated, Standing
from service.curated.store import CuratedStore, Unknown
from service.curated.tables import RejectedLine, Row
from service.curated.typed import Typed, read


class Refused(Exception):
    """What was typed cannot be kept; `wrong` says why, field by field. Nothing was kept."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__(" ".join(one.reason for one in wrong))
        self.wrong = list(wrong)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a table brought: versions that were kept, how many rows changed nothing, and lines that were not taken."""

    kept: list[Version]
    same: int
    rejected: list[RejectedLine]


class Desk:
    """The curated answers of one service, over one edition; `person` and `role` are who works there."""

    def __init__(self, store: CuratedStore, audit: AuditLog, curated: Curated, person: str, role: str) -> None:
        self._store = store
        self._audit = audit
        self._curated = curated
        self._person = person
        self._role = role

    def answer(self, typed: Typed) -> CuratedAnswer:
        """The answer that was typed; raises Refused where it could not be kept."""
        made, wrong = read(typed)
        if made is None:
            raise Refused(wrong)
        wrong = wrong_in(made, self._curated.today)
        wrong += [Wrong("citations", reason) for _, reason in self._curated.check(made).missing]
        if wrong:
            raise Refused(wrong)
        return made

    def add(self, typed: Typed) -> Version:
        """Keep a new answer; raises Refused."""
        return self._noted(self._store.add(self.answer(typed), self._person))

    def edit(self, entry: str, typed: Typed, base: int | None = None) -> Version:
        """Keep a changed answer; raises Refused, Unknown, and Outdated where `base` is not its newest version."""
        answer = self.answer(typed)
        if not self.newest(entry).removed and self.newest(entry).answer == answer:
            return self.newest(entry)
        return self._noted(self._store.edit(entry, answer, self._person, base))

    def remove(self, entry: str) -> Version:
        """Take an answer out; raises Unknown."""
        return self._noted(self._store.remove(entry, self._person))

    def restore(self, entry: str, number: int | None = None) -> Version:
        """Put an answer in again, or an earlier version of it; raises Unknown."""
        return self._noted(self._store.restore(entry, self._person, number))

    def newest(self, entry: str) -> Version:
        """The newest version of an answer; raises Unknown."""
        return self._store.history(entry)[0]

    def history(self, entry: str) -> list[Version]:
        """All versions of an answer, newest first; raises Unknown."""
        return self._store.history(entry)

    def standing(self, entry: str) -> Standing:
        """An answer as it stands over the edition; raises Unknown."""
        found = next((one for one in self._curated.all() if one.version.entry == entry), None)
        if found is None:
            raise Unknown(entry)
        return found

    def standings(self) -> list[tuple[Standing, State]]:
        """All answers with their states: those that need somebody first."""
        today = self._curated.today
        found = [(one, one.state(today)) for one in self._curated.all()]
        order = (State.UNPROVEN, State.EXPIRED, State.VALID, State.REMOVED)
        return sorted(found, key=lambda one: (order.index(one[1]), one[0].answer.valid_until))

    def take(self, rows: Sequence[Row | RejectedLine]) -> Taken:
        """Keep the answers of a table: new ones, and changes to those that it names; a wrong row costs only itself."""
        rejected = [one for one in rows if isinstance(one, RejectedLine)]
        good: list[tuple[str, CuratedAnswer]] = []
        for row in rows:
            if isinstance(row, RejectedLine):
                continue
            answer, wrong = read(row.typed)
            wrong = wrong if answer is None else wrong_in(answer)
            if answer is None or wrong:
                rejected += [RejectedLine(row.line, one.reason) for one in wrong]
            else:
                good.append((row.entry, answer))
        kept = self._store.take(good, self._person)
        for version in kept:
            self._noted(version)
        return Taken(kept, len(good) - len(kept), sorted(rejected, key=lambda one: one.line))

    def _noted(self, version: Version) -> Version:
        self._audit.note(self._person, self._role, f"curated-{version.action.value}", version.entry)
        return version
