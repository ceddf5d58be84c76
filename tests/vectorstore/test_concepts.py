from __future__ import annotations

import pytest

from vectorstore.vocabulary import Concept, read_concepts, sources_digest

PLAIN = """
# Mobility
field = "mobility"

[[concept]]
id = "bus-on-demand"
label = "Busverkehr auf Bestellung"
terms = ["Rufbus", "On-Demand-Verkehr",
  "Anrufsammeltaxi",
]
everyday = ["Bus, der nur auf Anruf kommt"]
english = ["on-demand bus"]

[[concept]]
id = "bare"
label = "Nur ein Name"
"""


def test_concepts_are_read() -> None:
    first, second = read_concepts(PLAIN)
    assert first == Concept(
        "bus-on-demand",
        "Busverkehr auf Bestellung",
        "mobility",
        ("Rufbus", "On-Demand-Verkehr", "Anrufsammeltaxi"),
        ("Bus, der nur auf Anruf kommt",),
        ("on-demand bus",),
        area="bus-on-demand",
    )
    assert first.administrative == ("Busverkehr auf Bestellung", "Rufbus", "On-Demand-Verkehr", "Anrufsammeltaxi")
    assert (second.terms, second.everyday, second.english) == ((), (), ())
    assert second.area == "bus-on-demand"


@pytest.mark.parametrize(
    "broken", ["[[concept]]\nid = 3 4\n", '[[concept]]\nid = "x"\n', '[[concept]]\nlabel = "X"\n', "[[concept", "= 3"]
)
def test_what_is_no_concept_is_refused(broken: str) -> None:
    with pytest.raises(ValueError):
        read_concepts(broken)


def test_the_digest_changes_with_any_letter() -> None:
    assert sources_digest(["a", "b"]) != sources_digest(["a", "c"])
    assert sources_digest(["a"]) == sources_digest(["a"])
