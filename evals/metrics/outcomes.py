"""The outcomes of the contract ("How answers are judged"), each a pure function of a case and its answer.

None where a case asks nothing of the kind. `found` shows entries without a claim: it never misleads, and is no answer.
"""

from __future__ import annotations

from evals.metrics.judging import Asked
from evals.metrics.said import ABOUT_SERVICE, FOUND
from evals.metrics.statements import begins_with, counts, first_sentence, flat, says

FOUND_READ = 900  # characters of what was found in which facts count


def answerable(asked: Asked) -> bool:
    """True where an answer is expected, and no note was accepted in its place."""
    return asked.case.answerable and not asked.noted


def right_item(asked: Asked) -> bool | None:
    """One of those of which one is enough among the first three citations, and all that must be cited anywhere."""
    expect = asked.case.expect
    if not asked.case.wanted or asked.noted:
        return None
    enough = not expect.citations_any or any(
        asked.is_of(one, expect.citations_any) for one in asked.answer.citations[:3]
    )
    return enough and all(asked.cites(ref) for ref in expect.citations_all)


def facts(asked: Asked) -> bool | None:
    """Every fact, in one of its spellings, is in the answer."""
    wanted = () if asked.noted else asked.case.expect.facts
    return all(says(one, asked.answer.answer) for one in wanted) if wanted else None


def counted(asked: Asked) -> bool | None:
    """The count is told."""
    count = asked.case.expect.count
    return None if count is None or asked.noted else counts(count, asked.answer.answer)


def forbidden(asked: Asked) -> bool | None:
    """Something is said that must not be."""
    unwanted, said = asked.case.expect.forbidden, flat(asked.answer.answer)
    return any(flat(one) in said for one in unwanted) if unwanted else None


def overview(asked: Asked) -> bool | None:
    """One of the core and nothing off the topic among the first three citations, and enough different ones in all."""
    wanted = asked.case.expect.overview
    if wanted is None:
        return None
    cited = asked.answer.citations
    on_topic = {(one.document_id, one.key) for one in cited if asked.is_of(one, wanted.items)}
    core = any(asked.is_of(one, wanted.core) for one in cited[:3])
    return asked.answered and core and not asked.off(cited[:3]) and len(on_topic) >= wanted.at_least


def fully(asked: Asked) -> bool | None:
    """Fully right: answered, the right item or overview, all facts, the count, nothing forbidden."""
    if not answerable(asked):
        return None
    parts = (right_item(asked), overview(asked), facts(asked), counted(asked))
    return asked.answered and not forbidden(asked) and all(one is not False for one in parts)


def shown(asked: Asked) -> bool | None:
    """Answered or found with the right item among the first three; of an overview, one of its core."""
    if not answerable(asked):
        return None
    wanted = asked.case.expect.overview
    if wanted is not None:
        return asked.shows and any(asked.is_of(one, wanted.core) for one in asked.answer.citations[:3])
    return asked.shows and right_item(asked) is not False


def useful(asked: Asked) -> bool | None:
    """Shown, with every fact in the answer (of `found` in its first 900 characters) and nothing forbidden."""
    held = shown(asked)
    if not held:
        return held
    text = asked.answer.answer[:FOUND_READ] if asked.answer.status == FOUND else asked.answer.answer
    return all(says(one, text) for one in asked.case.expect.facts) and not forbidden(asked)


def misled(asked: Asked) -> bool | None:
    """Answered, but not fully right, or where the documents do not say it: the worst outcome there is."""
    return asked.answered and not fully(asked) if asked.case.expect.behavior != "open" else None


def right_non_answer(asked: Asked) -> bool | None:
    """Where the documents do not say it: any status but `answered`."""
    return not asked.answered if asked.case.expect.behavior == "abstain" else None


def about_service(asked: Asked) -> bool | None:
    """A question to the service itself is taken as one."""
    return asked.about_service if asked.case.expect.behavior == ABOUT_SERVICE else None


def as_expected(asked: Asked) -> bool | None:
    """The outcome that the case expects, whichever it is; a note on languages where that is accepted."""
    found = (fully(asked), right_non_answer(asked), about_service(asked), asked.noted or None)
    return next((one for one in found if one is not None), None)


def wrong_refusal(asked: Asked) -> bool | None:
    """Nothing is shown though an answer is expected."""
    return not asked.shows if answerable(asked) else None


def verdict(asked: Asked) -> bool | None:
    """The answer begins with the verdict that is expected."""
    wanted = asked.case.expect.verdict
    return asked.answered and begins_with(wanted, asked.answer.answer) if wanted else None


def first_sentence_answers(asked: Asked) -> bool | None:
    """Of an answer, whether its first sentence holds the verdict, the count, or one of the facts that are expected."""
    expect = asked.case.expect
    if not asked.answered or not (expect.verdict or expect.facts or expect.count is not None):
        return None
    if expect.verdict:
        return begins_with(expect.verdict, asked.answer.answer)
    first = first_sentence(asked.answer.answer)
    return any(says(one, first) for one in expect.facts) or (expect.count is not None and counts(expect.count, first))
