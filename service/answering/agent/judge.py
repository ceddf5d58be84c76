"""The judge: says of each sentence of a model whether its quotes bear it out, and whether all
together answer the question.

It is one short request to the model that worded the answer, or to another one. Rules cannot judge
meaning: as a copy test they let 9 % of lies pass, and 10 % of true sentences in free words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from prompts import fill, text
from service import wording
from service.answering.draft import Proof, Sentence
from service.answering.verification.verbatim import remove_prompt_injections
from service.language_models import Failure, ModelAccess, ModelUnavailable
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
class Judgement:
    """The verdict on each sentence, and whether all together answer the question, in part at
    least.
    """

    verdicts: tuple[Verdict, ...]
    is_answered: bool


def judge(
    access: ModelAccess,
    question: str,
    sentences: Sequence[tuple[Sentence, Sequence[Document]]],
    seconds: float,
) -> Judgement:
    """Ask the judge about the sentences of an answer, each with the documents that it cites.

    A word that it does not know counts as beside. Raises ModelUnavailable, also for a reply in
    another form or with another number of verdicts.
    """
    shown = []
    for sentence, documents in sentences:
        shown.append(
            {
                "satz": (sentence.german_original or sentence).text,
                "stellen": [_describe(proof) for proof in dict.fromkeys(sentence.proofs)],
                "papiere": [f"{paper.title} ({_status_of(paper)})" for paper in documents],
            }
        )
    request = fill(
        _REQUEST,
        frage=json.dumps(question, ensure_ascii=False),
        saetze=json.dumps(shown, ensure_ascii=False, indent=0),
    )
    reply = access.ask(text(INSTRUCTION), request, seconds)
    try:
        said = parse_json_object(reply.text)
        words = [str(word).strip().lower() for word in said["saetze"]]
        answered = str(said["frage"]).strip().lower()
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(Failure.BROKEN) from error
    if len(words) != len(sentences):
        raise ModelUnavailable(Failure.BROKEN)
    known = {verdict.value: verdict for verdict in Verdict}
    verdicts = tuple(known.get(word, Verdict.BESIDE) for word in words)
    return Judgement(verdicts, is_answered=answered in ("ja", "teils"))


def _describe(proof: Proof) -> str:
    """A quote with the title and the status of its item, without instructions to a model."""
    item = proof.item
    status = f", {wording.status_word(item.status, 'de')}" if item.status else ""
    quote = remove_prompt_injections(proof.quote)[:_LONGEST_QUOTE]
    return f"{item.ref} {item.title}{status}: {quote}"


def _status_of(document: Document) -> str:
    return wording.draft_remark(document, "de") or wording.format_as_of(document, "de")
