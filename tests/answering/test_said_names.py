"""Names are looked up instead of compared: the same answers as comparing with each."""

from hypothesis import given
from hypothesis import strategies as st

from service.answering.understanding.document_names import ENDINGS, says_name
from service.answering.understanding.said_names import SaidNames

NAMES = ("soest", "heide", "coesfeld", "lauterfeld", "ense", "enser", "werl", "birkmoosen", "birkmoosan", "elsterhude")
names = st.sampled_from(NAMES) | st.text("abde", min_size=4, max_size=9)
slips = st.sampled_from(("", "x", "er", *ENDINGS))


@st.composite
def spellings(draw: st.DrawFn) -> str:
    """A name with an ending, perhaps with a letter left out, doubled or changed."""
    name = draw(names)
    place = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from((name[place], "", "o", name[place] * 2)))
    return name[:place] + letter + name[place + 1 :] + draw(slips)


@given(st.lists(names, max_size=12), st.lists(spellings(), min_size=1, max_size=4))
def test_a_word_says_the_names_that_comparing_finds(given_names: list[str], words: list[str]) -> None:
    known = SaidNames(given_names)
    for word in words:
        assert known.said_by(word) == tuple(name for name in dict.fromkeys(given_names) if says_name(word, name))
