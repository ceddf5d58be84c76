"""Structure by numbers and labels, one difficulty each."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.papers import PROSE, by_ref, read_text
from vectorstore.records import Conflict, DocumentKind, ItemKind, ItemStatus


def _report(body: str, lists: str = "") -> str:
    return (
        "Bericht\n\nKreis Quonau\n\n1. MOBILITÄT\n\n1.1 Strategisches "
        f"Ziel 1\n\nWege werden kürzer.\n\n{body}\n\n{lists}"
    )


def test_goal_title_is_its_sentence(tmp_path: Path) -> None:
    items = by_ref(read_text(tmp_path, _report(f"1.1.1 Ideenspeicher\n\n1.1.1.1 Rufbus\n\nSachstand:\n\n{PROSE}")))
    assert items["1.1"].title == "Wege werden kürzer." and items["1.1"].heading == "1.1 Strategisches Ziel 1"
    assert items["1.1.1.1"].status is ItemStatus.IDEA and items["1.1.1.1"].status_heading == "1.1.1 Ideenspeicher"
    assert items["1.1.1.1"].state == PROSE


def test_named_goals_keep_their_name(tmp_path: Path) -> None:
    text = (
        f"Bericht\n\n1. Klima\n\n1.1 Energie sparen\n\n{PROSE}\n\n"
        f"1.1.1 Projekte in Planung\n\n1.1.1.1 Kataster\n\n{PROSE}"
    )
    assert by_ref(read_text(tmp_path, text))["1.1"].title == "Energie sparen"


def test_fused_headings_come_apart(tmp_path: Path) -> None:
    body = (
        f"1.1.1 umgesetzte Projekte**1.1.1.1 Rufbus****Beschreibung:**\n\n{PROSE}\n\nSachstand:\n\nLäuft gut.\n\n"
        f"1.1.2 Projekte in Planung\n\n1.1.2.1 Radweg Beschreibung: {PROSE}\n\nSachstand:\n\nEs dauert.\n\n"
        f"1.1.2.2 Steg\n\nBeschreibung:\n\n{PROSE}\n\nSachstand:\n\nBald.\n\n1.1.2.3 Furt\n\nBeschreibung:\n\n{PROSE}"
    )
    items = by_ref(read_text(tmp_path, _report(body)))
    assert (items["1.1.1.1"].title, items["1.1.1.1"].description) == ("Rufbus", PROSE)
    assert (items["1.1.2.1"].title, items["1.1.2.1"].description) == ("Radweg", PROSE)


def test_empty_groups_make_no_project(tmp_path: Path) -> None:
    body = (
        "1.1.1 Ideenspeicher\n\nderzeit keine Projekte vorhanden\n\n1.1.2 Projekte in Planung\n\n1.1.2.1 Steg\n\nText."
    )
    assert [i.ref for i in read_text(tmp_path, _report(body)).items if i.kind is ItemKind.PROJECT] == ["1.1.2.1"]


def test_a_third_digit_against_the_group_is_a_conflict(tmp_path: Path) -> None:
    parts = []
    for goal in range(1, 5):
        parts.append(f"1.{goal} Strategisches Ziel {goal}\n\nEin Satz.\n\n1.{goal}.1 Projekte in Bearbeitung")
        parts.append(
            f"1.{goal}.1.1 Weg {goal}\n\nText.\n\n1.{goal}.2 Projekte in Planung\n\n1.{goal}.2.1 Steg {goal}\n\nText."
        )
    text = "Bericht\n\n1. Mobilität\n\n" + "\n\n".join(parts)
    text = text.replace("1.4.1.1 Weg 4", "1.4.2.9 Weg 4")
    items = by_ref(read_text(tmp_path, text))
    assert items["1.4.2.9"].status is ItemStatus.IN_PROGRESS
    assert items["1.4.2.9"].conflicts == (Conflict("status", "in_progress", "planned"),)
    assert not items["1.3.2.1"].conflicts


def test_status_words_in_one_column(tmp_path: Path) -> None:
    lists = "Nr.\tMaßnahme\tStatus\tZuständig\n1.1.1.1\tRufbus\tin Planung\t66\n1.1.1.2\tSteg\tIdee\t10, 66"
    body = "1.1.1 Ideenspeicher\n\n1.1.1.1 Rufbus\n\nText.\n\n1.1.1.2 Steg\n\nText."
    items = by_ref(read_text(tmp_path, _report(body, lists)))
    (conflict,) = items["1.1.1.1"].conflicts
    assert (conflict.field, conflict.text, conflict.table) == ("status", "idea", "planned")
    assert [(value.text, value.source) for value in conflict.values] == [("idea", "text"), ("planned", "overview")]
    assert items["1.1.1.2"].responsible == ("10", "66") and not items["1.1.1.2"].conflicts


def test_rows_are_joined_by_title_where_numbers_clash(tmp_path: Path) -> None:
    lists = "Nr.\tProjekt\tStatus\tVerantwortlich\n1.1.1.2\tRufbus im Norden\tIdee\t66\n1.1.1.1\tSteg am See\tIdee\t10"
    body = "1.1.1 Ideenspeicher\n\n1.1.1.1 Rufbus im Norden\n\nText.\n\n1.1.1.2 Steg am See\n\nText."
    items = by_ref(read_text(tmp_path, _report(body, lists)))
    assert items["1.1.1.1"].responsible == ("66",)
    (conflict,) = items["1.1.1.1"].conflicts
    assert (conflict.field, conflict.text, conflict.table) == ("ref", "1.1.1.1", "1.1.1.2")


def test_units_from_a_field(tmp_path: Path) -> None:
    fields = "Beschreibung: {}\n\nStand: Läuft.\n\nVerantwortlich: 66 Straßen, Dez.06\n\n"
    body = "1.1.1 Ideenspeicher\n\n" + "".join(f"1.1.1.{n} Weg {n}\n\n{fields.format(PROSE)}" for n in range(1, 5))
    item = by_ref(read_text(tmp_path, _report(body)))["1.1.1.2"]
    assert item.responsible == ("66 Straßen", "Dez. 06") and item.description == PROSE and item.state == "Läuft."


def test_flat_goals_with_bullets(tmp_path: Path) -> None:
    text = (
        f"Strategische Ziele\n\nI. Wirtschaft\n\n{PROSE}\n\n- Erstens "
        f"gut.\n- Zweitens besser.\n\nII. Kultur\n\n{PROSE}\n\n- Singen."
    )
    items = by_ref(read_text(tmp_path, text))
    assert items["I"].kind is ItemKind.GOAL and items["I.2"].body == "Zweitens besser." and items["II.1"].parent == "II"


def test_contents_without_leaders_are_no_content(tmp_path: Path) -> None:
    text = (
        "Ziele\n\nInhalt\n\nI. Wirtschaft 2\n\nII. Kultur 3\n\nI. "
        f"Wirtschaft\n\n{PROSE}\n\n- Eins.\n\nII. Kultur\n\n{PROSE}"
    )
    refs = [item.ref for item in read_text(tmp_path, text).items]
    assert refs == ["Titel", "I", "I.1", "II"]


def test_theses_with_an_overview_and_fused_titles(tmp_path: Path) -> None:
    overview = "\n\n".join(
        f"0{n}. {title} Ein schönes Wort" for n, title in enumerate(("Wohnen", "Bildung", "Umwelt"), 1)
    )
    body = (
        f"1. Wohnen Menschen sollen gut wohnen. {PROSE}\n\n2. Bildung Der Kreis fördert Schulen. {PROSE}\n\n"
        f"3. Umwelt und Natur Die Luft bleibt rein. {PROSE}"
    )
    text = f"Leitbild\n\nEinleitung\n\n{PROSE}\n\nDrei Thesen\n\n{overview}\n\n{body}"
    items = by_ref(read_text(tmp_path, text, DocumentKind.GUIDING_PRINCIPLES))
    assert [items[n].title for n in "123"] == ["Wohnen", "Bildung", "Umwelt und Natur"]
    assert items["1"].kind is ItemKind.THESIS and items["1"].body.startswith("Menschen sollen")


def test_motion_with_sections(tmp_path: Path) -> None:
    text = (
        f"An den Landrat\n\nAntrag zum Radverkehr\n\nBeschlussvorschlag:\n\n"
        f"1. Der Kreistag beschließt einen Radweg. {PROSE}\n\n"
        f"2. Die Verwaltung berichtet bis 2027.\n\nQuonau,\n\n3. Mai "
        f"2026\n\nBegründung: Der Kreis hat viele Wege. {PROSE}\n\n"
        "Mit freundlichen Grüßen"
    )
    document = read_text(tmp_path, text, DocumentKind.MOTION)
    items = by_ref(document)
    assert [r for r, i in items.items() if i.kind is ItemKind.RESOLUTION] == ["1", "2"]
    assert items["1"].heading == "1." and items["1"].parent == "Beschlussvorschlag"
    assert items["Begründung"].body.startswith("Der Kreis hat") and "Mai" not in items["2"].body
    assert [chunk.text for chunk in document.chunks if "Mai 2026" in chunk.text and chunk.key == "Titel"]


def test_sheet_of_labelled_lines(tmp_path: Path) -> None:
    text = (
        "Projekt Quonau\n\nAnlass: Wandel\n\nZiel: Besser werden\n\n"
        f"Rechtsform: Vertrag\n\nKosten: keine\n\nUmsetzung: {PROSE}"
    )
    items = by_ref(read_text(tmp_path, text))
    assert items["Rechtsform"].body == "Vertrag" and items["Umsetzung"].body == PROSE


def test_empty_label_is_an_item(tmp_path: Path) -> None:
    items = by_ref(read_text(tmp_path, f"Steckbrief\n\nZiel:\n\n{PROSE}\n\nRechtsform:\n\nKontakt:\n\nKreis Quonau"))
    assert items["Rechtsform"].body == "" and items["Kontakt"].body == "Kreis Quonau"


def test_markdown_headings(tmp_path: Path) -> None:
    text = (
        "# Leitbild\n\n## Vorwort\n\nKurz **und** gut.\n\n## Thesen\n\n### "
        f"1. Luft\n\n{PROSE}\n\n### 2. Wasser\n\n{PROSE}\n\n# Anhang\n\nEnde."
    )
    items = by_ref(read_text(tmp_path, text, DocumentKind.GUIDING_PRINCIPLES, "leitbild.md"))
    assert list(items) == ["Titel", "Vorwort", "1", "2", "Anhang"]
    assert items["Vorwort"].body == "Kurz und gut." and items["2"].kind is ItemKind.THESIS


def test_repeated_labels_get_numbered_keys(tmp_path: Path) -> None:
    text = f"Steckbrief\n\nUmsetzung:\n\n{PROSE}\n\nZiel:\n\n{PROSE}\n\nUmsetzung:\n\nNoch etwas."
    assert [item.key for item in read_text(tmp_path, text).items][1:] == ["Umsetzung", "Ziel", "Umsetzung~2"]


def test_statute_paragraphs(tmp_path: Path) -> None:
    text = f"Satzung\n\n§ 1 Geltung\n\n{PROSE}\n\n§ 2 Wahl\n\n{PROSE}"
    items = read_text(tmp_path, text).items
    assert [(item.ref, item.title) for item in items[1:]] == [("§ 1", "Geltung"), ("§ 2", "Wahl")]


def test_minutes_are_their_points_and_what_was_resolved(tmp_path: Path) -> None:
    agenda = ("TOP 1: Eröffnung", "TOP 2: Radwege im Norden", "TOP 3: Mitteilungen")
    text = "\n\n".join(
        (
            "Niederschrift",
            "über die Sitzung des Ausschusses am 14.03.2024",
            "Anwesend: Frau Amsel, Herr Bach",
            "Tagesordnung",
            *agenda,
            agenda[0],
            PROSE,
            agenda[1],
            PROSE,
            "Beschluss: Der Ausschuss empfiehlt den Bau. Die Mittel stehen bereit.",
            "Abstimmungsergebnis: einstimmig",
            agenda[2],
            "1. Die Brücke wird saniert.",
            "2. Der Bericht liegt aus.",
            "Beschluss:",
            "Die Mitteilungen werden zur Kenntnis genommen.",
        )
    )
    items = read_text(tmp_path, text).items
    points = [(item.ref, item.title) for item in items if item.kind is ItemKind.SECTION and item.ref != "Titel"]
    assert points == [("TOP 1", "Eröffnung"), ("TOP 2", "Radwege im Norden"), ("TOP 3", "Mitteilungen")]
    resolved = [(item.ref, item.title) for item in items if item.kind is ItemKind.RESOLUTION]
    assert resolved == [
        ("TOP 2", "Der Ausschuss empfiehlt den Bau."),
        ("TOP 3", "Die Mitteilungen werden zur Kenntnis genommen."),
    ]


def test_a_motion_moves_its_points_whatever_stands_before_them(tmp_path: Path) -> None:
    points = ["Der Kreis baut Radwege.", "Er stellt den Stand vor:\na. im Ausschuss,\nb. im Kreistag.", "Er berichtet."]
    numbered = "\n".join(f"{number}. {point}" for number, point in enumerate(points, start=1))
    text = f"Antrag\n\nEingang: 15.03.2022\n\nRadwege\n\n{numbered}\n\nBegründung:\n\n{PROSE}"
    items = read_text(tmp_path, text, DocumentKind.MOTION).items
    resolved = [(item.ref, item.title[:22]) for item in items if item.kind is ItemKind.RESOLUTION]
    assert resolved == [("1", "Der Kreis baut Radwege"), ("2", "Er stellt den Stand vo"), ("3", "Er berichtet.")]


def test_long_sections_are_cut_between_sentences(tmp_path: Path) -> None:
    document = read_text(tmp_path, f"Leitbild\n\nEinleitung\n\n{' '.join([PROSE] * 40)}")
    chunks = [chunk for chunk in document.chunks if chunk.key == "Einleitung"]
    assert len(chunks) >= 4 and all(len(chunk.text) <= 1200 and chunk.text.endswith(".") for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
