"""What belongs to a person is told by its notation, however it is written; what papers are full of is not.

They were written before the notations were tried on them: 137 of 140 were told for what they are at first, and two near
misses were taken. The figures of today are in docs/language-model.md.
"""

from __future__ import annotations

import pytest

from service.language_models.masking import is_personal
from service.people.masking import masked

# what would be left of it in a kept question, and the ways to write it
PERSONAL = {
    "Kontonummer": """
        DE89 3704 0044 0532 0130 00|de89 3704 0044 0532 0130 00|DE89370400440532013000|de89370400440532013000
        De89 3704 0044 0532 0130 00|DE 89 3704 0044 0532 0130 00|de 89370400440532013000|DE89-3704-0044-0532-0130-00
        DE89.3704.0044.0532.0130.00|DE89 37040044 0532013000|DE 89 37 04 00 44 05 32 01 30 00|at61 1904 3002 3457 3201
        AT611904300234573201|nl91abna0417164300|NL91 ABNA 0417 1643 00|CH93 0076 2011 6238 5295 7|ch9300762011623852957
        GB29 NWBK 6016 1331 9268 19|BE68 5390 0754 7034|be68539007547034|PL61 1090 1014 0000 0712 1981 2874
        FR14 2004 1010 0505 0001 3M02 606|LU28 0019 4006 4475 0000|NO93 8601 1117 947|es91 2100 0418 4502 0005 1332
    """,
    "Telefonnummer": """
        02921 30-1234|02921/301234|02921 30 12 34|0 29 21 / 30 12 34|0 29 21 30 12 34|(02921) 30-1234|(0 29 21) 30 12 34
        0 29 21-30 12 34|02 21 / 12 34 56|0221 - 123456|0221 123 45 67|030/1234567|030 12 34 56 7|0 30 / 12 34 56 78
        0171/2345678|0171 234 56 78|0171-2345678|01712345678|0 171 2345678|0 1 71 / 2 34 56 78
        0151 12345678|0160-123 456 78
        +49 2921 301234|+49 (0) 2921 30-1234|+49 (0)2921/301234|+49-2921-301234|+492921301234|+49 29 21 30 12 34
        + 49 171 2345678|+49171 2345678|0049 2921 301234|0049 171 2345678|00492921301234|+43 1 5321234|+41 44 123 45 67
        0800 111 0 111|02921.30.1234|0171.2345678|Tel. 30-1234|Telefon: 301234|Durchwahl 30 12 34
        Handy 171 2345678|fax 30 12-34
    """,
    "E-Mail-Adresse": """
        erika.muster@example.org|ERIKA@EXAMPLE.ORG|e.m+kita@mail.example.org|erika_muster@kreis-beispiel.de|e@x.de
        erika.muster(at)example.org|erika.muster [at] example.org|erika (at) example (dot) org|erika[ät]example.org
    """,
    "Datum": """
        geboren am 12.03.1980|geb. 12.03.1980|geb. am 12.3.80|Geb. 12. März 1980
        geboren am 3. Mai 1975|geboren: 1.1.2001
        Geburtsdatum 12.03.1980|Geburtsdatum: 12-03-1980|Geburtsdatum: 1980-03-12|geburtstag am 12.03.1980
        Geburtstag ist der 12.03.1980|GEBOREN AM 12.03.1980|geb 12.03.1980
        born on 12 March 1980|date of birth: 12/03/1980
        bin am 12.03.1980 geboren|wurde am 3. Mai 1975 in Musterstadt geboren|Sohn, am 3.4.2015 geboren
    """,
    "Versicherungsnummer": """
        65 170839 J 008|65170839J008|65 170839 j 008|65170839j008|65-170839-J-008|65 17 08 39 J 008|65 17 08 39 J 00 8
        12 010203 m 451|A123456789|a123456789
    """,
    "Ausweisnummer": """
        L01X00T47|L01X00T471|LZ6311T475|T220001293|C01X00T47|CF1234567
        Personalausweis L01X00T47|Ausweisnummer: l01x00t471
        Ausweis-Nr. lz6311t475|Reisepass c01x00t47|Führerschein B072RRE2I55|Personalausweisnummer ist l01x00t47
    """,
    "Steuernummer": """
        12 345 678 901|12345678901|133/8150/8159|181/815/08155|21/815/08150|181 815 08155
    """,
    "Aktenzeichen": """
        Az. 51-2/2024|AZ: 32.1-17|Kundennummer 4711|Steuer-ID 12345|Kontonummer 532013000|BLZ 37040044|BG-Nummer 7/81
    """,
    "Adresse": "Lindenstraße 12|lindenstr. 5a|Am Anger 12|Gartenweg 3|Marktplatz 1|Rosenallee 101 b",
    "Ort": "59494 Soest|01067 Dresden",
    "Kennzeichen": "SO-AB 123|LF-E 12E",
}
STAYS = """
    Was kostet Projekt 5.1.2.1?|Ziel 2.1.2.3 und 2.1.2.4|Wie weit ist M 12?|Was steht auf Seite 123?|Seiten 12-34 und 56
    Welche Projekte hat Abteilung 80.02?|Was sagt HF 2.1 zu K 51?|Handlungsfeld 4, Ziel 4.2
    Maßnahme KS-E 5|Projekt M-A 12
    Bericht vom 12.03.2024|Stand: 01.01.2024|Stand 01 02 2024|vom 01/02/2024 bis 03/04/2025|01-02-2024|am 2024-01-05
    Beschluss vom 3. Mai 2023|Sitzung am 05.06.2024 um 18:00 Uhr|Legislatur 2020-2025|2020/2021, 2021/2022 und 2022/2023
    412.000 Euro bis 31.12.2027?|kostet 1.250.000 Euro|12 345 678 901 Euro|12345678901 Euro
    +15 000 000 Euro mehr|+12 345 678 €
    25000 Euro|12500 Einwohner|15300 Haushalte|10000 Bäume|32450 Menschen|11250 Wohnungen
    24500 Quadratmeter|48700 Tonnen
    10.000 Bäume bis 2030|1 250 000 Tonnen|um 0,5 bis 0,75 Prozent|0,123456 Prozent|0.75 oder 1.25|3,14159265 Meter
    im Gebiet 59494|PLZ 01067|Postleitzahlen 59494 und 59505|Drucksache 0123/2024|Vorlage 2023/0815
    DS 17/1234|Vorlage Nr. 123/2024
    Werden bis 2035 80 Prozent erreicht?|zwischen 2025, 2030 und 2035|2030 2035 2040
    1990 bis 2020: 40 Prozent|50-60 Prozent
    EU27 2020 2025|ES 2030|Behördennummer 115|Telefon 115|Notruf 112|Bundesstraße 475|Landesstraße 705
    Kreisstraße 12|B 1 und B 475
    Radweg 7|Radschnellweg 1|Arbeitsplatz 4|Spielplatz 3|Tempo 30 in der Bahnhofstraße|Im Jahr 2030
    Im Kapitel 3|Zum Ziel 4
    § 13 Absatz 2 SGB VIII|§ 1666 BGB|Artikel 28 Absatz 2|DIN 18040-2|DIN EN ISO 50001|ISO 14001|RCP 8.5|SDG 11
    PM 2,5|NO2 und CO2
    Kinder, die nach dem 01.08.2023 geboren wurden|geborene Kinder 2023|Geburten 2020 bis 2023
    Jahrgang 1980|Ausweise 2030
    Energieausweis 12345678|KLIMAPLAN2030|KLIMASCHUTZ|Version 1.2.3|10-12 Uhr|G8 und G9|5G-Ausbau|1000 x 2000 mm
    24/7|AGS 05974
    100 Kilowatt, 250 Megawatt|Größe: 1234 ha|3-Zimmer-Wohnungen|12 Monate|60+|Linie 504 und R 51
    Buslinie 0 bis 9|7 von 12 Zielen
"""


def variants(text: str) -> list[str]:
    return [one.strip() for line in text.strip().splitlines() for one in line.split("|") if one.strip()]


WRITTEN = [(kind, one) for kind, text in PERSONAL.items() for one in variants(text)]
NEAR = variants(STAYS)


@pytest.mark.parametrize("around", ["{}", "Ich frage wegen {} – wer hilft mir?", "Wer hilft mir? {}, danke"])
def test_what_belongs_to_a_person_is_told_however_it_is_written(around: str) -> None:
    texts = [(kind, around.format(one)) for kind, one in WRITTEN]
    assert [text for _, text in texts if not is_personal(text)] == []
    assert [(text, masked(text)) for kind, text in texts if f"[{kind}]" not in masked(text)] == []
    assert [(text, masked(text)) for _, text in texts if any(letter.isdigit() for letter in masked(text))] == []


@pytest.mark.parametrize("around", ["{}", "Was ist mit {} gemeint?"])
def test_what_papers_are_full_of_stays(around: str) -> None:
    texts = [around.format(one) for one in NEAR]
    assert [text for text in texts if is_personal(text)] == []
    assert [(text, masked(text)) for text in texts if masked(text) != text] == []


def test_the_figures_of_the_documentation() -> None:
    assert (len({one for _, one in WRITTEN}), len(set(NEAR))) == (140, 102)
