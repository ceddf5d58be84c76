"""What the invented council has: papers with files, meetings and bodies, and how OParl 1.0 and 1.1
write them down.

Nothing here is known of any real county.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.followed_sources.blind.made_files import MEDIA, file_bytes

Json = dict[str, Any]
LICENCE = "https://www.govdata.de/dl-de/by-2-0"
FILE_LICENCE = "https://creativecommons.org/licenses/by/4.0/"  # of the first file alone
ORGANIZATIONS = {1: "Kreistag", 2: "Ausschuss für Kreisentwicklung"}
MEETINGS = {1: "2026-03-11T17:00:00+01:00", 2: "2026-04-22T17:00:00+02:00"}
_START = datetime.datetime(2026, 3, 1, 8, 0, tzinfo=datetime.UTC)

# Number, type, title, reference, day, endings of the main file and of further files.
_PAPERS = (
    (1, "Vorlage", "Mobilitätskonzept Auental 2035", "101/2025", "2025-03-12", "pdf pdf"),
    (
        2,
        "Vorlage",
        "Klimaschutzstrategie des Kreises Auental",
        "102/2025",
        "2025-05-07",
        "pdf pdf csv",
    ),
    (3, "Vorlage", "Jahresabschluss der Musikschule Auental", "103/2025", "2025-05-07", "pdf"),
    (4, "Antrag", "Antrag zum Radwegekonzept am Mühlbach", "104/2025", "2025-06-18", "pdf"),
    (5, "Vorlage", "Sportstättenkonzept 2030", "105/2025", "2025-09-10", "pdf docx"),
    (6, "Anfrage", "Anfrage zur Schulbusstrategie", "106/2025", "2025-09-10", "pdf"),
    (7, "Vorlage", "Digitalstrategie der Kreisverwaltung", "107/2025", "2025-11-05", "pdf"),
    (8, "Vorlage", "Wahl der Vertretung im Jugendhilfeausschuss", "108/2025", "2025-11-05", "pdf"),
    (9, "Mitteilung", "Bericht zum Wasserkonzept", "9/2026", "2026-01-21", "pdf"),
    (10, "Vorlage", "Wohnraumkonzept Auental", "10/2026", "2026-02-25", "pdf pdf"),
    (11, "Vorlage", "Leitstrategie Auental 2040", "44/2018", "2018-04-11", "pdf"),
    (12, "Vorlage", "Haushaltssatzung 2026", "112/2025", "2025-12-10", "pdf"),
)


@dataclass
class FileEntry:
    """A file: its number, title, name, bytes, and when it was changed."""

    number: int
    title: str
    file_name: str
    content: bytes
    media: str
    created: datetime.datetime
    modified: datetime.datetime
    folder: str
    edition: int = 1

    @property
    def path(self) -> str:
        """The path under which it is fetched."""
        return f"/{self.folder}/{self.number}/{self.file_name}"


@dataclass
class PaperEntry:
    """A paper with its files, the main one first."""

    number: int
    kind: str
    title: str
    reference: str
    day: str
    created: datetime.datetime
    modified: datetime.datetime
    files: list[FileEntry] = field(default_factory=list)
    deleted: bool = False
    vanished: bool = False


class Council:
    """The content, which may be changed at any time; a change is dated by `clock`, rounded up to the
    second.
    """

    def __init__(self, clock: Callable[[], datetime.datetime]) -> None:
        self._clock = clock
        self.papers: dict[int, PaperEntry] = {}
        self._files = 0
        for number, kind, title, reference, day, endings in _PAPERS:
            self._add(number, kind, title, reference, day, endings.split(), _START)

    def now(self) -> datetime.datetime:
        """Return the time of a change made now."""
        now = self._clock().astimezone(datetime.UTC)
        if now.microsecond:
            now = now.replace(microsecond=0) + datetime.timedelta(seconds=1)
        return now

    @property
    def files(self) -> dict[int, FileEntry]:
        """All files of papers that are there, by number."""
        found = {}
        for paper in self.papers_shown():
            found.update({file.number: file for file in paper.files})
        return found

    def papers_shown(self) -> list[PaperEntry]:
        """Return the papers that are neither deleted nor vanished."""
        papers = self.papers.values()
        return [paper for paper in papers if not paper.deleted and not paper.vanished]

    def change_file(self, number: int, *, quietly: bool = False) -> FileEntry:
        """Write the next edition of a file; `quietly` leaves every `modified` of OParl as it is."""
        for paper in self.papers.values():
            for file in paper.files:
                if file.number == number:
                    file.edition += 1
                    ending = file.file_name.rpartition(".")[2]
                    file.content = file_bytes(file.title, ending, file.edition)
                    if not quietly:
                        file.modified = paper.modified = self.now()
                    return file
        raise KeyError(number)

    def touch(self, number: int) -> None:
        """Date a paper and its files anew without a change."""
        paper = self.papers[number]
        paper.modified = self.now()
        for file in paper.files:
            file.modified = paper.modified

    def add_paper(self, title: str, kind: str = "Vorlage", endings: str = "pdf") -> PaperEntry:
        """Add a paper of today with a file of each ending."""
        now = self.now()
        number = max(self.papers) + 1
        day = now.date().isoformat()
        return self._add(number, kind, title, f"{number}/{now.year}", day, endings.split(), now)

    def remove_paper(self, number: int, *, silently: bool = False) -> None:
        """Delete a paper as the specification says, or silently: no list has it, its addresses answer
        404.
        """
        paper = self.papers[number]
        paper.vanished = silently
        paper.deleted = not silently
        paper.modified = self.now()

    def remove_file(self, number: int) -> None:
        """Take a file from its paper, which stays."""
        for paper in self.papers.values():
            left = [file for file in paper.files if file.number != number]
            if len(left) < len(paper.files):
                paper.files = left
                paper.modified = self.now()

    def restore_paper(self, number: int) -> None:
        """Bring a removed paper back."""
        paper = self.papers[number]
        paper.vanished = paper.deleted = False
        paper.modified = self.now()

    def _add(
        self,
        number: int,
        kind: str,
        title: str,
        reference: str,
        day: str,
        endings: list[str],
        at: datetime.datetime,
    ) -> PaperEntry:
        paper = PaperEntry(number, kind, title, reference, day, at, at)
        for place, ending in enumerate(endings):
            self._files += 1
            name = title if place == 0 else f"{title}, Anlage {place}"
            folder = "anlagen" if place else "dokumente"
            file_name = f"{'Anlage' if place else 'Vorlage'}-{number}-{place}.{ending}"
            content = file_bytes(name, ending)
            file = FileEntry(self._files, name, file_name, content, MEDIA[ending], at, at, folder)
            paper.files.append(file)
        self.papers[number] = paper
        return paper


class Writer:
    """Writes the content as OParl objects of one version."""

    def __init__(
        self, council: Council, base: str, ids: str, version: str, switches: set[str]
    ) -> None:
        self._council = council
        self._base = base
        self._ids = ids
        self._version = version
        self._switches = switches

    def id_of(self, kind: str, number: int) -> str:
        """Return the id of an object: its address."""
        return f"{self._ids}/oparl/{self._version}/{kind}/{number}"

    def list_of(self, name: str) -> str:
        """Return the address of a list."""
        return f"{self._base}/oparl/{self._version}/body/1/{name}"

    def stamp(self, at: datetime.datetime) -> str:
        """Return a time as OParl writes it: with its offset."""
        if "modified_today" in self._switches:
            at = self._council.now()
        return at.isoformat(timespec="seconds")

    def system(self) -> Json:
        """Return the System, the entry point."""
        other = "1.1" if self._version == "1.0" else "1.0"
        return (
            self._head("System", f"{self._base}/oparl/{self._version}/system")
            | {
                "oparlVersion": f"https://schema.oparl.org/{self._version}/",
                "otherOparlVersions": [f"{self._base}/oparl/{other}/system"],
                "body": f"{self._base}/oparl/{self._version}/bodies",
                "name": "Kreistagsinformationssystem Auental",
                "contactEmail": "kreistag@auental.example",
                "contactName": "Büro des Kreistags",
                "website": "https://www.auental.example/",
                "vendor": "https://hersteller.example/",
                "product": "https://hersteller.example/sitzungsdienst",
            }
            | self._licence()
        )

    def body(self) -> Json:
        """Return the Body; version 1.1 has six lists more."""
        term: Json = self._head("LegislativeTerm", self.id_of("legislativeterm", 1)) | {
            "name": "Wahlperiode 2024 bis 2029",
            "startDate": "2024-11-01",
            "endDate": "2029-10-31",
        }
        body = self._head("Body", self.id_of("body", 1)) | {
            "system": f"{self._base}/oparl/{self._version}/system",
            "shortName": "Auental",
            "name": "Kreis Auental",
            "website": "https://www.auental.example/",
            "contactEmail": "kreistag@auental.example",
            "contactName": "Büro des Kreistags",
            "classification": "Landkreis",
            "oparlSince": "2025-01-01T00:00:00+01:00",
            "organization": self.list_of("organizations"),
            "person": self.list_of("people"),
            "meeting": self.list_of("meetings"),
            "paper": self.list_of("papers"),
            "legislativeTerm": [term],
        }
        if self._version == "1.1":
            body |= {
                "agendaItem": self.list_of("agendaitems"),
                "consultation": self.list_of("consultations"),
                "file": self.list_of("files"),
                "locationList": self.list_of("locations"),
                "legislativeTermList": self.list_of("legislativeterms"),
                "membership": self.list_of("memberships"),
            }
        return body | self._licence()

    def organization(self, number: int) -> Json:
        """Return a body of the council that meets."""
        return self._head("Organization", self.id_of("organization", number)) | {
            "body": self.id_of("body", 1),
            "name": ORGANIZATIONS[number],
            "organizationType": "Gremium",
            "meeting": self.list_of("meetings"),
        }

    def meeting(self, number: int) -> Json:
        """Return a meeting with its agenda."""
        there = self._council.papers_shown()
        papers = [paper for paper in there if _meeting_of(paper) == number]
        return self._head("Meeting", self.id_of("meeting", number)) | {
            "name": f"{number}. Sitzung des Kreistags",
            "start": MEETINGS[number],
            "meetingState": "durchgeführt",
            "organization": [self.id_of("organization", 1)],
            "agendaItem": [self.agenda_item(paper) for paper in papers],
        }

    def agenda_item(self, paper: PaperEntry) -> Json:
        """Return the agenda item under which a paper was decided: the decision is here, not there."""
        refused = "decision_contradicts" in self._switches
        text = "Der Kreistag lehnt die Vorlage ab." if refused else "Der Kreistag stimmt zu."
        return self._head("AgendaItem", self.id_of("agendaitem", paper.number), embedded=True) | {
            "meeting": self.id_of("meeting", _meeting_of(paper)),
            "number": str(paper.number),
            "order": paper.number,
            "name": paper.title,
            "public": True,
            "consultation": self.id_of("consultation", paper.number),
            "result": "Abgelehnt" if refused else "Unverändert beschlossen",
            "resolutionText": text,
        }

    def consultation(self, paper: PaperEntry) -> Json:
        """Return what links a paper with its agenda item."""
        head = self._head("Consultation", self.id_of("consultation", paper.number), embedded=True)
        return head | {
            "paper": self.id_of("paper", paper.number),
            "agendaItem": self.id_of("agendaitem", paper.number),
            "meeting": self.id_of("meeting", _meeting_of(paper)),
            "organization": [self.id_of("organization", 1)],
            "authoritative": True,
            "role": "Entscheidung",
        }

    def file(self, entry: FileEntry, embedded: bool = True, paper: int = 0) -> Json:
        """Return a file; 1.0 has its SHA-1, 1.1 its SHA-512."""
        path = entry.path
        if "urls_unescaped" in self._switches:
            path = path.replace("Vorlage-", "Vorlage Übersicht-")
        file = self._head("File", self.id_of("file", entry.number)) | {
            "name": entry.title,
            "fileName": entry.file_name,
            "mimeType": entry.media,
            "date": entry.created.date().isoformat(),
            "size": len(entry.content),
            "accessUrl": self._base + path,
            "downloadUrl": f"{self._base}{path}?download=true",
            "created": self.stamp(entry.created),
            "modified": self.stamp(entry.modified),
        }
        if self._version == "1.0":
            file["sha1Checksum"] = hashlib.sha1(entry.content).hexdigest()
        else:
            file["sha512Checksum"] = hashlib.sha512(entry.content).hexdigest()
        if "no_download_url" in self._switches:
            del file["downloadUrl"]
        if "no_mime_type" in self._switches:
            del file["mimeType"]
        if entry.number == 1 and "licence_empty" not in self._switches:
            file["fileLicense"] = FILE_LICENCE
        if not embedded:
            file["paper"] = [self.id_of("paper", paper)]
        return file | self._licence_of_object()

    def paper(self, paper: PaperEntry, internal: bool = True) -> Json:
        """Return a paper; without its internal lists if 1.1 was asked with `omit_internal`."""
        written = self._head("Paper", self.id_of("paper", paper.number)) | {
            "created": self.stamp(paper.created),
            "modified": self.stamp(paper.modified),
        }
        if paper.deleted:
            return written | {"deleted": True}
        written |= {
            "body": self.id_of("body", 1),
            "name": paper.title,
            "reference": paper.reference,
            "date": paper.day,
            "paperType": paper.kind,
            "underDirectionOf": [self.id_of("organization", 2)],
        }
        if "references_doubled" in self._switches:
            written["reference"] = f"{(paper.number + 1) // 2}/2026"
        written |= self._files_of(paper)
        written["consultation"] = [self.consultation(paper)]
        if not internal:
            del written["auxiliaryFile"]
        return written | self._licence_of_object()

    def _files_of(self, paper: PaperEntry) -> Json:
        files: list[Any] = [self.file(entry) for entry in paper.files]
        if "files_by_reference" in self._switches:
            files = [self.id_of("file", entry.number) for entry in paper.files]
        if files and "main_file_empty" not in self._switches:
            return {"mainFile": files[0], "auxiliaryFile": files[1:]}
        empty: tuple[Json, ...] = ({}, {"mainFile": None}, {"mainFile": ""}, {"mainFile": {}})
        return empty[paper.number % 4] | {"auxiliaryFile": files}

    def _head(self, kind: str, address: str, embedded: bool = False) -> Json:
        head: Json = {
            "id": address,
            "type": f"https://schema.oparl.org/{self._version}/{kind}",
        }
        if not embedded or self._version == "1.1":  # 1.0 knows no dates of what is in other objects
            head |= {"created": self.stamp(_START), "modified": self.stamp(_START)}
        return head

    def _licence(self) -> Json:
        if "licence_missing" in self._switches:
            return {}
        return {"license": "" if "licence_empty" in self._switches else LICENCE}

    def _licence_of_object(self) -> Json:
        return {"license": ""} if "licence_empty" in self._switches else {}


def _meeting_of(paper: PaperEntry) -> int:
    return 1 if paper.number <= 6 else 2
