"""What an agent makes of its tools: proven sentences, lists that are computed, steps that are told,
one repair.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts import fill, text
from service.answering.agent import judge as judging
from service.answering.agent.limits import CALLS, TURNS
from service.language_models import ModelReply
from service.records import AnswerMode, AnswerStatus
from tests.answering.agent.scripted import (
    BUS,
    NIGHT_BUS,
    RIGHT,
    Asked,
    Judge,
    ScriptedModel,
    answer,
    call_records,
    calls,
    in_turns,
    of_bus,
    read_bus,
    right,
    search_for,
    verdicts,
)
from tests.answering.conftest import DeskOver
from tests.ingest.cases import cases
from tests.language_models.endpoints import Calls, Reply
from vectorstore.records import Item

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
IDEAS = call_records(kinds=["project"], status=["idea", ""], sort="")
UNCLEAR = answer(outcome="unclear")


def test_a_simple_question_takes_one_turn(desk: ScriptedModel) -> None:
    ran = desk.run(right)
    assert (*ran.took, len(ran.asked)) == (1, 0, 1)
    assert (ran.draft.status, ran.draft.mode) == (AnswerStatus.ANSWERED, AnswerMode.GENERATED)
    assert ran.said == RIGHT
    (proof,) = ran.draft.sentences[0].proofs
    assert (proof.item.key, "3:30 Uhr" in proof.quote) == (BUS, True)
    first = ran.asked[0]
    assert NIGHT_BUS in first.last and "3:30 Uhr" in first.last and REPORT not in first.last
    assert first.tools == ["search", "records", "read", "documents", "changes", "Answer"]
    assert not ran.steps


def test_it_calls_the_tools_and_the_steps_are_told_in_order(desk: ScriptedModel) -> None:
    looking = calls(
        ("search", {"text": "Nachtbus Quatschwort Fahrplan"}),
        ("records", {"topic": "Bus", "status": ["idea"]}),
    )

    def reading(asked: Asked) -> Calls:
        return calls(("read", {"tokens": [asked.entry(BUS)]}), ("documents", {}))

    def reading_another(asked: Asked) -> Calls:
        return calls(("read", {"tokens": asked.entry("5.1.2.1")}))

    ran = desk.run(in_turns(looking, reading, reading_another, right))
    assert [tool for tool, _ in ran.steps] == ["search", "records", "read", "documents", "read"]
    assert (
        ran.steps[0][1] == "sucht nach Nachtbus Fahrplan"
    )  # of its own words those that papers know
    assert ran.steps[2][1] == "liest Projekt 5.1.1.1 Nachtbus am Wochenende"
    assert ran.took == (4, 5)
    tokens = [reply.get("token") for reply in ran.asked[3].replies]
    assert tokens == [None, "A2", None, None, None]  # only what a sentence can cite has one
    assert [item.key for item in ran.draft.nearest] == ["5.1.2.1"]  # read and not used


def test_steps_are_told_in_the_language_of_the_answer(desk: ScriptedModel) -> None:
    works = in_turns(search_for("Nachtbus"), answer(outcome="not_in_documents"))
    text = {
        language: desk.run(works, language=language).steps[0][1]
        for language in ("en", "nl", "tr", "uk", "pl")
    }
    assert text["en"] == "searches for Nachtbus" and len(set(text.values())) == 5


def test_what_has_no_place_may_be_repaired_once_and_is_dropped_then(desk: ScriptedModel) -> None:
    careless = of_bus(RIGHT, "Elefanten singen.")
    repaired = of_bus(RIGHT, "Der Zuschuss beträgt 275.000 Euro im Jahr.")
    ran = desk.run(in_turns(careless, repaired))
    assert ran.took[0] == 2 and "search" in ran.asked[1].tools  # it may look again
    assert "„Der Nachtbus fährt bis 3:30 Uhr.“: bewiesen\n" in ran.asked[1].last
    assert "„Elefanten singen.“: würde gestrichen; " in ran.asked[1].last
    assert "275.000 Euro" in ran.said and "Elefanten" not in ran.said
    stubborn = desk.run(careless)
    assert stubborn.took[0] == 2 and stubborn.said == RIGHT


@cases("said", "quote")
def test_a_sentence_that_its_quote_does_not_bear_out_is_dropped(
    desk: ScriptedModel, said: str, quote: str
) -> None:
    def errs(asked: Asked) -> Calls:
        bus = asked.entry(BUS)
        (name, text), *_ = right(asked).made
        assert isinstance(text, dict)
        wrong = {"text": said, "tokens": [bus], "quote": quote}
        return calls((name, {**text, "sentences": [*text["sentences"], wrong]}))

    ran = desk.run(errs)
    assert ran.said == RIGHT


def test_the_judge_sees_sentences_with_their_quotes_and_decides(desk: ScriptedModel) -> None:
    two = of_bus(RIGHT, "Der Kreis zahlt dafür 275.000 Euro im Jahr.")
    asked: list[str] = []

    def judge(words: tuple[str, ...], answers: str = "ja") -> Judge:
        def reply(request: str) -> str:
            asked.append(request)
            return verdicts(*words, answers=answers)

        return reply

    ran = desk.run(two, judge=judge(("belegt", "belegt")))
    assert NIGHT_BUS in asked[0] and "Zuschuss des Kreises beträgt 275.000 Euro" in asked[0]
    assert [part.checked for part in ran.draft.sentences] == ["supported", "supported"]
    beside = desk.run(two, judge=judge(("belegt", "daneben"))).draft.sentences
    assert [part.checked for part in beside] == ["supported", "free"]
    assert f"{text('de/free')} „Der Zuschuss des Kreises beträgt 275.000" in beside[1].text
    assert desk.parts.verifier.find_fault(beside[1]) is None
    own, *behind = beside[1].fragments
    altered = replace(own, text=own.text.replace("275", "257"))
    wrong = replace(beside[1], fragments=(altered, *behind))
    assert desk.parts.verifier.find_fault(wrong) is not None
    against = desk.run(two, judge=judge(("belegt", "widerspricht")))
    assert against.said == RIGHT
    for words, answers in (
        (("widerspricht", "belegt"), "ja"),
        (("daneben", "daneben"), "ja"),
        (("belegt", "belegt"), "nein"),
    ):
        given_up = desk.run(two, judge=judge(words, answers))
        assert given_up.made is None and given_up.agent.failure_code == "model_given_up"


@pytest.mark.parametrize("reply", ["Unsinn", 500, verdicts(*["belegt"] * 5), '{"saetze": 3}', "[]"])
def test_without_a_judge_only_the_papers_words_are_shown(desk: ScriptedModel, reply: Reply) -> None:
    quote = "Der Zuschuss des Kreises beträgt 275.000 Euro im Jahr."

    script = of_bus(quote, "Der Kreis bezahlt den Nachtbus ganz allein.")
    for judge in (None, lambda _: reply):
        ran = desk.run(script, judge=judge)
        assert ran.said == quote
        assert [part.checked for part in ran.draft.sentences] == ["verbatim"]


def test_without_its_first_sentence_an_answer_is_none(desk: ScriptedModel) -> None:
    ran = desk.run(of_bus("Elefanten singen.", "Er ist umgesetzt."))
    assert ran.made is None and ran.agent.failure_code == "model_given_up"


@pytest.mark.parametrize(
    "question", ["Welche Projekte sind noch Ideen?", "Wo ist die Abteilung 99 dabei?"]
)
def test_a_list_is_of_the_call_and_not_of_the_question(desk: ScriptedModel, question: str) -> None:
    ran = desk.run(in_turns(IDEAS, answer(rows_of="A1")), question)
    counted = ran.asked[1].replies[0]["reply"]["found"]
    assert ran.draft.data is not None and len(ran.draft.data.rows) == counted > 3
    assert len(ran.draft.row_proofs) == counted and ran.said.startswith(f"{counted} Projekte")


def test_a_list_that_may_not_be_all_is_told_behind_what_limits_it(desk: ScriptedModel) -> None:
    lists = in_turns(call_records(kinds=["project"], topic="Schulhof"), answer(rows_of="A1"))
    ran = desk.run(lists, "Was machen sie auf dem Schulhof?")
    reply = ran.asked[1].replies[0]["reply"]
    assert ran.made is not None, reply
    assert ran.draft.data is not None and ran.draft.data.complete is False
    assert len(ran.draft.data.rows) == reply["found"] > 0
    assert ran.draft.sentences[0].is_reservation, ran.said


def test_the_judge_is_shown_the_form_of_its_reply() -> None:
    asked = list[str]()

    def reply(instruction: str, request: str) -> ModelReply:
        asked.append(instruction)
        return ModelReply(verdicts("belegt"), 1, 1)

    judged = judging.judge(reply, "Wann?", [judging.ShownSentence("2024.", ("Das war 2024.",))])
    assert judged.verdicts == (judging.Verdict.SUPPORTED,)
    assert '{"saetze": ["belegt", "daneben"], "frage": "ja"}' in asked[0]
    assert "{{" not in asked[0]


def test_a_repair_that_only_lists_counts(desk: ScriptedModel) -> None:
    wrong = answer(("Es gibt 999 Ideen.", ["A1"]))
    repairs = in_turns(IDEAS, wrong, answer(rows_of="A1"))
    ran = desk.run(repairs, "Welche Projekte sind noch Ideen?")
    assert ran.took == (3, 1) and ran.draft.data is not None and "999" not in ran.said


@cases("arguments")
def test_a_call_that_found_no_record_lists_nothing(
    desk: ScriptedModel, arguments: dict[str, object]
) -> None:
    lists = in_turns(call_records(**arguments), answer(rows_of="A1"))
    assert desk.run(lists, "Welche gibt es?").made is None


def test_tokens_differ_in_two_characters_at_least(desk: ScriptedModel) -> None:
    both = calls(("records", {"kinds": ["project"]}), ("records", {"kinds": ["goal"]}))
    lists = in_turns(both, UNCLEAR)
    tokens = [token for token in desk.run(lists).agent.material.tokens.things if len(token) > 2]
    assert len(tokens) > 60 and {len(token) for token in tokens} == {4}
    for index, token in enumerate(tokens):
        for other in tokens[:index]:
            assert sum(map(str.__ne__, token, other)) > 1


@pytest.mark.parametrize("language", ["de", "en", "nl", "tr", "pl", "uk"])
def test_what_was_not_found_is_said_before_what_is_related(
    desk: ScriptedModel, language: str
) -> None:
    german = RIGHT
    others = {"en": "The Nachtbus runs until 3:30.", "de": ""}

    def related(asked: Asked) -> Calls:
        bus = [asked.entry(BUS)]
        other = others.get(language, f"Nachtbus 3:30: {language}.")
        return answer(*((german, bus, other) for _ in range(4)), outcome="not_in_documents")

    ran = desk.run(related, "Was kostet der Nachtbus je Fahrt?", language=language)
    checked = desk.parts.verifier.verify(ran.draft, "de")
    assert checked.status is AnswerStatus.FOUND
    gap, lead, *cited = checked.sentences
    assert gap.text == fill(f"{language}/gap", was="„Was kostet der Nachtbus je Fahrt?“")
    assert lead.text == text(f"{language}/related") and len(cited) == 1


@cases("outcome", "status")
def test_other_outcomes_are_told_by_fixed_texts_in_the_language_of_the_answer(
    desk: ScriptedModel, outcome: str, status: str
) -> None:
    ended = answer(("Das steht dort nicht.", []), outcome=outcome)
    ran = desk.run(in_turns(read_bus, ended))
    assert (ran.draft.status, ran.draft.mode) == (status, None)
    assert "steht dort nicht" not in ran.said and not any(
        sentence.proofs for sentence in ran.draft.sentences
    )
    assert status != "not_in_documents" or ran.draft.nearest[0].key == BUS
    turkish = desk.run(lambda _: answer(outcome=outcome), "Gece otobüsü ne kadar?", language="tr")
    name = {"out_of_scope": "not_ours"}.get(outcome, outcome)
    assert turkish.draft.language == "tr" and turkish.said.startswith(text(f"tr/{name}"))
    assert "verstehe deutsche" not in turkish.said


def test_what_it_found_by_itself_is_offered_where_it_has_no_answer(desk: ScriptedModel) -> None:
    both = calls(("search", {"text": "Nachtbus"}), ("search", {"text": "Qxzyw"}))
    searches = in_turns(both, answer(outcome="not_in_documents"))
    ran = desk.run(searches, "Was kostet ein Bibliotheksausweis?")
    assert ran.draft.nearest[0].key == BUS
    assert not any(item.title in ran.said for item in ran.draft.nearest)


def test_a_long_entry_is_shown_whole_and_one_that_fills_the_room_is_not(
    desk_over: DeskOver,
) -> None:
    def section(title: str, sentences: int) -> str:
        return f"## {title}\n\n" + " ".join(
            f"Am Weg {item} wird der Belag erneuert." for item in range(sentences)
        )

    text = "\n\n".join(("# Wege", section("Radwege", 200), section("Wanderwege", 400)))
    desk = desk_over(text)
    ran = desk.run(in_turns(UNCLEAR), "Was steht zu Radwegen und Wanderwegen?")
    assert "Weg 19 " in ran.asked[0].text and len(ran.asked[0].text) < 16_000


def test_of_a_long_entry_the_first_search_gives_the_passages_that_fit(desk_over: DeskOver) -> None:
    points = [f"Am Weg {number} wird der Belag erneuert." for number in range(900)]
    points[450] = "Die Fledermaus Emma wohnt am Weiher."
    text = f"# Wege\n\n## Radwege\n\n{' '.join(points)}\n\n## Anderes\n\nNichts."
    desk = desk_over(text)
    item = next(i for i in desk.parts.corpus.catalogue.items if i.title == "Radwege")
    ran = desk.run(in_turns(UNCLEAR), "Wo wohnt die Fledermaus Emma in den Radwegen?")
    assert len(item.body) > 29_000
    assert "Fledermaus Emma wohnt" in ran.asked[0].last
    assert len(ran.asked[0].last) < 8_000


def test_a_search_shows_short_items_whole_and_nothing_twice(desk_over: DeskOver) -> None:
    long = " ".join(f"Am Weg {number} wird der Belag erneuert." for number in range(90))
    contact = "## Zusammenarbeit mit Oberau\n\nZusammenarbeit seit:\n\n2019"
    text = f"# Wege\n\n## Radwege\n\n{long}\n\n{contact}\n\n## Anderes\n\nNichts."
    search = search_for("Zusammenarbeit Oberau Belag Radwege")
    searches = in_turns(search, search, UNCLEAR)
    desk = desk_over(text)
    first, again = desk.run(searches, "Gibt es Parkplätze?").asked[-1].replies
    shown = {entry["title"]: entry.get("passage", "") for entry in first["entries"]}
    assert "2019" in shown["Zusammenarbeit mit Oberau"]
    assert not shown["Radwege"]  # its passages were in the first message
    assert [entry["token"] for entry in again["entries"]] == [
        entry["token"] for entry in first["entries"]
    ]
    assert not any("passage" in entry for entry in again["entries"])


def test_a_passage_that_comes_again_hides_no_other(desk_over: DeskOver) -> None:
    long = " ".join(f"Am Weg {number} wird der Belag erneuert." for number in range(90))
    places = "\n\n".join(f"## Platz {number}\n\nParkplätze liegen dort." for number in range(20))
    text = f"# Wege\n\n{places}\n\n## Radwege\n\n{long} Die Fledermaus Emma wohnt dort. {long}"
    search = search_for("Belag")
    searches = in_turns(search, search, search_for("Fledermaus Emma"), UNCLEAR)
    desk = desk_over(text)
    first, again, other = desk.run(searches, "Gibt es Parkplätze?").asked[-1].replies
    assert first["entries"][0]["passage"] and "passage" not in again["entries"][0]
    assert "Emma" in other["entries"][0]["passage"]


def test_a_search_without_hits_says_so(desk: ScriptedModel) -> None:
    (reply,) = desk.run(in_turns(search_for("Qxz"), UNCLEAR)).asked[1].replies
    assert reply["found"] is False and "token" not in reply


def test_a_later_part_of_an_item_repeats_nothing(desk_over: DeskOver) -> None:
    points = [f"Am Weg {number} wird der Belag erneuert." for number in range(900)]
    text = f"# Wege\n\n## Radwege\n\n{' '.join(points)}\n\n### Kurven\n\nEng."
    desk = desk_over(text)

    def reads(asked: Asked) -> Calls:
        names = ["Radwege", "Kurven"][: 1 + asked.turn // 3]
        offset = {"offset": 14_000} if asked.turn > 1 else {}
        return calls(("read", {"tokens": list(map(asked.entry, names))} | offset))

    replies = desk.run(in_turns(reads, reads, reads, UNCLEAR), "Wege und Kurven?").asked[-1].replies
    whole, part, of_two = (reply["entries"][0] for reply in replies)
    assert text.partition("## Radwege")[2].strip().startswith(whole["text"])
    assert whole["next_offset"] == of_two["next_offset"] == 3_000
    assert part["text"] in text and part["next_offset"] == 17_000
    assert not {"children", "parent", "fields"} & part.keys() and whole["token"] == part["token"]


def test_a_whole_entry_tells_its_page(desk: ScriptedModel) -> None:
    item = desk.parts.corpus.catalogue.item(REPORT, BUS)
    assert item is not None and item.page is not None
    (entry,) = desk.run(in_turns(read_bus, right)).asked[1].replies[0]["entries"]
    assert entry["token"] and entry["page"] == item.page
    assert not {"passage", "previous", "next", "url"} & entry.keys()


def test_long_lists_are_shown_in_part_and_say_so(desk: ScriptedModel) -> None:
    lists = in_turns(call_records(kinds=["project", "measure"]), UNCLEAR)
    reply = desk.run(lists).asked[1].replies[0]["reply"]
    assert (
        list(reply)[:2] == ["found", "complete"]
        and reply["found"] > 60
        and len(reply["entries"]) == 61
    )
    assert (
        reply["entries"][60] == f"… {reply['found'] - 60}" and "passage" not in reply["entries"][0]
    )


def test_of_groups_the_numbers_are_shown(desk: ScriptedModel) -> None:
    def told(asked: Asked) -> Calls:
        best = asked.replies[0]["reply"]["groups"][0]
        statement = f"Die meisten Projekte hat das Themenfeld {best['id']} {best['title']} mit {best['count']}."
        return answer((statement, ["A1"]))

    groups = in_turns(call_records(kinds=["project"], group_by="theme"), told)
    ran = desk.run(groups, "Welches Themenfeld hat die meisten Projekte?")
    reply = ran.asked[1].replies[0]["reply"]
    assert (
        len(reply["entries"]) == 13
        and sum(item["count"] for item in reply["groups"]) == reply["found"]
    )
    assert ran.said.startswith("Die meisten Projekte hat das Themenfeld")
    theme = max(reply["groups"], key=lambda item: item["count"])
    projects = [proof.item for proof in ran.draft.sentences[0].proofs]
    assert projects and {project.theme.ref for project in projects if project.theme} == {
        theme["id"]
    }


def test_what_was_not_found_is_said_in_the_questions_words(desk: ScriptedModel) -> None:
    def partly(asked: Asked) -> Calls:
        ((name, text),) = right(asked).made
        assert isinstance(text, dict)
        return calls((name, {**text, "not_found": "Fahrpreis Elefanten"}))

    ran = desk.run(partly, "Bis wann fährt der Nachtbus, und wie hoch ist der Fahrpreis?")
    assert ran.said == "Der Nachtbus fährt bis 3:30 Uhr. Dazu wurde nichts gefunden: Fahrpreis."
    assert ran.draft.sentences[-1].is_reservation


def test_a_page_is_cited_by_the_entry_on_it_that_says_it(desk: ScriptedModel) -> None:
    def reads(asked: Asked) -> Calls:
        page = desk.parts.corpus.catalogue.item(REPORT, BUS).page
        return calls(("read", {"document": asked.entry(BUS), "page": page}))

    def cites(asked: Asked) -> Calls:
        page = asked.replies[0]["page"]["token"]
        return answer((RIGHT, [page]), ("Der Nachtbus kostet 99 Euro.", [page]))

    (proof,) = desk.run(in_turns(reads, cites)).draft.sentences[0].proofs
    assert proof.item.key == BUS


def test_only_the_papers_that_were_chosen_are_looked_at(desk: ScriptedModel) -> None:
    chosen = "lauterfeld-leitbild-entwurf"

    looks = calls(
        ("search", {"text": "Nachtbus"}),
        ("read", {"document": REPORT, "keys": [BUS]}),
        ("records", {"topic": "Ehrenamt"}),
    )
    ran = desk.run(in_turns(looks, answer(outcome="not_in_documents")), documents=[chosen])
    assert REPORT not in ran.asked[0].last
    search, read, records = ran.asked[1].replies
    (document,) = {item["paper"] for item in search["entries"]}
    assert ran.agent.material.tokens.things[document].id == chosen and read == {
        "error": f"documents: {document}"
    }
    tokens = [
        item["token"] for item in records["reply"].get("entries", []) if isinstance(item, dict)
    ]
    assert {ran.agent.material.tokens.get(token, Item).document_id for token in tokens} <= {chosen}


def test_the_list_of_papers_is_that_of_the_chosen_ones(desk: ScriptedModel) -> None:
    chosen = "lauterfeld-leitbild-entwurf"

    looks = calls(("documents", {}), ("documents", {"documents": [REPORT]}))
    ran = desk.run(in_turns(looks, answer(outcome="not_in_documents")), documents=[chosen])
    reply, refused = ran.asked[1].replies
    (listed,) = reply["documents"]
    assert ran.agent.material.tokens.things[listed["token"]].id == chosen
    catalogue = ran.agent.material.catalogue
    units = {unit for item in catalogue.items_of(chosen) for unit in item.responsible}
    assert {unit["title"] for unit in reply.get("units", [])} == units
    assert refused == {"error": f"documents: {listed['token']}"}


def test_easy_german_is_asked_for(desk: ScriptedModel) -> None:
    easy, usual = desk.run(right, style="einfach").asked[0], desk.run(right).asked[0]
    assert (
        "Einfache Sprache" in easy.messages[0]["content"]
        and "Einfache Sprache" not in usual.messages[0]["content"]
    )


def test_the_same_question_is_put_alike_and_a_token_holds_for_one_answer_only(
    desk: ScriptedModel,
) -> None:
    first, again, other = (
        desk.run(right, item).asked[0]
        for item in (NIGHT_BUS, NIGHT_BUS, "Wann fährt der Nachtbus?")
    )
    assert first.body == again.body
    assert desk.run(lambda _: answer((RIGHT, [other.entry(BUS)]))).made is None


def test_the_limits_are_those_that_are_told() -> None:
    assert f"höchstens {TURNS} Züge und {CALLS} Aufrufe" in text("de/model/agent_instruction")


@cases("question", "said", "published")
def test_a_verdict_is_set_by_rule_and_not_by_the_model(
    desk: ScriptedModel, question: str, said: str, published: str
) -> None:
    ran = desk.run(of_bus(said), question)
    assert ran.said.startswith(published)


def test_a_verdict_is_not_set_on_another_record(desk: ScriptedModel) -> None:
    ran = desk.run(
        of_bus("Ja, der Nachtbus ist umgesetzt."),
        "Ist Projekt 5.1.2.1 umgesetzt? Und der Nachtbus?",
    )
    assert ran.said.startswith("Der Nachtbus ist umgesetzt.")


def test_a_translation_has_the_verdict_of_the_rule(desk: ScriptedModel) -> None:
    ran = desk.run(
        lambda asked: answer(
            (
                "Nein, der Nachtbus ist umgesetzt.",
                [asked.entry(BUS)],
                "No, the Nachtbus is implemented.",
            )
        ),
        "Ist der Nachtbus umgesetzt?",
        language="en",
    )
    (sentence,) = ran.draft.sentences
    assert sentence.text == (
        "Yes: The Nachtbus is implemented – translated from the German: "
        "„Der Nachtbus ist umgesetzt“."
    )
