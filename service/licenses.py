"""The open licences of dcat-ap.de's list that data of an administration may carry."""

from __future__ import annotations

from dataclasses import dataclass

LIST = "http://dcat-ap.de/def/licenses/"


@dataclass(frozen=True, slots=True)
class License:
    """A licence: its name, the page of its text, and whether it asks for the publisher's name."""

    id: str
    title: str
    page: str
    attribution: bool = False

    @property
    def uri(self) -> str:
        """Its address in dcat-ap.de's list."""
        return LIST + self.id


LICENSES: dict[str, License] = {
    one.id: one
    for one in (
        License(
            "dl-zero-de/2.0", "Datenlizenz Deutschland – Zero – Version 2.0", "https://www.govdata.de/dl-de/zero-2-0"
        ),
        License(
            "dl-by-de/2.0",
            "Datenlizenz Deutschland – Namensnennung – Version 2.0",
            "https://www.govdata.de/dl-de/by-2-0",
            attribution=True,
        ),
        License("cc-zero", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        License(
            "cc-by/4.0",
            "Creative Commons Namensnennung 4.0 International",
            "https://creativecommons.org/licenses/by/4.0/",
            attribution=True,
        ),
        License(
            "cc-by-sa/4.0",
            "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0 International",
            "https://creativecommons.org/licenses/by-sa/4.0/",
            attribution=True,
        ),
    )
}
