"""Why an answer is not as expected, in German sentences that name the thing."""

from __future__ import annotations

from collections.abc import Iterator

from evals.cases import Case, Ref
from evals.metrics.judging import Asked, Judgement
from evals.metrics.said import ABOUT_SERVICE, FOUND
from evals.metrics.statements import flat, says

_FLAWS = {
    "verbatim": "Zitat nicht wörtlich",
    "pages": "Zitat nicht auf der genannten Seite",
    "uncited": "Aussage ohne Beleg",
    "unsupported": "Zahl oder Name, die kein Beleg hat",
    "draft as decided": "Entwurf als beschlossen",
    "personal": "Angabe zu einer Person",
}
_LESS = ("uncited", "unsupported", "draft as decided", "personal")


def why(judgement: Judgement) -> list[str]:
    """Why the outcome is not the one expected; nothing where it is, or where nobody has said yet what is right."""
    asked, expect = judgement.asked, judgement.case.expect
    if judgement.fully or "as expected" not in judgement.parts:
        return []
    if expect.behavior == ABOUT_SERVICE:
        return [f"nicht als Frage an den Dienst erkannt ({asked.answer.status})"]
    if not judgement.case.answerable:
        return ["beantwortet, obwohl es die Papiere nicht sagen"]
    if not asked.answered:
        shown = " mit dem richtigen Eintrag" if asked.answer.status == FOUND and judgement.holds("shown") else ""
        return [f"nicht beantwortet ({asked.answer.status}{shown})"]
    return list(_wrong(judgement))


def flaws(judgement: Judgement) -> list[str]:
    """What must hold of every answer and does not hold of this one."""
    found = []
    for name, told in _FLAWS.items():
        held, asked = judgement.parts.get(name, (0.0, 0.0))
        if (many := held if name in _LESS else asked - held) > 0:
            found.append(f"{told} ({many:.0f} von {asked:.0f})")
    return found


def _wrong(judgement: Judgement) -> Iterator[str]:
    asked, expect = judgement.asked, judgement.case.expect
    if judgement.parts.get("right item", (1.0, 1.0))[0] == 0.0:
        lost = [ref for ref in expect.citations_all if not asked.cites(ref)]
        yield (
            f"fehlt: {', '.join(named(judgement.case, ref) for ref in lost)}"
            if lost
            else "richtiger Eintrag nicht vorn"
        )
    yield from _overview(asked)
    yield from (f"Fakt fehlt: {' / '.join(one)}" for one in expect.facts if not says(one, asked.answer.answer))
    if judgement.parts.get("count", (1.0, 1.0))[0] == 0.0:
        told = asked.answer.data.total if asked.answer.data else None
        yield f"Anzahl falsch: {expect.count}{f', gesagt {told}' if told is not None else ' nicht genannt'}"
    said = flat(asked.answer.answer)
    yield from (f"Verbotenes gesagt: {one}" for one in expect.forbidden if flat(one) in said)


def _overview(asked: Asked) -> Iterator[str]:
    overview, cited = asked.case.expect.overview, asked.answer.citations
    if overview is None:
        return
    if off := [one.ref for one in asked.off(cited[:3])]:
        yield f"vorn am Thema vorbei: {', '.join(off)}"
    if not any(asked.is_of(one, overview.core) for one in cited[:3]):
        yield "nichts vom Kern des Themas vorn"
    on_topic = {(one.document_id, one.key) for one in cited if asked.is_of(one, overview.items)}
    if len(on_topic) < overview.at_least:
        yield f"{len(on_topic)} Einträge zum Thema, verlangt sind {overview.at_least}"


def named(case: Case, ref: Ref) -> str:
    """An item by its number, with its document where the case asks for items of several."""
    return ref[1] if len({one[0] for one in case.wanted}) == 1 else f"{ref[1]} ({ref[0]})"
