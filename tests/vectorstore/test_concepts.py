from __future__ import annotations

import tomllib

import pytest

from vectorstore.concepts import Concept, read_concepts, shipped_sources, sources_digest

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
    "unusual",
    [
        'field = "a"\n[[concept]]\nid = "x"\nlabel = """X"""\n',
        "field = 'a'\n[[concept]]\nid = 'x'\nlabel = 'X'\n",
        'field = "a"\n[[concept]] # one\nid = "x"\nlabel = "X" # two\n',
        'field = "a"\n[[concept]]\nid = "x"\nlabel = "X"\nterms = [] # none\n',
        'field = "a"\n[[concept]]\nid = "x"\nlabel = "\\u0058"\n',
        'field = "a"\nconcept = [{id = "x", label = "X"}]\n',
    ],
)
def test_any_other_toml_means_the_same(unusual: str) -> None:
    assert read_concepts(unusual) == [Concept("x", "X", "a", area="x")]


@pytest.mark.parametrize(
    "broken", ["[[concept]]\nid = 3 4\n", '[[concept]]\nid = "x"\n', '[[concept]]\nlabel = "X"\n', "[[concept", "= 3"]
)
def test_what_is_no_concept_is_refused(broken: str) -> None:
    with pytest.raises(ValueError):
        read_concepts(broken)


def test_the_shipped_files_mean_what_toml_says() -> None:
    for source in shipped_sources():
        expected = tomllib.loads(source)
        assert [concept.id for concept in read_concepts(source)] == [one["id"] for one in expected["concept"]]
        for concept, entry in zip(read_concepts(source), expected["concept"], strict=True):
            lists = (entry.get("terms", []), entry.get("everyday", []), entry.get("english", []))
            assert (list(concept.terms), list(concept.everyday), list(concept.english)) == lists
            assert (concept.label, concept.field) == (entry["label"], expected["field"])


def test_the_digest_changes_with_any_letter() -> None:
    assert sources_digest(["a", "b"]) != sources_digest(["a", "c"])
    assert sources_digest(["a"]) == sources_digest(["a"])
