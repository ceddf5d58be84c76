"""Makes live what was tried: only what the last trial was about, and only where it found nothing worse."""

from __future__ import annotations

from contextlib import closing

from service.composition import make_store
from service.edition_holder import OpenEdition
from service.learning.cases import case_lines
from service.learning.changes import Changes, changes_of, taught
from service.learning.decisions import Decision, Decisions
from service.learning.learning import Learning
from service.learning.trial import Trial, forget_trial, read_trial
from vectorstore.editions import PublishResult


class NotPublished(Exception):
    """What was learned stays as it is; the message is one sentence for people."""


def pending(decisions: list[Decision], edition: OpenEdition) -> Changes:
    """What decisions would change in the current edition."""
    items = {(one.document_id, one.key) for one in edition.catalogue.items}
    return changes_of(decisions, edition.questions.all, items)


def digest_of(changes: Changes, edition: str, decisions: list[Decision]) -> str:
    """What a trial of these changes is known by."""
    return changes.digest(edition, case_lines(decisions))


def publish(learning: Learning, *, even_if_worse: bool = False) -> PublishResult:
    """Make the changes of the last trial live; a running server follows within about a second.

    Raises NotPublished where there is nothing to publish, no trial of just these changes, or one that found cases that
    got worse, unless `even_if_worse`; and what `EditionStore.publish` raises.
    """
    store, all_ = make_store(learning.settings), learning.decisions.all()
    with store.writing(), closing(store.open()) as edition:
        changes = pending(all_, edition)
        if not changes.any:
            raise NotPublished("Es gibt nichts zu übernehmen: Alle Entscheidungen sind schon wirksam.")
        trial = read_trial(learning.texts)
        _require(trial, digest_of(changes, edition.name, all_), even_if_worse)
        done = store.publish(
            edition.catalogue.parsed(),
            report=edition.report,
            originals=edition.originals,
            questions=changes.questions,
        )
        _note(learning.decisions, all_, changes, done.name)
    forget_trial(learning.texts)
    return done


def _require(trial: Trial | None, digest: str, even_if_worse: bool) -> None:
    if trial is None or trial.digest != digest:
        raise NotPublished("Bitte zuerst ausprobieren: Seit dem letzten Versuch hat sich etwas geändert.")
    if even_if_worse:
        return
    if trial.worse:
        number = len(trial.worse)
        told = "Ein Fall wurde" if number == 1 else f"{number} Fälle wurden"
        raise NotPublished(f"Nicht übernommen: {told} schlechter beantwortet als vorher.")
    if trial.proves_nothing:
        raise NotPublished(
            "Nicht übernommen: Der Versuch hatte keinen Fall, an dem sich etwas zeigen konnte. Machen Sie "
            "Entscheidungen zu Fällen (learn case), oder übernehmen Sie es ausdrücklich trotzdem (--even-if-worse)."
        )


def _note(decisions: Decisions, all_: list[Decision], changes: Changes, name: str) -> None:
    there = {one.same_as for one in changes.questions}
    asked = [(one.saying, one.question.same_as in there) for one in taught(all_)]
    decisions.set_live([one for one, follows in asked if one.stands and follows and not one.live], name)
    decisions.set_live([one for one, _ in asked if one.live and not one.stands], None)
