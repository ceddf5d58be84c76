"""Values: every kind in many spellings with what is none, spans verbatim, and recall and precision on made papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extractors.sheet_fields import units
from ingest.values.items import located, merged, with_values
from ingest.values.offices import UnitNames, long_form, spells
from ingest.values.parsing import amounts, dates, parse
from ingest.values.places import Gazetteer, names_all
from tests.papers import papers
from tests.papers.truth import TruthRecord
from vectorstore.notation import UNITS
from vectorstore.numerals import NUMBER_WORDS, decimal, plain
from vectorstore.records import Field, Item, ItemKind, Value, ValueKind

DATES = {
    "am 01.10.2023 im Rat": "2023-10-01",
    "am 1. 10. 2023": "2023-10-01",
    "am 11. Mai 2023": "2023-05-11",
    "Stand: 3. MÄRZ 2022": "2022-03-03",
    "am 01.10.23 beschlossen": "2023-10-01",
    "2026-05-01": "2026-05-01",
    "im Oktober 2023": "2023-10",
    "Okt. 2023": "2023-10",
    "Dez. 2025": "2025-12",
    "im Jahr 2025": "2025",
    "Ende 2027": "2027",
    "Mitte des Jahres 2027": "2027",
    "Winter 2025": "2025",  # which of the two winters is not said
    "am 31.02.2024": "2024",  # no such day
    "10.2025": "2025-10",
    "am 01/10/2023": "2023-10-01",
    "01.04.26": "2026-04-01",
    "vom 1.4.26 an": "2026-04-01",
    "Haushalt 2026, Seite 3": "2026",
}
PERIODS = {
    "3. Quartal 2025": "2025-07/2025-09",
    "Q3/2025": "2025-07/2025-09",
    "Q1 2026": "2026-01/2026-03",
    "I. Quartal 2026": "2026-01/2026-03",
    "III/2026": "2026-07/2026-09",
    "01.04.26 – 31.03.29": "2026-04-01/2029-03-31",
    "im vierten Quartal 2026": "2026-10/2026-12",
    "Quartal 2/2026": "2026-04/2026-06",
    "1. Halbjahr 2026": "2026-01/2026-06",
    "im zweiten Halbjahr 2025": "2025-07/2025-12",
    "H1 2025": "2025-01/2025-06",
    "Frühjahr 2026": "2026-03/2026-05",
    "Sommer 2026": "2026-06/2026-08",
    "im Herbst 2026": "2026-09/2026-11",
    "Winter 2025/26": "2025-12/2026-02",
    "Frühjahr/Sommer 2026": "2026-03/2026-08",
    "bis Ende 2027": "/2027",
    "bis 2030": "/2030",
    "bis zum Jahr 2045": "/2045",
    "bis spätestens 2030": "/2030",
    "bis zum 31.12.2025": "/2025-12-31",
    "bis zum 3. Quartal 2025": "/2025-09",
    "ab 2024": "2024/",
    "Ab Herbst 2025": "2025-09/",
    "ab dem Schuljahr 2024/25": "2024/",
    "seit 13.12.2025": "2025-12-13/",
    "seit Oktober 2021": "2021-10/",
    "2026 ff.": "2026/",
    "2024-2028": "2024/2028",
    "2024 – 2028": "2024/2028",
    "2024/25": "2024/2025",
    "2024/2025": "2024/2025",
    "1999/00": "1999/2000",
    "von 2024 bis 2028": "2024/2028",
    "2025 bis 2027": "2025/2027",
    "zwischen 2024 und 2026": "2024/2026",
    "01/2024 – 06/2025": "2024-01/2025-06",
    "Mai bis Juli 2024": "2024-05/2024-07",
    "Oktober 2023 bis März 2024": "2023-10/2024-03",
    "1.–3. Mai 2024": "2024-05-01/2024-05-03",
    "01.10. bis 15.10.2023": "2023-10-01/2023-10-15",
    "vom 01.04.2026 bis zum 31.03.2029": "2026-04-01/2029-03-31",
    "I. bis III. Quartal 2026": "2026-01/2026-09",
    "Q1–Q3 2025": "2025-01/2025-09",
    "3. Quartal 2025 bis 2. Quartal 2026": "2025-07/2026-06",
    "Ende 2025 bis Anfang 2027": "2025/2027",
    "ab 2024 bis 2028": "2024/2028",
}
NO_DATES = (
    "Mitte der 2020er",
    "fortlaufend",
    "dauerhaft ab Beschluss",
    "2.030 Personen",
    "2030 Euro",
    "2000 m²",
    "2100 kWh",
    "Vorlage 123/2024",
    "Vorlage Nr. 01/2024",
    "Kapitel 5.10.23",
    "5.10.23 Radwege",
    "1.2.10 bis 1.2.11",
    "Tel. 02921 30-2000",
    "rund 2000 Bäume",
    "Nr. 12345",
    "5.5.2.1",
)
AMOUNTS = {
    "1,2 Mio. Euro": [("1200000", "EUR")],
    "1.5 Mio. Euro": [("1500000", "EUR")],
    "2,75 Mio. €": [("2750000", "EUR")],
    "2 Millionen Euro": [("2000000", "EUR")],
    "1,1 Mrd. €": [("1100000000", "EUR")],
    "412.000 €": [("412000", "EUR")],
    "412000 €": [("412000", "EUR")],
    "50 000 €": [("50000", "EUR")],
    "5.000,- €": [("5000", "EUR")],
    "5.000,-- Euro": [("5000", "EUR")],
    "1.234,56 €": [("1234.56", "EUR")],
    "rd. 35 T€": [("35000", "EUR")],
    "300 Tsd. Euro": [("300000", "EUR")],
    "ca. 10.000 € p.a.": [("10000", "EUR/a")],
    "10.000 € p. a.": [("10000", "EUR/a")],
    "150 TEUR jährlich": [("150000", "EUR/a")],
    "rund 45.000 EUR pro Jahr": [("45000", "EUR/a")],
    "jährlich rund 7.500 Euro": [("7500", "EUR/a")],
    "jährliche Kosten in Höhe von 5.000 €": [("5000", "EUR/a")],
    "10.000 € im Jahr 2025": [("10000", "EUR")],
    "3.000 Euro/Monat": [("3000", "EUR/Monat")],
    "120 €/m²": [("120", "EUR/m²")],
    "5 Euro pro Person": [("5", "EUR/Person")],
    "€ 5.000": [("5000", "EUR")],
    "EUR 1.200.000,00": [("1200000", "EUR")],
    "50 Cent": [("0.5", "EUR")],
    "drei Millionen Euro": [("3000000", "EUR")],
    "zwölf Euro pro Monat": [("12", "EUR/Monat")],
    "zwischen 3.000 und 5.000 Euro": [("3000", "EUR"), ("5000", "EUR")],
    "60.000 bis 80.000 Euro": [("60000", "EUR"), ("80000", "EUR")],
    "1 bis 2 Mio. €": [("1000000", "EUR"), ("2000000", "EUR")],
    "500.000 bis 1 Mio. €": [("500000", "EUR"), ("1000000", "EUR")],
    "5 – 7 T€": [("5000", "EUR"), ("7000", "EUR")],
    "120.000 € einmalig, danach 8.000 € jährlich": [("120000", "EUR"), ("8000", "EUR/a")],
    "gering (unter 10.000 €)": [("10000", "EUR")],
}
NO_AMOUNTS = (
    "80 % von 14 Kommunen",
    "keine Kosten",
    "Euro-Paletten",
    "3 Europaletten",
    "noch nicht bezifferbar",
    "5 Europabeauftragte",
    "M 12",
)
QUANTITIES = {
    "17 Ladepunkte": [("17", "", "Ladepunkte")],
    "17 öffentliche Ladepunkte": [("17", "", "öffentliche Ladepunkte")],
    "55 % CO₂-Emissionen": [("55", "%", "CO₂-Emissionen")],
    "um 55 Prozent": [("55", "%", None)],
    "55 % der CO₂-Emissionen": [("55", "%", "CO₂-Emissionen")],
    "10–15 %": [("10", "%", None), ("15", "%", None)],
    "3.500 t CO2/a": [("3500", "t/a", "CO2")],
    "rund 14 Tonnen CO2 im Jahr": [("14", "t/a", "CO2")],
    "14 Tonnen CO2 im Jahr 2030": [("14", "t", "CO2")],
    "8,5 t CO2 pro Kopf": [("8.5", "t/Kopf", "CO2")],
    "etwa 14 Megawattstunden im Jahr": [("14", "MWh/a", None)],
    "90 kWh/m²": [("90", "kWh/m²", None)],
    "35 kWh/(m²a)": [("35", "kWh/m²/a", None)],
    "120 km Radwege": [("120", "km", "Radwege")],
    "zwei Kilometer neue Radwege": [("2", "km", "neue Radwege")],
    "2.100 m² Fläche": [("2100", "m²", "Fläche")],
    "1,5 °C": [("1.5", "°C", None)],
    "50 Mbit/s": [("50", "Mbit/s", None)],
    "18 Monate ab Bewilligung": [("18", "Monat", None)],
    "zwölf Schulen": [("12", "", "Schulen")],
    "Einundzwanzig Orte": [("21", "", "Orte")],
    "dreißig Bäume": [("30", "", "Bäume")],
    "dreizehn neue barrierefreie Haltestellen": [("13", "", "neue barrierefreie Haltestellen")],
    "zwei bis drei Gemeinden": [("2", "", "Gemeinden"), ("3", "", "Gemeinden")],
    "10 bis 15 Bäume": [("10", "", "Bäume"), ("15", "", "Bäume")],
    "3-5 Schulen": [("3", "", "Schulen"), ("5", "", "Schulen")],
    "12500 Einwohner": [("12500", "", "Einwohner")],
    "2030 Einwohner": [("2030", "", "Einwohner")],
    "2,5 Millionen Menschen": [("2500000", "", "Menschen")],
    "1,5 Stellen": [("1.5", "", "Stellen")],
    "0,5 VZÄ": [("0.5", "VZÄ", None)],
    "20 PKW": [("20", "", "PKW")],
    "17 E-Autos": [("17", "", "E-Autos")],
    "3 PV-Anlagen": [("3", "", "PV-Anlagen")],
    "17 Schul- und Sportplätze": [("17", "", "Schul- und Sportplätze")],
    "14 Städten und Gemeinden": [("14", "", "Städten und Gemeinden")],
    "800 Schülerinnen und Schüler": [("800", "", "Schülerinnen und Schüler")],
    "24 Bürger:innen": [("24", "", "Bürger:innen")],
    "12 Veranstaltungen pro Jahr": [("12", "/a", "Veranstaltungen")],
    "80 % von 14 Kommunen": [("80", "%", None), ("14", "", "Kommunen")],
    "im Jahr 2023 17 Schulen": [("17", "", "Schulen")],
    "rund 2000 Bäume": [("2000", "", "Bäume")],
}
NO_QUANTITIES = (
    "Seite 12 Ladepunkte",
    "S. 12 Ladepunkte",
    "§ 5 Absätze",
    "§§ 5 Satzungen",
    "5.5.2.1 Schulen",
    "M 12 Jobtickets",
    "HF 2 Radwege",
    "Maßnahme 12 Radwege",
    "Ziel 3 Schulen",
    "Kapitel 4 Maßnahmen",
    "Klasse 5 Schülerinnen",
    "Tel. 02921 30-2000 Frauen",
    "Telefon 0251 591 Auskünfte",
    "59494 Soest",
    "59555 Lippstadt-Bad Waldliesborn",
    "Soester Straße 12 Lippstadt",
    "Az. 61.12 Schulen",
    "Drucksache 12/345 Schulen",
    "14 Uhr",
    "14:30 Uhr",
    "am 1. Mai 2024 Schulen",
    "seit 2024 Schulen",
    "CO2 Emissionen",
    "KfW 55 Häuser",
    "Tempo 30 Zonen",
    "10-jährige Kinder",
    "20-kW-Anlagen",
    "3 Mobilität",
    "12 Klimaschutz",
    "je 1.000 Einwohner",
    "Industrie 4.0 Betriebe",
    "2 Mal",
    "12. Sitzung",
    "ein Haus",
    "so nicht.“1 Eine Ausnahme",
    "17 Die Ergebnisse",
    "VERW 1 Wege, VERW 2 Schulen, VERW 3 Bäume",
    "7 die Inhalte",
    "1 Radwege bauen\n\n2 Schulen sanieren\n\n3 Bäume pflanzen",
)
UNITS_NAMED = {
    "Dez. 06": ("Dez. 06", None),
    "Dezernat II": ("Dez. II", None),
    "FB 5 Planen/Bauen": ("FB 5", "Planen/Bauen"),
    "Fachbereich 4 Planen und Bauen": ("FB 4", "Planen und Bauen"),
    "Fachdienst 51.2 Frühe Hilfen": ("FD 51.2", "Frühe Hilfen"),
    "Amt 61": ("Amt 61", None),
    "Amt 66 Tiefbau": ("Amt 66", "Tiefbau"),
    "Amt 61 (Planungsamt)": ("Amt 61", "Planungsamt"),
    "Sachgebiet 32 Wasserwirtschaft": ("SG 32", "Wasserwirtschaft"),
    "Fachdienst Umwelt": ("Fachdienst Umwelt", None),
    "Stabsstelle Klimaschutz": ("Stabsstelle Klimaschutz", None),
    "Amt für Kreisentwicklung und Verkehr": ("Amt für Kreisentwicklung und Verkehr", None),
    "Fachbereich Planung, Bauen und Umwelt": ("Fachbereich Planung, Bauen und Umwelt", None),
    "Untere Naturschutzbehörde": ("Untere Naturschutzbehörde", None),
    "Referat für Klima- und Umweltschutz": ("Referat für Klima- und Umweltschutz", None),
    "Umweltamt": ("Umweltamt", None),
    "KSM": ("KSM", "Klimaschutzmanagement"),
}
NO_UNITS = (
    "Ehrenamt",
    "Umweltbundesamt",
    "das Amt Schönkirchen",
    "Der Fachbereich wird neu geordnet",
    "66.01 Radwege",
    "Dez. 2025",
    "KfW",
    "PV",
)
GOALS = {
    "SDG 11": ["11"],
    "SDGs 7, 11 und 13": ["7", "11", "13"],
    "Nachhaltigkeitsziel 4": ["4"],
    "Nachhaltigkeitszielen 4 und 5": ["4", "5"],
    "SDG 3 bis 5": ["3", "4", "5"],
    "SDG 11.2": ["11"],
    "SDG: 4": ["4"],
    "SDG 18": [],
    "die 17 SDGs": [],
    "Ziel 11": [],
    "SDG 4 und 13 Schulen": ["4"],
}
LEGEND = UnitNames("Klimaschutzmanagement (KSM)\n\nKfW = Kreditanstalt für Wiederaufbau\n\nPV: Photovoltaik", ())


def _found(text: str, *kinds: ValueKind) -> list[Value]:
    values = [one.value for one in parse(text, LEGEND)]
    assert all(text[value.start : value.end] == value.text for value in values)
    return [value for value in values if value.kind in kinds]


@pytest.mark.parametrize(("text", "value"), DATES.items())
def test_dates(text: str, value: str) -> None:
    assert [(one.kind, one.value) for one in _found(text, ValueKind.DATE, ValueKind.PERIOD)] == [
        (ValueKind.DATE, value)
    ]


@pytest.mark.parametrize(("text", "value"), PERIODS.items())
def test_periods(text: str, value: str) -> None:
    found = _found(f"Umsetzung: {text}, danach Betrieb", ValueKind.DATE, ValueKind.PERIOD)
    assert [(one.kind, one.value) for one in found] == [(ValueKind.PERIOD, value)]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text: str) -> None:
    assert _found(text, ValueKind.DATE, ValueKind.PERIOD) == []


@pytest.mark.parametrize(("text", "values"), AMOUNTS.items())
def test_amounts(text: str, values: list[tuple[str, str]]) -> None:
    assert [(one.value, one.unit) for one in _found(text, ValueKind.AMOUNT)] == values
    assert _found(text, ValueKind.QUANTITY) == []


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount(text: str) -> None:
    assert _found(text, ValueKind.AMOUNT) == []


@pytest.mark.parametrize(("text", "values"), QUANTITIES.items())
def test_quantities(text: str, values: list[tuple[str, str, str | None]]) -> None:
    assert [(one.value, one.unit, one.thing) for one in _found(text, ValueKind.QUANTITY)] == values


@pytest.mark.parametrize("text", NO_QUANTITIES)
def test_what_is_no_quantity(text: str) -> None:
    assert _found(text, ValueKind.QUANTITY) == []


@pytest.mark.parametrize(("text", "value"), UNITS_NAMED.items())
def test_units_of_the_administration(text: str, value: tuple[str, str | None]) -> None:
    found = _found(f"Zuständig ist: {text}.", ValueKind.UNIT)
    assert [(one.text, one.value, one.thing) for one in found] == [(text, *value)]


@pytest.mark.parametrize("text", NO_UNITS)
def test_what_is_no_unit(text: str) -> None:
    assert _found(text, ValueKind.UNIT) == []


@pytest.mark.parametrize(("text", "values"), GOALS.items())
def test_goals_of_the_united_nations(text: str, values: list[str]) -> None:
    assert [one.value for one in _found(text, ValueKind.SDG)] == values


def test_phrases_are_many() -> None:
    tables = (DATES, PERIODS, NO_DATES, AMOUNTS, NO_AMOUNTS, QUANTITIES, NO_QUANTITIES, UNITS_NAMED, NO_UNITS, GOALS)
    assert sum(map(len, tables)) >= 120


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("am 11. Mai 2023 und am 30.06.2022", ("2023-05-11", "2022-06-30")),
        ("seit Oktober 2021, ab 2030", ("2021-10", "2030")),
        ("in 2023/24 und 2024", ("2023", "2024")),
        ("am 31.02.2024", ("2024",)),
        ("mit 2.030 Personen und 2030 Euro", ()),
        ("im Mai 2023, also 2023", ("2023-05",)),
        ("im 3. Quartal 2025", ("2025",)),
    ],
)
def test_plain_list_of_dates(text: str, found: tuple[str, ...]) -> None:
    assert dates(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("500.000 Euro und 100.000,- €", ("500.000 Euro", "100.000,- €")),
        ("ab 7 Mio. € oder 1,2 Mio. Euro", ("7 Mio. €", "1,2 Mio. Euro")),
        ("80 % von 14 Kommunen", ()),
        ("2 Millionen Euro", ("2 Millionen Euro",)),
        ("60.000 bis 80.000 Euro", ("80.000 Euro",)),
    ],
)
def test_plain_list_of_amounts(text: str, found: tuple[str, ...]) -> None:
    assert amounts(text) == found


def test_municipalities_come_from_lists_in_the_document() -> None:
    places = Gazetteer(
        [
            "Auental, Bergheim, alle Kommunen (2. BA)",
            "Bad Lauen, Auental",
            "Schulen, Vereine",
            "Multiplikative Einbindung",
        ],
        "Die Schulen und die Vereine helfen. Gemeinde Talfeld plant. In Talfeld und um Talfeld wird gebaut.",
    )
    assert places.names == {"Auental", "Bergheim", "Bad Lauen", "Talfeld"}
    assert places.mentioned("Bad Lauen; ab 2026 Auental (und Bergheim)") == ("Bad Lauen", "Auental", "Bergheim")
    assert places.mentioned("der Kreis Auental und Auentaler Wege") == ()
    assert [one.value.start for one in places.find("in Auental und Bad Lauen")] == [3, 15]


@pytest.mark.parametrize(
    "text", ["alle Kommunen", "in allen 14 Städten und Gemeinden", "mit allen Kommunen des Kreises"]
)
def test_all_municipalities(text: str) -> None:
    assert names_all(text)
    assert not names_all("Einbeziehen der Kommunen")


def test_names_of_units_come_from_the_document() -> None:
    key = (
        "KSM = Klimaschutzmanagement, BM = Bürgermeisterbüro\n\n80.02\tMobilität\n\nWirtschaftsförderung Talfeld (wfg)"
    )
    names = UnitNames(key + "\n\n10 Jahre Wandel", ["66.01 Straßenbau", "80.02", "wfg", "10", "FB 5 Planen/Bauen"])
    assert names.names == {
        "KSM": "Klimaschutzmanagement",
        "BM": "Bürgermeisterbüro",
        "80.02": "Mobilität",
        "66.01": "Straßenbau",
        "FB 5": "Planen/Bauen",
        "wfg": "Wirtschaftsförderung Talfeld",
    }


def test_a_number_of_a_record_names_no_unit() -> None:
    assert UnitNames("5.01\tSchulen", ["5.01"], ["5.01"]).names == {}
    assert UnitNames("5.01\tSchulen", ["5.01"]).names == {"5.01": "Schulen"}


@pytest.mark.parametrize(
    ("code", "words", "name"),
    [
        ("KSM", "wie das Klimaschutzmanagement", "Klimaschutzmanagement"),
        ("UNB", "und die Untere Naturschutzbehörde", "Untere Naturschutzbehörde"),
        ("KSM", "wie die Kämmerei", None),
    ],
)
def test_long_form_of_an_abbreviation(code: str, words: str, name: str | None) -> None:
    assert long_form(code, words.split()) == name
    assert name is None or spells(code, name)


# What is printed is found again

SENTENCES = (
    "{} sind vorgesehen.",
    "Das Vorhaben umfasst {}.",
    "(vgl. {})",
    "Ergebnis: {}; mehr folgt",
    "- {}",
    "{}\tneu",
)
sentences = st.sampled_from(SENTENCES)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1)), sentences)
def test_every_full_date_is_found(day: date, sentence: str) -> None:
    text = sentence.format(f"{day:%d.%m.%Y}")
    (value,) = _found(text, ValueKind.DATE, ValueKind.PERIOD)
    assert (value.value, value.text) == (f"{day:%Y-%m-%d}", f"{day:%d.%m.%Y}")
    assert dates(text) == (f"{day:%Y-%m-%d}",)


@given(
    st.integers(1, 999_999_999),
    st.sampled_from((("Euro", 1), ("€", 1), ("EUR", 1), ("T€", 1000), ("TEUR", 1000), ("Mio. €", 10**6), (",- €", 1))),
    sentences,
)
def test_every_amount_is_found(number: int, currency: tuple[str, int], sentence: str) -> None:
    printed = f"{_grouped(number)}{'' if currency[0][0] == ',' else ' '}{currency[0]}"
    (value,) = _found(sentence.format(printed), ValueKind.AMOUNT)
    assert (value.text, value.value, value.unit) == (printed, str(number * currency[1]), "EUR")


@given(
    st.decimals(min_value=2, max_value=9_999_999, places=2),
    st.sampled_from(sorted(unit for unit in UNITS if unit not in {"m", "l", "t", "W", "a"})),
    sentences,
)
def test_every_measured_quantity_is_found(number: Decimal, unit: str, sentence: str) -> None:
    whole, _, part = f"{number:f}".partition(".")
    printed = f"{_grouped(int(whole))},{part} {unit}"
    (value,) = _found(sentence.format(printed), ValueKind.QUANTITY)
    assert (Decimal(value.value), value.unit) == (number, UNITS[unit])
    assert value.text.startswith(printed)


@given(st.sampled_from(sorted(NUMBER_WORDS)), st.sampled_from(("Schulen", "neue Haltestellen", "Bäume")), sentences)
def test_every_number_word_is_found(word: str, thing: str, sentence: str) -> None:
    (value,) = _found(sentence.format(f"{word} {thing}"), ValueKind.QUANTITY)
    assert (value.value, value.unit, value.thing, value.text) == (str(NUMBER_WORDS[word]), "", thing, f"{word} {thing}")


@given(st.text(alphabet="0123456789.,-–/ €%§()\t\nMEioabistunkm²äQ", max_size=120))
def test_spans_are_verbatim_whatever_stands_there(text: str) -> None:
    values = [one.value for one in parse(text, LEGEND)]
    assert [value.start for value in values] == sorted(value.start for value in values)
    for value in values:
        assert value.start < value.end and text[value.start : value.end] == value.text and value.value


@given(st.integers(0, 10**12))
def test_numbers_as_printed(number: int) -> None:
    assert plain(decimal(_grouped(number))) == str(number)


# Items


def _item(text: str, heading: str, body: str, ref: str, **more: object) -> Item:
    start = text.index(heading)
    end = text.index(body) + len(body) if body in text else len(text)
    return Item(
        document_id="d", key=ref, ref=ref, kind=ItemKind.MEASURE, title=heading, order=0, heading=heading, body=body,
        start=start, end=end, **more,
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Umsetzung ab\n\n1. Juli 2026", ["1. Juli 2026"]),
        ("von 2024\n\nbis 2026", ["2024", "bis 2026"]),
        ("2024\t2026", ["2024", "2026"]),
        ("seit\n2024", ["seit\n2024"]),
        ("Stand 5\n\nSchulen", []),
        ("5\tSchulen", []),
        ("10\t500 €", ["500 €"]),
    ],
)
def test_no_value_runs_over_a_paragraph_or_a_cell(text: str, printed: list[str]) -> None:
    assert [one.text for one in _found(text, *ValueKind)] == printed


def test_an_item_has_the_values_of_its_own_spans() -> None:
    text = (
        "3 Schulen sanieren\n\nBis 2030 werden 12 Schulen für 2 Mio. € saniert.\n\n"
        "4 Wege bauen\n\n7 km Radwege\n\n3\tSchulen\t66.01, Dez.06"
    )
    row = "3\tSchulen\t66.01, Dez.06"
    first = _item(
        text, "3 Schulen sanieren", "Bis 2030 werden 12 Schulen für 2 Mio. € saniert.", "3",
        table_row=row, table_start=text.index(row), responsible=("66.01", "Dez. 06"),
    )  # fmt: skip
    second = _item(text, "4 Wege bauen", "7 km Radwege", "4")
    one, two = with_values([first, second], text, "")
    assert [(value.kind.value, value.text, value.value) for value in one.values] == [
        ("period", "Bis 2030", "/2030"),
        ("quantity", "12 Schulen", "12"),
        ("amount", "2 Mio. €", "2000000"),
        ("unit", "66.01", "66.01"),
        ("unit", "Dez.06", "Dez. 06"),
    ]
    assert (one.dates, one.amounts) == (("2030",), ("2 Mio. €",))
    assert [value.text for value in two.values] == ["7 km Radwege"]
    assert all(text[value.start : value.end] == value.text for item in (one, two) for value in item.values)


def test_the_number_of_a_record_is_no_quantity() -> None:
    text = "MOB 3 Radwege\n\nSiehe MOB 3 Radwege und 100 Bäume."
    (item,) = with_values([_item(text, "MOB 3 Radwege", "Siehe MOB 3 Radwege und 100 Bäume.", "MOB 3")], text, "")
    assert [value.text for value in item.values] == ["100 Bäume"]


def test_a_heading_that_is_its_own_ref_keeps_its_date() -> None:
    text = "Talfeld, 12. Januar 2026\n\nWir beantragen das."
    item = _item(text, "Talfeld, 12. Januar 2026", "Wir beantragen das.", "Talfeld, 12. Januar 2026")
    assert with_values([item], text, "")[0].dates == ("2026-01-12",)


def test_a_body_in_pieces_is_found_piece_by_piece() -> None:
    text = "Ziel\n\nerster Teil\n\n- dazwischen\n\nzweiter\nTeil"
    assert located("erster Teil\n\nzweiter Teil", text, 0, len(text)) == [(6, 17), (33, 45)]
    assert located("anderes", text, 0, len(text)) == []
    assert merged([(5, 9), (0, 3), (8, 12)]) == [(0, 3), (5, 12)]


# Recall and precision on made papers, counted over the fields that state a value

FLOORS = {"date": 0.99, "amount": 0.99, "quantity": 0.97, "unit": 0.80}
MEANINGS = {"date": "period", "amount": "cost", "quantity": "effect", "unit": "responsible"}


def _sheet(records: Sequence[TruthRecord]) -> tuple[str, list[Item]]:
    """The text of a paper of sheets, one for each record with its fields, and its items."""
    text, items = "", []
    for place, record in enumerate(records):
        heading = f"{record.ref or ''} {record.title}".strip()
        start, fields = len(text), []
        text += heading + "\n\n"
        body = len(text)
        for field in record.fields:
            text += f"{field.label}\n\n"
            fields.append(Field(field.label, field.text, field.meaning, None, len(text)))
            text += field.text + "\n\n"
        items.append(
            Item(
                document_id="d",
                key=str(place),
                ref=record.ref or "",
                kind=ItemKind.MEASURE,
                title=record.title,
                order=place,
                heading=heading,
                body=text[body:].strip(),
                start=start,
                end=len(text),
                fields=tuple(fields),
                responsible=tuple(one for field in fields if field.field == "responsible" for one in units(field.text)),
            )
        )
    return text, items


def _normal(kind: str, printed: str) -> set[str]:
    values = [one.value for one in parse(printed)]
    return {f"{value.value} {(value.unit or '').partition('/')[0]}" for value in values if value.kind == kind}


def _told(kind: str, record: TruthRecord) -> set[str]:
    match kind:
        case "date":
            return set(record.dates)
        case "unit":
            return set(record.responsible)
        case "amount":
            return {one for printed in record.amounts for one in _normal(kind, printed)}
        case _:
            return {one for printed in record.quantities for one in _normal(kind, printed)}


def _stated(kind: str, item: Item, field: Field) -> set[str]:
    inside = [v for v in item.values if field.start <= v.start and v.end <= field.start + len(field.text)]
    if kind == "date":
        return {day for v in inside if v.kind in ("date", "period") for day in v.value.split("/") if day}
    if kind == "unit":
        return {v.text for v in inside if v.kind is ValueKind.UNIT}
    return {f"{v.value} {(v.unit or '').partition('/')[0]}" for v in inside if v.kind == kind}


def _count(item: Item, record: TruthRecord, hits: Counter[str], said: Counter[str], found: Counter[str]) -> None:
    for field in item.fields:
        for kind, meaning in MEANINGS.items():
            if field.field != meaning or (kind == "date" and field.text != record.period):
                continue  # where the overview says another period, the truth tells no days
            told, stated = _told(kind, record), _stated(kind, item, field)
            hits[kind] += len(told & stated)
            said[kind] += len(told)
            found[kind] += len(stated if kind != "date" else {day for day in stated if len(day) == 10} | told & stated)


def test_recall_and_precision_on_made_papers(capsys: pytest.CaptureFixture[str]) -> None:
    hits, said, found = Counter[str](), Counter[str](), Counter[str]()
    for paper in papers(1):
        records = paper.drafted().truth({}, None).records
        text, items = _sheet(records)
        for item, record in zip(with_values(items, text, ""), records, strict=True):
            assert all(text[value.start : value.end] == value.text for value in item.values)
            _count(item, record, hits, said, found)
    with capsys.disabled():
        for kind in FLOORS:
            print(f"\n{kind}: recall {hits[kind]}/{said[kind]}, precision {hits[kind]}/{found[kind]}", end="")  # noqa: T201
    for kind, floor in FLOORS.items():
        assert said[kind] > 20 and hits[kind] >= floor * said[kind], kind
        assert hits[kind] >= floor * found[kind], kind
