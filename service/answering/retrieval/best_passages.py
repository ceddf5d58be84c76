"""Chooses the passages to show for a question from those of its hits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from service.answering.query import AnswerType
from service.answering.retrieval.facts import has_fact
from service.answering.retrieval.passages import PassageFinder, WholePassage
from service.answering.retrieval.search import Hit
from service.records import MOST_FITTING
from vectorstore.records import Chunk, Item, ItemKind, ItemStatus

# least share of the best score for a passage to be shown: of 1,171 passages to 458 questions 75
# go, three in four from another page than the answer's; 1 of 388 questions loses its own
_CLOSE = 0.6
# weight of a passage without the date or number that is asked for: of 379 questions to unseen
# papers two more have their fact shown, none fewer; .4 finds one of them
_WITHOUT_FACT = 0.6
# facts that patterns find reliably
_FACTS = (AnswerType.DATE, AnswerType.AMOUNT, AnswerType.QUANTITY, AnswerType.CONTACT)


def choose_passages(
    hits: Sequence[Hit], leading: Collection[Item | None], finder: PassageFinder, asked: AnswerType
) -> list[WholePassage]:
    """The passages of hits to show, at most `MOST_FITTING`, best first; none overlap, and none is
    far below the best: fewer are better than ones that do not fit.

    The passages of all items compete: two can be of one long item. Ahead of all is the best passage
    of each `leading` item. It may fit less well. A passage without the date, amount or other
    quantity that is `asked` for weighs less.
    """
    # whether it stands first in any case, how well it fits, the passage, and whose it is
    ranked: list[tuple[bool, float, Chunk, Item]] = []
    for hit in hits:
        leads = hit.item in leading
        for chunk, score in hit.passages:
            lacks_fact = asked in _FACTS and not has_fact(asked, chunk.text)
            fit = score * _WITHOUT_FACT if lacks_fact else score
            ranked.append((leads, fit, chunk, hit.item))
            leads = False  # only the best passage of an item does
    ranked.sort(key=lambda entry: (not entry[0], -entry[1]))
    chosen: list[WholePassage] = []
    best = 0.0
    for is_leading, fit, chunk, item in ranked:
        if len(chosen) == MOST_FITTING or (fit < _CLOSE * best and not is_leading):
            break
        passage = finder.around((chunk.start, chunk.end), item)
        if passage is None:
            continue
        best = max(best, fit)
        if not any(map(passage.overlaps, chosen)):
            chosen.append(passage)
    return chosen


def may_be_shown(item: Item) -> bool:
    """True unless the item is an archive row, which is shown only on demand, or a section or theme
    without text or fields, of which there is nothing to quote.
    """
    is_bare_heading = item.kind in (ItemKind.SECTION, ItemKind.THEME) and not (
        item.body.strip() or item.fields
    )
    return not is_bare_heading and item.status is not ItemStatus.ARCHIVED
