"""The words of every problem: name → (HTTP status, language → (title, detail)), and of every field error."""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]

PROBLEM_TEXTS: dict[str, tuple[int, Texts]] = {
    "not-http": (
        400,
        {
            "de": ("Unverständliche Anfrage", "Was ankam, ist keine Anfrage nach den Regeln von HTTP/1.1."),
            "en": ("Malformed request", "What arrived is no request by the rules of HTTP/1.1."),
        },
    ),
    "no-host": (
        400,
        {
            "de": ("Host fehlt", "Die Anfrage muss in genau einer Host-Zeile sagen, an wen sie geht."),
            "en": ("Host is missing", "The request must say whom it is for, in exactly one Host line."),
        },
    ),
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
    "foreign-site": (
        403,
        {
            "de": (
                "Von einer fremden Website",
                "Diese Anfrage kommt von einer Website, die hier nichts absenden darf. Wer den Dienst betreibt, kann "
                "sie mit der Einstellung STRATEGIELOTSE_ALLOWED_ORIGINS zulassen.",
            ),
            "en": (
                "From a foreign website",
                "This request comes from a website that may not send anything here. Whoever runs the service can allow "
                "it with the setting STRATEGIELOTSE_ALLOWED_ORIGINS.",
            ),
        },
    ),
    "staff-only": (
        403,
        {
            "de": (
                "Nur für Beschäftigte",
                "Diese Seite ist für Beschäftigte. Sie öffnet sich mit einem Zugangslink: Einen zeigt der Dienst beim "
                "Start, einen neuen der Befehl strategielotse staff-link. Wer schon angemeldet ist und über einen "
                "Link von anderswo kommt, ruft die Adresse noch einmal auf.",
            ),
            "en": (
                "Staff only",
                "This page is for staff. It opens with an access link: the service shows one when it starts, and the "
                "command strategielotse staff-link shows a new one. Whoever has signed in and comes from a link "
                "elsewhere calls the address once more.",
            ),
        },
    ),
    "staff-role": (
        403,
        {
            "de": (
                "Dafür fehlt das Recht",
                "Das dürfen nur andere Beschäftigte: Lesen dürfen alle mit Zugang, entscheiden und berichtigen die "
                "Redaktion, veröffentlichen nur, wer dafür eingetragen ist. Ist die Seite für alle offen, wird hier "
                "nichts geändert.",
            ),
            "en": (
                "Not allowed",
                "Only other staff may do this: everybody with access may read, editors decide and correct, and only "
                "publishers publish. Where the page is open to all, nothing is changed here.",
            ),
        },
    ),
    "decisions-unavailable": (
        503,
        {
            "de": (
                "Die Entscheidungen sind gerade nicht erreichbar",
                "Ihre Datenbank lässt sich nicht lesen oder nicht schreiben. Nichts wurde geändert.",
            ),
            "en": (
                "The decisions cannot be reached at present",
                "Their database cannot be read or written. Nothing was changed.",
            ),
        },
    ),
    "staff-link-spent": (
        403,
        {
            "de": (
                "Zugangslink gilt nicht mehr",
                "Jeder Zugangslink öffnet die Seite für Beschäftigte einmal, bis zwölf Stunden nach seiner Ausgabe. "
                "Einen neuen zeigt der Befehl: strategielotse staff-link",
            ),
            "en": (
                "Access link no longer valid",
                "Each access link opens the staff page once, up to twelve hours after it was made. "
                "The command for a new one: strategielotse staff-link",
            ),
        },
    ),
    "staff-account": (
        401,
        {
            "de": (
                "Anmeldung nötig",
                "Diese Seite ist für Beschäftigte. Sie öffnet sich mit dem Konto der Verwaltung unter /staff/sign-in.",
            ),
            "en": (
                "Sign-in needed",
                "This page is for staff. It opens with an account of the administration at /staff/sign-in.",
            ),
        },
    ),
    "staff-no-role": (
        403,
        {
            "de": (
                "Konto ohne Zugang",
                "Die Anmeldung hat geklappt, aber dieses Konto ist in keiner Gruppe, die hier etwas darf. Wer die "
                "Konten verwaltet, kann es in eine aufnehmen.",
            ),
            "en": (
                "Account without access",
                "The sign-in worked, but this account is in no group that may do anything here. Whoever manages the "
                "accounts can add it to one.",
            ),
        },
    ),
    "staff-sign-in-failed": (
        403,
        {
            "de": (
                "Anmeldung nicht gelungen",
                "Die Antwort des Anmeldedienstes passt nicht zu dieser Anmeldung oder gilt nicht mehr. Bitte melden "
                "Sie sich noch einmal an: /staff/sign-in",
            ),
            "en": (
                "Sign-in failed",
                "What the sign-in service replied does not fit this sign-in or is no longer valid. Please sign in "
                "again: /staff/sign-in",
            ),
        },
    ),
    "staff-name": (
        403,
        {
            "de": (
                "Bitte nennen Sie Ihren Namen",
                "Neben jeder Änderung steht, wer sie gemacht hat. Bitte tragen Sie unter /staff/name Ihren Namen ein, "
                "gehen Sie im Browser zurück und senden Sie das Formular noch einmal; geändert wurde nichts.",
            ),
            "en": (
                "Please say your name",
                "Beside every change stands who made it. Please enter your name at /staff/name, go back in the "
                "browser and send the form once more; nothing was changed.",
            ),
        },
    ),
    "foreign-form": (
        403,
        {
            "de": (
                "Formular nicht von hier",
                "Geändert wird nur, was von einer Seite dieses Dienstes abgesendet wird. Bitte öffnen Sie die Seite "
                "neu und senden Sie das Formular von dort; geändert wurde nichts.",
            ),
            "en": (
                "Form from elsewhere",
                "Only what is sent from a page of this service changes anything. Please open the page anew and send "
                "the form from there; nothing was changed.",
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
    "no-such-documents": (
        404,
        {
            "de": (
                "Diese Dokumente gibt es hier nicht",
                "Die Adresse nennt Dokumente oder eine Verwaltung, die dieser Dienst nicht hat. Dokumente gibt es hier "
                "von: {authorities}.",
            ),
            "en": (
                "There are no such documents",
                "The address names documents or an administration that this service does not have. It has documents "
                "of: {authorities}.",
            ),
        },
    ),
    "no-picture": (
        404,
        {
            "de": ("Kein Bild", "Von dieser Seite gibt es kein Bild."),
            "en": ("No picture", "There is no picture of this page."),
        },
    ),
    "picture-failed": (
        404,
        {
            "de": (
                "Seite nicht als Bild darstellbar",
                "Diese Seite lässt sich hier nicht als Bild zeigen: Sie zu zeichnen dauert zu lange oder braucht zu "
                "viel Speicher. Ihr Text und das Original sind weiterhin da.",
            ),
            "en": (
                "Page cannot be shown as a picture",
                "This page cannot be shown as a picture here: drawing it takes too long or needs too much memory. "
                "Its text and the original are still available.",
            ),
        },
    ),
    "no-contact-form": (
        404,
        {
            "de": ("Kein Kontaktformular", "Hier ist kein Kontaktformular eingerichtet."),
            "en": ("No contact form", "No contact form has been set up here."),
        },
    ),
    "no-draft": (
        404,
        {
            "de": (
                "Entwurf nicht gefunden",
                "Diesen Entwurf gibt es nicht mehr: Er ist veröffentlicht, verworfen oder neu gelesen. Welche Entwürfe "
                "warten, steht unter „Dokumente einreichen“.",
            ),
            "en": ("Draft not found", "This draft is no more: it was published, discarded or read again."),
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
    "slow-request": (
        408,
        {
            "de": ("Anfrage zu langsam", "Die Anfrage kam nicht rechtzeitig vollständig an."),
            "en": ("Request too slow", "The request did not arrive completely in time."),
        },
    ),
    "too-large": (
        413,
        {
            "de": ("Anfrage zu groß", "Die Anfrage ist größer als erlaubt (höchstens {most})."),
            "en": ("Request too large", "The request is larger than allowed (at most {most})."),
        },
    ),
    "attachment-too-large": (
        413,
        {
            "de": (
                "Anhang zu groß",
                "Der Anhang ist größer als erlaubt (höchstens {most}). Die Nachricht wurde nicht gesendet.",
            ),
            "en": (
                "Attachment too large",
                "The attachment is larger than allowed (at most {most}). The message was not sent.",
            ),
        },
    ),
    "upload-too-large": (
        413,
        {
            "de": (
                "Zu groß",
                "Zusammen dürfen die Dateien höchstens {most} groß sein. Bitte in mehreren Schritten senden.",
            ),
            "en": ("Too large", "Together the files may take {most} at most. Please send them in several steps."),
        },
    ),
    "address-too-long": (
        414,
        {
            "de": ("Adresse zu lang", "Die Adresse der Anfrage ist länger als erlaubt."),
            "en": ("Address too long", "The address of the request is longer than allowed."),
        },
    ),
    "too-many-chunks": (
        413,
        {
            "de": ("Zu viele Stücke", "Die Anfrage kommt in mehr und kleineren Stücken (chunks) als erlaubt."),
            "en": ("Too many chunks", "The request comes in more and smaller chunks than allowed."),
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
    "too-many-mails": (
        429,
        {
            "de": (
                "Zu viele Nachrichten",
                "Gerade kommen zu viele Nachrichten auf einmal. Bitte versuchen Sie es später noch einmal oder wenden "
                "Sie sich direkt an die Verwaltung.",
            ),
            "en": (
                "Too many messages",
                "Too many messages are coming in at the moment. Please try again later or turn to the administration "
                "directly.",
            ),
        },
    ),
    "head-too-large": (
        431,
        {
            "de": ("Kopf der Anfrage zu groß", "Die Kopfzeilen der Anfrage sind größer oder mehr als erlaubt."),
            "en": ("Request header fields too large", "The request has larger or more header fields than allowed."),
        },
    ),
    "too-many-sign-ins": (
        429,
        {
            "de": (
                "Zu viele Fehlversuche",
                "Die Anmeldung ist von hier aus mehrfach gescheitert. Bitte warten Sie {wait} Sekunden und versuchen "
                "Sie es dann erneut.",
            ),
            "en": (
                "Too many failed attempts",
                "Signing in has failed several times from here. Please wait {wait} seconds and then try again.",
            ),
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
    "no-picture-now": (
        503,
        {
            "de": (
                "Gerade kein Bild",
                "Im Moment kann kein weiteres Bild einer Seite gezeichnet werden. Bitte versuchen Sie es in einigen "
                "Sekunden noch einmal.",
            ),
            "en": (
                "No picture right now",
                "No further picture of a page can be drawn at the moment. Please try again in a few seconds.",
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
    "uploads-busy": (
        503,
        {
            "de": (
                "Es wird schon gelesen",
                "Gerade werden so viele Einreichungen gelesen, wie es auf einmal geht. Bitte in ein paar Minuten noch "
                "einmal versuchen.",
            ),
            "en": ("Already reading", "As many uploads as may are being read. Please try again in a few minutes."),
        },
    ),
    "database-away": (
        503,
        {
            "de": (
                "Datenbank nicht erreichbar",
                "Es wurde nichts gespeichert. Fragen werden weiter beantwortet. Bitte versuchen Sie es in einer Minute "
                "noch einmal.",
            ),
            "en": (
                "Database unavailable",
                "Nothing was stored. Questions are still answered. Please try again in a minute.",
            ),
        },
    ),
    "staff-provider-away": (
        503,
        {
            "de": (
                "Anmeldedienst nicht erreichbar",
                "Der Anmeldedienst der Verwaltung antwortet gerade nicht. Bitte versuchen Sie es später noch einmal.",
            ),
            "en": (
                "Sign-in service not available",
                "The administration's sign-in service does not answer at the moment. Please try again later.",
            ),
        },
    ),
    "not-answering": (
        503,
        {
            "de": ("Die Ausgabe antwortet nicht", "Die eingelesene Ausgabe ist da, antwortet aber nicht."),
            "en": ("The edition does not answer", "The ingested edition is there but does not answer."),
        },
    ),
    "draining": (
        503,
        {
            "de": ("Der Dienst endet gerade", "Der Dienst nimmt bald nichts mehr an. Bitte versuchen Sie es erneut."),
            "en": ("The service is stopping", "The service will soon take nothing more. Please try again."),
        },
    ),
    "timeout": (
        503,
        {
            "de": ("Zeit überschritten", "Die Bearbeitung hat zu lange gedauert. Bitte versuchen Sie es erneut."),
            "en": ("Timed out", "This took too long. Please try again."),
        },
    ),
    "too-many-connections": (
        503,
        {
            "de": ("Zu viele Verbindungen", "Gerade sind zu viele Verbindungen offen. Bitte versuchen Sie es erneut."),
            "en": ("Too many connections", "Too many connections are open at the moment. Please try again."),
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
    "unknown_value": {
        "de": "Das gibt es in den Dokumenten nicht. Es gibt: {known}",
        "en": "The documents do not have this. They have: {known}",
    },
    "unknown_document": {
        "de": "Dieses Dokument gibt es nicht. Es gibt:",
        "en": "There is no such document. There are:",
    },
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
    "unknown_answer": {
        "de": "Diese Antwort hat der Dienst nie gegeben.",
        "en": "The service never gave this answer.",
    },
    "reason_of_helpful": {
        "de": "Ein Grund gehört nur zu einer Antwort, die nicht geholfen hat.",
        "en": "A reason belongs only to an answer that did not help.",
    },
    "other": {"de": "Dieser Wert ist ungültig.", "en": "This value is invalid."},
}
