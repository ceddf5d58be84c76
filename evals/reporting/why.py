"""Why an answer is not fully right, and what else is wrong with it, in German sentences that name the thing."""

from __future__ import annotations

from evals.cases import Case, Ref
from evals.metrics.judging import ABOUT_SERVICE, Asked, Judgement
from evals.metrics.statements import flat, says
from evals.metrics.support import lost_statements
from service.models import AnswerStatus

_MEANT = 3  # the right item must be among the first three


def why(judgement: Judgement) -> list[str]:
    """Why it is not fully right; nothing for one that is."""
    asked, case = judgement.asked, judgement.case
    if judgement.fully:
        return []
    if asked.answer.status is AnswerStatus.UNAVAILABLE:
        return ["der Dienst war nicht verfügbar"]
    if case.expect.behavior == ABOUT_SERVICE:
        return [f"nicht als Frage an den Dienst erkannt ({asked.answer.status})"]
    if not case.answerable:
        return _forbidden(asked) or ["beantwortet, obwohl keine Antwort erwartet ist"]
    if not asked.answered:
        return [f"nicht beantwortet ({asked.answer.status})"]
    found = [*_items(judgement), *_overview(asked), *_facts(asked), *_count(judgement), *_forbidden(asked)]
    return found or ["kein Beleg"]


def besides(judgement: Judgement) -> list[str]:
    """What else is wrong without counting against "fully right": quotes, pages, numbers and names without proof."""
    found = []
    if lost := _missing(judgement, "verbatim"):
        found.append(f"nicht wörtlich: {lost} Zitaten")
    if lost := _missing(judgement, "pages"):
        found.append(f"nicht auf der genannten Seite: {lost} Zitaten")
    return found + _unsupported(judgement)


def _failed(judgement: Judgement, measure: str) -> bool:
    return judgement.parts.get(measure, (1.0, 1.0))[0] == 0.0


def _missing(judgement: Judgement, measure: str) -> str:
    """How many of how many a measure misses, "" for none."""
    held, all_ = judgement.parts.get(measure, (0.0, 0.0))
    return f"{all_ - held:.0f} von {all_:.0f}" if held < all_ else ""


def _items(judgement: Judgement) -> list[str]:
    if not _failed(judgement, "right item"):
        return []
    asked, expect = judgement.asked, judgement.case.expect
    if expect.citations_all:
        lost = [ref for ref in expect.citations_all if not _cited(asked, ref)]
        return [f"Eintrag fehlt: {named(judgement.case, ref)}" for ref in lost]
    place = asked.right_at
    if place is None:
        return ["kein Beleg aus einem richtigen Eintrag"]
    return [f"richtiger Eintrag erst an Stelle {place}"] if place > _MEANT else []


def named(case: Case, ref: Ref) -> str:
    """An item by its number, with its document where the case asks for items of several."""
    return ref[1] if len({one[0] for one in case.wanted}) == 1 else f"{ref[1]} ({ref[0]})"


def _cited(asked: Asked, ref: Ref) -> bool:
    return any(asked.is_of(one, [ref]) for one in asked.answer.citations)


def _overview(asked: Asked) -> list[str]:
    """What an overview lacks; nothing for another case."""
    overview, cited = asked.case.expect.overview, asked.answer.citations
    if overview is None:
        return []
    on_topic = {(one.document_id, one.key) for one in cited if asked.is_of(one, overview.items)}
    off = [one.ref for one in cited[:_MEANT] if not asked.is_of(one, overview.items)]
    found = [f"vorn am Thema vorbei: {', '.join(off)}"] if off else []
    if not any(asked.is_of(one, overview.core) for one in cited[:_MEANT]):
        found.append("nichts vom Kern des Themas unter den ersten drei Belegen")
    if len(on_topic) < overview.at_least:
        found.append(f"{len(on_topic)} Einträge zum Thema, verlangt sind {overview.at_least}")
    return found


def _facts(asked: Asked) -> list[str]:
    facts = asked.case.expect.facts
    return [f"Fakt fehlt: {' / '.join(one)}" for one in facts if not says(one, asked.answer.answer)]


def _count(judgement: Judgement) -> list[str]:
    if not _failed(judgement, "count"):
        return []
    data, wanted = judgement.asked.answer.data, judgement.case.expect.count
    other = data is not None and data.total not in (None, wanted)
    return [f"Anzahl falsch: {f'{data.total} statt {wanted}' if data and other else f'{wanted} nicht genannt'}"]


def _forbidden(asked: Asked) -> list[str]:
    said = flat(asked.answer.answer)
    return [f"Verbotenes gesagt: {one}" for one in asked.case.expect.forbidden if flat(one) in said]


def _unsupported(judgement: Judgement) -> list[str]:
    """By name where the documents are at hand; a run that was read again knows only how many statements."""
    many = int(judgement.parts.get("unsupported", (0.0, 1.0))[0])
    if not many:
        return []
    lost = lost_statements(judgement.asked)
    if len(lost) == many:
        return [f"unbelegt: {', '.join(dict.fromkeys(name for _, names in lost for name in names))}"]
    return [f"unbelegt: Zahl oder Name in {many} {'Aussage' if many == 1 else 'Aussagen'}"]
