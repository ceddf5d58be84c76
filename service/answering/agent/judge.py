"""The judge: says of each sentence of a model whether its quotes bear it out, and whether all
together answer the question.

It is one short request to the model that worded the answer, or to another one. Rules cannot judge
meaning: as a copy test they let 9 % of lies pass, and 10 % of true sentences in free words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from prompts import fill
from service import wording
from service.answering.draft import Proof, Sentence
from service.answering.verification.verbatim import remove_prompt_injections
from service.language_models import Failure, ModelReply, ModelUnavailable
from vectorstore import parse_json_object
from vectorstore.records import Document

JUDGE_PROMPTS = INSTRUCTION, _REQUEST = "de/model/judge_instruction", "de/model/judge_request"
_LONGEST_QUOTE = 600  # characters of a quote that the judge reads


class Verdict(StrEnum):
    """What quotes say of a sentence; the values are the judge's words."""

    SUPPORTED = "belegt"
    BESIDE = "daneben"
    CONTRADICTED = "widerspricht"


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """The verdict on each sentence, and whether all together answer the question, in part at
    least.
    """

    verdicts: tuple[Verdict, ...]
    is_answered: bool


class ShownSentence(NamedTuple):
    """A sentence as the judge reads it: with its quotes and the documents that it cites."""

    text: str
    quotes: tuple[str, ...]
    papers: tuple[str, ...] = ()


Ask = Callable[[str, str], ModelReply]  # from an instruction and a request


def judge(ask: Ask, question: str, sentences: Sequence[ShownSentence]) -> JudgedAnswer:
    """Ask the judge about the sentences of an answer.

    A word that it does not know counts as beside. Raises ModelUnavailable, also for a reply in
    another form or with another number of verdicts.
    """
    shown = [
        {"satz": sentence.text, "stellen": sentence.quotes, "papiere": sentence.papers}
        for sentence in sentences
    ]
    request = fill(
        _REQUEST,
        frage=json.dumps(question, ensure_ascii=False),
        saetze=json.dumps(shown, ensure_ascii=False, indent=0),
    )
    reply = ask(fill(INSTRUCTION), request)
    try:
        content = parse_json_object(reply.text)
        words = [str(word).strip().lower() for word in content["saetze"]]
        answered = str(content["frage"]).strip().lower()
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(Failure.BROKEN) from error
    if len(words) != len(sentences):
        raise ModelUnavailable(Failure.BROKEN)
    known = {verdict.value: verdict for verdict in Verdict}
    verdicts = tuple(known.get(word, Verdict.BESIDE) for word in words)
    return JudgedAnswer(verdicts, is_answered=answered in ("ja", "teils"))


def show_sentence(sentence: Sentence, documents: Sequence[Document]) -> ShownSentence:
    """A sentence of an answer, the German one of a translation, as the judge reads it: its quotes
    with title and status of their items, and its documents with what they are.
    """
    quotes = dict.fromkeys(map(_describe, sentence.proofs))
    papers = tuple(map(_describe_paper, documents))
    return ShownSentence((sentence.german_original or sentence).text, tuple(quotes), papers)


def _describe_paper(document: Document) -> str:
    """The title of a document, and that it is a draft, or its date."""
    status = wording.draft_remark(document, "de") or wording.format_as_of(document, "de")
    return f"{document.title} ({status})" if status else document.title


def _describe(proof: Proof) -> str:
    """A quote with the title and the status of its item, without instructions to a model."""
    item = proof.item
    status = f", {wording.status_word(item.status, 'de')}" if item.status else ""
    quote = remove_prompt_injections(proof.quote)[:_LONGEST_QUOTE]
    name = " ".join(dict.fromkeys((item.ref, item.title)))  # a section's number is its title
    return f"{name}{status}: {quote}"
