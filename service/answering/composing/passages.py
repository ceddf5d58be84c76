"""The composer of passages: quotes of the items that answer, else cards of the hits.

Items below the threshold of the relevance model are shown as hits, without the claim that they
answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prompts import imitates_service
from service.answering.composing import parts
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.context import Context
from service.answering.corpus import TITLE_REF
from service.answering.draft import Draft, Proof, Sentence
from service.answering.query import AnswerType
from service.answering.reading.searched_words import join_linked_words
from service.answering.retrieval.facts import has_fact
from service.answering.retrieval.passages import WholePassage
from service.answering.retrieval.query_words import (
    PARTS_COVERAGE,
    SYNONYM_COVERAGE,
    QueryWord,
)
from service.answering.retrieval.relevance import PASSAGE_LENGTH, load_models
from service.answering.retrieval.terms import nouns_of, words_in
from service.answering.setbacks import find_sentence
from service.answering.verification.citations import offset_of, page_of
from service.answering.verification.verbatim import is_prompt_injection, split_words
from service.records import MOST_FITTING, AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.language import collapse_spaces, fold, squash
from vectorstore.records import Chunk, DocumentKind, Item, ItemKind

_BELONGS = 0.8  # least share of the first item's probability for a further item of the answer
# least share of the best score for a passage to be shown: of 1,171 passages to 458 questions 75
# go, three in four from another page than the answer's; 1 of 388 questions loses its own
_CLOSE = 0.6
# the same for the best passage of each paper or publisher that the question names: of 958 questions
# three more have what was asked for, none fewer; .3 gives the same
_NAMED_CLOSE = 0.45
# weight of a passage without the date or number that is asked for: of 379 questions to unseen
# papers two more have their fact shown, none fewer; .4 finds one of them
_WITHOUT_FACT = 0.6
_NUMBERS = {2: "two", 3: "three"}  # keys of the words for them
COLUMNS = [
    "ref",
    "title",
    "status",
    "document",
    "document_status",
    "responsible",
    "passage",
    "page",
]
# whether it stands first in any case, how well it fits, and whose it is
RankedChunk = tuple[bool, float, Chunk, Item]
# facts that patterns find reliably
_FACTS = (AnswerType.DATE, AnswerType.AMOUNT, AnswerType.QUANTITY, AnswerType.CONTACT)
# "Rad-Weg", "2027", but not "iPhone", "a_b"
_PLAIN = re.compile(r"[^\W\d_][a-zäöüß]*(?:-[^\W\d_][a-zäöüß]*)*|\d{1,4}")


def compose(context: Context) -> Draft:
    """Passages of the items that answer, else the hits; `not_in_documents` if there is none.

    An item is claimed to answer only if it is probable enough and its quote says more than its
    title. If the question names it by number, only numbered items count; else it must also have
    the topic (`_lacks_topic`). Further items must be probable enough, and either nearly as probable
    as the best or of the same title in another paper. If the question names several papers or
    publishers, each must have an item: half a comparison is no answer.
    """
    shown = (pair for pair in context.ranked_items if may_be_shown(pair[0]))
    ranked = [
        (item, probability) for item, probability in shown if not is_bare_title(context, item)
    ]
    if not ranked:
        with_fact = _hits_of_motions(context, []) if context.query.answer_type in _FACTS else []
        return show_hits(context, with_fact)
    best, highest = ranked[0]
    numbered = context.items[: context.query.numbered_count]
    if best in numbered:
        ranked = [pair for pair in ranked if pair[0] in numbered]
    threshold = load_models()["answers"].least
    is_claimed = highest >= threshold and not _only_repeats_title(context, best)
    if not is_claimed or (best not in numbered and _lacks_topic(context, best)):
        return show_hits(context, [item for item, _ in ranked])
    others = namesakes(context, best)
    further = []
    for item, probability in ranked[1:]:
        is_nearly = probability >= _BELONGS * highest
        if probability >= threshold and (is_nearly or item in others):
            further.append(item)
    groups = _named_groups(context)
    if {groups.get(item.document_id) for item in (best, *further)} < set(groups.values()):
        return show_hits(context, [item for item, _ in ranked])
    return claim_items(context, [best, *further][:MOST_FITTING])


def _lacks_topic(context: Context, item: Item) -> bool:
    """True if a word of the topic is neither in the title of an item nor in what would be quoted:
    what is claimed has to be about all that was asked.

    False for questions in other languages, whose words the documents lack in any case.
    """
    corpus = context.corpus
    if context.query.question_language != "de":
        return False
    passage = context.chooser.choose_passage(item, PASSAGE_LENGTH)
    terms = corpus.title_terms[corpus.row(item)].union(corpus.analyzer.terms(passage))
    return any(
        word.covered_by(terms, corpus.rarity) < PARTS_COVERAGE for word in context.topic_words
    )


def namesakes(context: Context, item: Item) -> list[Item]:
    """The hits in other documents that have the title of an item: each may say another value."""
    return [
        other
        for other, _ in context.ranked_items
        if other.document_id != item.document_id
        and squash(other.title).casefold() == squash(item.title).casefold()
    ]


def compose_found(context: Context) -> Draft:
    """The hits of a question, without the claim that they answer."""
    return show_hits(context, _items_to_show(context))


def _items_to_show(context: Context) -> list[Item]:
    """The ranked items that may be shown."""
    return [item for item, _ in context.ranked_items if may_be_shown(item)]


def claim_items(context: Context, items: Sequence[Item]) -> Draft:
    """A draft with the status `answered`: the whole passage around the best sentences of each item.

    An item without such a passage is left out; if none has one, the items are only shown as hits.
    """
    passages = []
    for item in items:
        quote = context.chooser.choose_passage(item, PASSAGE_LENGTH)
        passage = _passage_around(context, item, quote)
        if passage is not None:
            passages.append(passage)
    if passages:
        return _draft(context, AnswerStatus.ANSWERED, add_further_values(context, passages))
    return show_hits(context, items)


def add_further_values(context: Context, passages: Sequence[WholePassage]) -> list[WholePassage]:
    """Passages, each followed by the further values of its record, where a value is asked for."""
    shown = [passage.text for passage in passages]
    added = []
    for passage in passages:
        added.append(passage)
        further = context.passages.further_values(passage.item, shown)
        added += further
        shown += [value.text for value in further]
    return added


def show_hits(context: Context, items: Sequence[Item]) -> Draft:
    """A draft with the status `found`: cards of the best passages, which are not said to answer.

    If all lack the kind of fact asked for (a date), passages of motions that state it may join
    them, or take their place. Without a passage the draft is `not_in_documents`.
    """
    candidates = [item for item in items if not is_bare_title(context, item)]
    passages = choose_passages(context, candidates)
    if not passages:
        return not_in_documents(context)
    if _lack_fact(context, passages):
        further = _hits_of_motions(context, candidates)
        passages = choose_passages(context, [*candidates, *further])
        if further and _lack_fact(context, passages):
            passages = choose_passages(context, further)
    if context.query.answer_type is AnswerType.AMOUNT:
        passages = add_further_values(context, passages)
    topic = _topic_in(context, [passage.item for passage in passages])
    searched_topic = context.say("sought", topic=topic) if topic else ""
    lead = opening(context, len(passages), searched_topic)
    return _draft(context, AnswerStatus.FOUND, passages, lead, _explain_missing(context, passages))


def show(context: Context, passages: Sequence[WholePassage], lead: str) -> Draft:
    """A draft with the status `found` of these passages: first `lead`, then how many there are."""
    return _draft(context, AnswerStatus.FOUND, passages, lead, opening(context, len(passages)))


def _draft(
    context: Context, status: AnswerStatus, passages: Sequence[WholePassage], *lead: str
) -> Draft:
    """A draft that quotes whole passages, each with its card, behind the sentences `lead` ("" is
    left out).
    """
    sentences = quote_passages(context, passages)
    rows = []
    for passage, statement in zip(passages, sentences, strict=True):
        rows.append(card_of(context, passage.item, statement.proofs[0], passage.text))
    data = AnswerData(kind=DataKind.FOUND, columns=COLUMNS, rows=rows, total=len(rows))
    proofs = tuple(statement.proofs[:1] for statement in sentences)
    said = [parts.reservation(text) for text in lead if text]
    return Draft(status, AnswerMode.EXTRACTIVE, (*said, *sentences), data, proofs)


def opening(context: Context, number: int, sought: str = "") -> str:
    """The sentence before the passages that were found: how many there are, "one" to "three" in
    words, and the words that were searched (`sought`, "" for none).
    """
    if number == 1:
        return context.say("passage_fits", sought=sought)
    words = context.say(_NUMBERS[number]) if number in _NUMBERS else str(number)
    return context.say("passages_fit", number=words, sought=sought)


def find_with_words(context: Context, words: Sequence[str]) -> list[WholePassage]:
    """The passages that fit the topic and the given words best.

    They are searched anew, in items of the kinds that the question asks for. The item of each has
    at least one of the given words, so that the passages tell of what the topic alone leaves out.
    """
    corpus, query = context.corpus, context.query
    conditions, language = query.conditions, query.question_language
    text = " ".join((conditions.topic, *words)).strip()
    hits = context.retriever.search(
        text, conditions.documents or None, language=language, kinds=conditions.kinds
    )
    searched = replace(context, query=replace(query, text=text), hits=tuple(hits))
    asked = words_in(" ".join(words), corpus, language)
    having = []
    for passage in choose_passages(searched, [h.item for h in hits if may_be_shown(h.item)]):
        terms = corpus.terms[corpus.row(passage.item)]
        if any(word.covered_by(terms, corpus.rarity) >= PARTS_COVERAGE for word in asked):
            having.append(passage)
    return having


def quote_best(context: Context) -> list[Sentence]:
    """The sentences that quote the best passages of a question, as what is found shows them."""
    return quote_passages(context, choose_passages(context, _items_to_show(context)))


def choose_passages(context: Context, items: Sequence[Item]) -> list[WholePassage]:
    """The passages of items to show, at most `MOST_FITTING`, best first; none overlap, and none is
    far below the best: fewer are better than ones that do not fit.

    The passages of all items compete: two can be of one long item. Ahead of all are the best
    passage of each item that the question names by number or for which people wrote the question,
    and of each paper or publisher where the question names several. These may fit less well.
    """
    ranked = list[RankedChunk]()
    for item in items:
        hit = context.hit_of(item)
        first = (
            item in context.items[: context.query.numbered_count] or item == context.written_item
        )
        for chunk, score in hit.passages:
            ranked.append((first, score * _weight_by_fact(context, chunk), chunk, item))
            first = False
    ranked.sort(key=lambda entry: (not entry[0], -entry[1]))
    ranked = _best_of_each(context, ranked)
    chosen = list[WholePassage]()
    best = 0.0
    for is_first, fit, chunk, item in ranked:
        if len(chosen) == MOST_FITTING or (fit < _CLOSE * best and not is_first):
            break
        passage = context.passages.around((chunk.start, chunk.end), item)
        if passage is None:
            continue
        best = max(best, fit)
        if not any(map(passage.overlaps, chosen)):
            chosen.append(passage)
    return chosen


def _named_groups(context: Context) -> dict[str, str]:
    """The ids of the papers that a question names, each with its group: each group gets a passage.

    Papers named by title are a group each; those named by publisher are grouped by this. The result
    is {} if the question names no paper, or only one group, or more groups than passages are shown.
    """
    query, documents = context.query, context.corpus.catalogue.documents
    if not query.names_documents:
        return {}
    groups = {id_: documents[id_].publisher or "" for id_ in query.conditions.documents}
    if query.names_titles:
        groups = {id_: id_ for id_ in groups}
    if 1 < len(set(groups.values())) <= MOST_FITTING:
        return groups
    return {}


def _best_of_each(context: Context, ranked: Sequence[RankedChunk]) -> list[RankedChunk]:
    """Ranked chunks, first the best of each paper or publisher where the question names several.

    One that fits far worse than the best of all stays at its place: that paper has nothing on it.
    """
    groups = _named_groups(context)
    open_groups = set(groups.values())
    best = max((fit for _, fit, _, _ in ranked), default=0.0)
    first, others = list[RankedChunk](), list[RankedChunk]()
    for is_first, fit, chunk, item in ranked:
        group = groups.get(item.document_id)
        if group in open_groups and fit >= _NAMED_CLOSE * best:
            open_groups.remove(group)
            first.append((True, fit, chunk, item))
        else:
            others.append((is_first, fit, chunk, item))
    return [*first, *others]


def _weight_by_fact(context: Context, chunk: Chunk) -> float:
    """The factor for the score of a chunk: less than 1 if it lacks what is asked for.

    That is a date, an amount or another quantity, or a sentence that says what failed. A contact
    does not count, since contact details may not be shown in a passage.
    """
    if context.query.asks_setback and not find_sentence(chunk.text):
        return _WITHOUT_FACT
    asked = context.query.answer_type
    is_asked = asked in _FACTS and asked is not AnswerType.CONTACT  # which may not be shown
    if is_asked and not has_fact(asked, chunk.text):
        return _WITHOUT_FACT
    return 1.0


def passage_of_first(context: Context, draft: Draft) -> Proof | None:
    """The whole passage around the first citation of a draft; None without a citation, or if no
    passage around it may be shown. Of passages that were found it is the citation itself.
    """
    first = next(iter(draft.proofs), None)
    if draft.data is not None and draft.data.kind is DataKind.FOUND:  # it is the passage
        return first
    passage = first and _passage_around(context, first.item, first.quote, first.start)
    if not passage:
        return None
    return passage.proof


def _passage_around(
    context: Context, item: Item, quote: str, start: int | None = None
) -> WholePassage | None:
    """The whole passage of an item in which a quote begins; None if none may be shown there.

    A passage with words that only the service may say is not shown: a paper could pass them off as
    an answer. `start` is the quote's offset in the document; with None it is searched for.
    """
    if start is None:
        start = offset_of(quote, item, context.corpus.document(item))
    passage = context.passages.around((start, start + max(len(quote), 1)), item, whole=True)
    if passage is None or imitates_service(passage.text):
        return None
    return passage


def quote_passages(context: Context, passages: Sequence[WholePassage]) -> list[Sentence]:
    """The sentences that quote passages, in their order.

    Only the last one of each document ends with its source, which names title, date and status of
    the document: once is enough to tell that it is a draft.
    """
    quoted = [quote_passage(context, passage) for passage in passages]
    last_of_document = {passage.item.document_id: index for index, passage in enumerate(passages)}
    for index in last_of_document.values():
        quoted[index] = parts.with_source(context, quoted[index], passages[index].item)
    return quoted


def quote_passage(context: Context, passage: WholePassage) -> Sentence:
    """The name of a passage's item, and the passage."""
    return parts.quote(context, passage.proof, collapse_spaces(passage.text))


def is_bare_title(context: Context, item: Item) -> bool:
    """True for a title page of which nothing but the title would be quoted."""
    if item.ref != TITLE_REF:
        return False
    passage = context.chooser.choose_passage(item, PASSAGE_LENGTH)
    return not passage or _only_repeats_title(context, item)


def _only_repeats_title(context: Context, item: Item) -> bool:
    """True for an item of which nothing but its number, its title and figures would be quoted:
    such a quote answers nothing. False if nothing would be quoted at all.
    """
    passage = context.chooser.choose_passage(item, PASSAGE_LENGTH)
    named = set(split_words(f"{item.ref} {item.title}".casefold()))
    words = split_words(passage.casefold())
    return bool(words) and all(word in named or not any(map(str.isalpha, word)) for word in words)


def _topic_in(context: Context, items: Sequence[Item]) -> str:
    """The words of the topic that some of the items have; the others ("sowas") found nothing.

    "" if there are none, or if the question's words must not be repeated (`may_repeat_words`).
    """
    words = [word.text for word in context.topic_words if _is_in_some(context, word, items)]
    if not may_repeat_words(context, words):
        return ""
    return join_linked_words(context.query.conditions.topic, words)


def _explain_missing(context: Context, shown: Sequence[WholePassage]) -> str:
    """The sentences on what all passages lack; "" if they lack nothing.

    It is the one noun of the topic that none of their items has, and the requested kind of fact. If
    they lack several nouns, none is told. Questions in languages that the reader does not
    understand get no such sentence, as their words are in no document.
    """
    if not context.is_understood:
        return ""
    told = []
    items = [passage.item for passage in shown]
    nouns = nouns_of(context.topic_words)
    missing_words = [word.text for word in nouns if not _is_in_some(context, word, items)]
    if len(missing_words) == 1 and may_repeat_words(context, missing_words):
        key = "missing_word" if len(items) == 1 else "missing_words"
        told.append(context.say(key, word=missing_words[0]))
    if _lack_fact(context, shown):
        told.append(context.say(f"missing_{context.query.answer_type.value}"))
    return " ".join(told)


def _lack_fact(context: Context, shown: Sequence[WholePassage]) -> bool:
    """True if a kind of fact is asked for that patterns find reliably, and no passage has it.

    Numbers in a row of a table may be it: their unit is in the head.
    """
    asked = context.query.answer_type
    texts = [passage.text for passage in shown]
    if asked is AnswerType.AMOUNT and any(
        "\t" in text and has_fact(AnswerType.QUANTITY, text) for text in texts
    ):
        return False
    return asked in _FACTS and not any(has_fact(asked, text) for text in texts)


def _hits_of_motions(context: Context, known: Sequence[Item]) -> list[Item]:
    """Further items of motions that state the requested kind of fact: a motion is on one subject,
    and need not name it again.
    """
    asked = context.query.answer_type
    further = []
    for hit in context.hits:
        is_of_motion = context.corpus.document(hit.item).kind is DocumentKind.MOTION
        if hit.item in known or not is_of_motion:
            continue
        states_fact = any(has_fact(asked, chunk.text) for chunk, _ in hit.passages)
        if states_fact and may_be_shown(hit.item):
            further.append(hit.item)
    return further


def _is_in_some(context: Context, word: QueryWord, items: Sequence[Item]) -> bool:
    """True if one of these items, or a heading above it, has a word, a synonym or most of its
    parts.
    """
    for item in items:
        terms = context.retriever.terms_of(context.corpus.row(item))
        if word.covered_by(terms, context.corpus.rarity) >= SYNONYM_COVERAGE:
            return True
    return False


def card_of(context: Context, item: Item, proof: Proof, passage: str) -> dict[str, Any]:
    """An item as the row of a card: with its quoted passage, its page, and the status of its
    document.

    "parts" is the same passage split so that every second part is a word of the topic, which the
    page can mark.
    """
    document = context.corpus.document(item)
    page = page_of(proof, document)
    return parts.item_row(context, item) | {
        "document_status": document.status.value if document.status else None,
        "responsible": list(item.responsible),
        "passage": passage,
        "parts": context.passages.split_at_matches(passage),
        "page": page.number if page else None,
    }


def may_be_shown(item: Item) -> bool:
    """True unless the item is an archive row, which is shown only on demand, or a section or theme
    without text or fields, of which there is nothing to quote.
    """
    is_bare_heading = item.kind in (ItemKind.SECTION, ItemKind.THEME) and not (
        item.body.strip() or item.fields
    )
    return not (is_bare_heading or parts.is_archived(item))


def may_repeat_words(context: Context, words: Sequence[str]) -> bool:
    """True if an answer may repeat words of the question.

    Each must look like a plain word or number, or occur in documents, and the question must not
    look like a prompt injection: else people could let the service say anything.
    """
    are_words = all(_PLAIN.fullmatch(word) or context.corpus.has_term(fold(word)) for word in words)
    question = context.query.question or context.query.text
    return are_words and not is_prompt_injection(question)
