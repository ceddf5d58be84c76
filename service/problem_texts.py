"""The words of every problem: name → (HTTP status, language → (title, detail)), and of every field error."""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]

PROBLEM_TEXTS: dict[str, tuple[int, Texts]] = {
    "staff-sign-in": (
        401,
        {
            "de": (
                "Anmeldung nötig",
                "Diese Seite ist für Beschäftigte. Sie öffnet sich mit dem Kennwort, das die Verwaltung dafür vergeben "
                "hat; der Benutzername ist beliebig.",
            ),
            "en": (
                "Sign-in needed",
                "This page is for staff. It opens with the password that the administration has set; "
                "any user name will do.",
            ),
        },
    ),
    "staff-only": (
        403,
        {
            "de": (
                "Nur für Beschäftigte",
                "Diese Seite ist für Beschäftigte und von hier aus nicht zugänglich. Wer den Dienst betreibt, kann "
                "sie mit der Einstellung STRATEGIELOTSE_STAFF_ACCESS öffnen.",
            ),
            "en": (
                "Staff only",
                "This page is for staff and cannot be reached from here. Whoever runs the service can open it with the "
                "setting STRATEGIELOTSE_STAFF_ACCESS.",
            ),
        },
    ),
    "not-found": (
        404,
        {
            "de": ("Nicht gefunden", "Unter dieser Adresse gibt es nichts."),
            "en": ("Not found", "There is nothing at this address."),
        },
    ),
    "no-original": (
        404,
        {
            "de": (
                "Kein Original",
                "Von diesem Dokument ist kein Original aufgehoben. Erneutes Einlesen hebt es auf.",
            ),
            "en": (
                "No original",
                "The original of this document is not kept. It will be when the document is ingested again.",
            ),
        },
    ),
    "no-such-range": (
        416,
        {
            "de": ("Bereich nicht vorhanden", "Die Datei ist kürzer als der angefragte Bereich."),
            "en": ("No such range", "The file is shorter than the range that is asked for."),
        },
    ),
    "no-picture": (
        404,
        {
            "de": ("Kein Bild", "Von dieser Seite gibt es kein Bild."),
            "en": ("No picture", "There is no picture of this page."),
        },
    ),
    "no-contact-form": (
        404,
        {
            "de": ("Kein Kontaktformular", "Hier ist kein Kontaktformular eingerichtet."),
            "en": ("No contact form", "No contact form has been set up here."),
        },
    ),
    "method-not-allowed": (
        405,
        {
            "de": ("Methode nicht erlaubt", "Diese Adresse kennt die verwendete HTTP-Methode nicht."),
            "en": ("Method not allowed", "This address does not know the HTTP method used."),
        },
    ),
    "not-acceptable": (
        406,
        {
            "de": ("Format nicht verfügbar", "In diesem Format gibt es die Antwort nicht."),
            "en": ("Not acceptable", "The answer does not exist in this format."),
        },
    ),
    "too-large": (
        413,
        {
            "de": ("Anfrage zu groß", "Die Anfrage ist größer als erlaubt."),
            "en": ("Request too large", "The request is larger than allowed."),
        },
    ),
    "attachment-too-large": (
        413,
        {
            "de": ("Anhang zu groß", "Der Anhang ist größer als erlaubt."),
            "en": ("Attachment too large", "The attachment is larger than allowed."),
        },
    ),
    "unsupported-media-type": (
        415,
        {
            "de": ("Format nicht unterstützt", "Die Anfrage muss JSON sein (Content-Type: application/json)."),
            "en": ("Unsupported media type", "The request must be JSON (Content-Type: application/json)."),
        },
    ),
    "not-multipart": (
        415,
        {
            "de": ("Format nicht unterstützt", "Die Anfrage muss ein Formular sein (multipart/form-data)."),
            "en": ("Unsupported media type", "The request must be a form (multipart/form-data)."),
        },
    ),
    "invalid-input": (
        422,
        {
            "de": ("Ungültige Eingabe", "Die Anfrage ist unvollständig oder enthält ungültige Werte."),
            "en": ("Invalid input", "The request is incomplete or has invalid values."),
        },
    ),
    "too-many-requests": (
        429,
        {
            "de": ("Zu viele Anfragen", "Bitte warten Sie einen Moment und versuchen Sie es dann erneut."),
            "en": ("Too many requests", "Please wait a moment and try again."),
        },
    ),
    "internal-error": (
        500,
        {
            "de": ("Interner Fehler", "Bei der Bearbeitung ist ein unerwarteter Fehler aufgetreten."),
            "en": ("Internal error", "An unexpected error occurred."),
        },
    ),
    "nothing-ingested": (
        503,
        {
            "de": (
                "Noch keine Dokumente",
                "Es sind noch keine Dokumente eingelesen. Das geht mit dem Befehl: strategielotse ingest ORDNER",
            ),
            "en": (
                "No documents yet",
                "No documents have been ingested yet. The command for it: strategielotse ingest FOLDER",
            ),
        },
    ),
    "edition-unusable": (
        503,
        {
            "de": (
                "Ausgabe nicht lesbar",
                "Die vorhandene Ausgabe passt nicht zu diesem Programm. Bitte die Dokumente neu einlesen: "
                "strategielotse ingest ORDNER",
            ),
            "en": (
                "Edition unusable",
                "The edition does not fit this program. Please ingest the documents again: "
                "strategielotse ingest FOLDER",
            ),
        },
    ),
    "mail-refused": (
        503,
        {
            "de": (
                "Nachricht nicht gesendet",
                "Die Nachricht konnte gerade nicht gesendet werden. Bitte versuchen Sie es später noch einmal.",
            ),
            "en": ("Message not sent", "The message could not be sent at the moment. Please try again later."),
        },
    ),
    "not-stored": (
        503,
        {
            "de": ("Nicht gespeichert", "Die Bewertung konnte gerade nicht gespeichert werden."),
            "en": ("Not stored", "The rating could not be stored at the moment."),
        },
    ),
    "timeout": (
        503,
        {
            "de": ("Zeit überschritten", "Die Bearbeitung hat zu lange gedauert. Bitte versuchen Sie es erneut."),
            "en": ("Timed out", "This took too long. Please try again."),
        },
    ),
}

FIELD_TEXTS: dict[str, dict[str, str]] = {
    "missing": {"de": "Diese Angabe fehlt.", "en": "This value is missing."},
    "string_too_short": {"de": "Mindestens {min_length} Zeichen.", "en": "At least {min_length} characters."},
    "string_too_long": {"de": "Höchstens {max_length} Zeichen.", "en": "At most {max_length} characters."},
    "too_long": {"de": "Höchstens {max_length} Einträge.", "en": "At most {max_length} entries."},
    "string_type": {"de": "Hier muss ein Text stehen.", "en": "This must be a text."},
    "string_unicode": {"de": "Der Text enthält ungültige Zeichen.", "en": "The text has invalid characters."},
    "string_pattern_mismatch": {"de": "Dieser Wert hat nicht die richtige Form.", "en": "This value is malformed."},
    "list_type": {"de": "Hier muss eine Liste stehen.", "en": "This must be a list."},
    "literal_error": {"de": "Erlaubt sind: {expected}.", "en": "Allowed are: {expected}."},
    "enum": {"de": "Erlaubt sind: {expected}.", "en": "Allowed are: {expected}."},
    "int_parsing": {"de": "Hier muss eine ganze Zahl stehen.", "en": "This must be a whole number."},
    "greater_than_equal": {"de": "Mindestens {ge}.", "en": "At least {ge}."},
    "less_than_equal": {"de": "Höchstens {le}.", "en": "At most {le}."},
    "json_invalid": {"de": "Das ist kein gültiges JSON.", "en": "This is not valid JSON."},
    "unknown_document": {"de": "Dieses Dokument gibt es nicht.", "en": "There is no such document."},
    "bool_type": {"de": "Hier muss true oder false stehen.", "en": "This must be true or false."},
    "email_or_phone": {
        "de": "Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.",
        "en": "Please give an e-mail address or a telephone number.",
    },
    "mail_address": {
        "de": "Das ist keine gültige E-Mail-Adresse, zum Beispiel name@beispiel.de.",
        "en": "This is not a valid e-mail address, for example name@example.org.",
    },
    "phone_number": {
        "de": "Das ist keine gültige Telefonnummer, zum Beispiel 01234 567-0.",
        "en": "This is not a valid telephone number, for example +49 1234 5670.",
    },
    "one_line": {"de": "Hier darf nur eine Zeile stehen.", "en": "Only one line is allowed here."},
    "attachment_type": {
        "de": "Erlaubt sind PDF, PNG und JPEG; diese Datei ist nichts davon.",
        "en": "Allowed are PDF, PNG and JPEG; this file is none of them.",
    },
    "text_without_mail": {
        "de": "Ein Text kann hier nicht angenommen werden.",
        "en": "A text cannot be accepted here.",
    },
    "reason_of_helpful": {
        "de": "Ein Grund gehört nur zu einer Antwort, die nicht geholfen hat.",
        "en": "A reason belongs only to an answer that did not help.",
    },
    "other": {"de": "Dieser Wert ist ungültig.", "en": "This value is invalid."},
}
