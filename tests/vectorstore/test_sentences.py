from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.cases import cases
from vectorstore.language import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@cases("sentence")
def test_one_sentence_stays_one(sentence: str) -> None:
    assert split(sentence) == [sentence]
    assert split(f"Erster Satz. {sentence} Letzter Satz.") == [
        "Erster Satz.",
        sentence,
        "Letzter Satz.",
    ]


@cases("text", "sentences")
def test_sentences_end_where_they_end(text: str, sentences: tuple[str, ...]) -> None:
    assert split(text) == list(sentences)


@cases("text")
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentence_spans(text) == []


@given(
    st.lists(
        st.sampled_from(
            ["Das gilt", "z. B.", "5.", ".", "!", "\n\n", "\n• ", " ", "Dr.", "ja", "…", "“", "1.2"]
        )
    )
)
def test_spans_hold_every_printed_character_once_and_in_order(pieces: list[str]) -> None:
    text = " ".join(pieces)
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(split(text)).split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
