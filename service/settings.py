"""Settings from the environment (`STRATEGIELOTSE_...`) or a file named by `STRATEGIELOTSE_CONFIG`
(TOML or .env).

The environment overrides the file. Lists are separated by commas in the environment, and arrays in
TOML.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from prompts import load_words, say
from service.setting_values import (
    NO_JUDGE,
    DatabaseUrl,
    DataLicense,
    Embedding,
    Folder,
    Issuer,
    JudgeName,
    Link,
    MailAddress,
    ModelName,
    Networks,
    Origins,
    Prices,
    PublicUrl,
    Roles,
    ServerUrl,
    Text,
)
from vectorstore.language import printable

SETTING_PREFIX = "STRATEGIELOTSE_"
CONFIG_VARIABLE = f"{SETTING_PREFIX}CONFIG"
SHOWN = 60  # most characters of a value in an error message


class SettingsError(ValueError):
    """The settings cannot be read; the message is one sentence for people."""


def user_data_dir() -> Path:
    """The default folder of editions: in the user's data folder (XDG, on Windows LOCALAPPDATA)."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    folder = Path(base) if base else Path.home() / ".local" / "share"
    return folder / "strategielotse"


class Settings(BaseSettings):
    """All settings of service and command line; immutable."""

    model_config = SettingsConfigDict(env_prefix=SETTING_PREFIX, frozen=True, extra="ignore")

    # Folder of the editions
    data_dir: Folder = Field(default_factory=user_data_dir)
    # Address to listen on
    host: str = "127.0.0.1"
    # Port to listen on; 0 takes a free one
    port: int = Field(8000, ge=0, le=65535)
    # Processes that serve; the limits are shared out among them
    workers: int = Field(1, ge=1, le=64)
    # Web origins that may call the API from a browser (CORS)
    allowed_origins: Origins = ()
    # Who may frame pages: origins, 'self' or 'none'
    frame_ancestors: Origins = ("'self'",)
    # Networks whose X-Forwarded-For header is believed
    trusted_proxies: Networks = ("127.0.0.0/8", "::1/128")
    # Requests per client and minute; 0: no limit
    rate_per_minute: int = Field(60, ge=0)
    # Longest time for one request in seconds
    request_seconds: float = Field(30.0, gt=0)
    # openai:MODEL@URL; the encoder that comes with the service without
    embedding: Embedding = None
    # Model that words answers: openai:NAME@URL; none without
    answer_model: ModelName = None
    # Model that judges what the answer model says; the answer model itself without; off: only the
    # papers' own words are shown
    judge_model: JudgeName = None
    # Model that says what records are: openai:NAME@URL; none without
    ingest_model: ModelName = None
    # Longest time that a model has for an answer in seconds
    model_seconds: float = Field(20.0, gt=0)
    # What replies may cost a day; 0: no limit
    model_cost_per_day: float = Field(0.0, ge=0)
    # Prices of a million tokens that a model reads, and that it writes
    model_prices: Prices = ()
    # PostgreSQL of several machines: postgresql+psycopg://...; SQLite files without it
    database_url: DatabaseUrl = None
    # Address of a Chroma server; embedded without it
    chroma_url: ServerUrl = None
    # Where to turn when there is no answer
    contact: str = say("settings.default_contact")
    # Who may open /staff: link, oidc or public
    staff_access: Literal["link", "oidc", "public"] = "link"
    # Issuer of the accounts (OpenID Connect)
    oidc_issuer: Issuer = None
    # What the service is called there
    oidc_client_id: Text = None
    # Its secret there; none for a public client
    oidc_client_secret: SecretStr | None = None
    # Claim of the ID token that says the groups
    oidc_claim: str = Field("groups", min_length=1)
    # Which group is which role: GROUP=reader, GROUP=editor, ...
    oidc_roles: Roles = ()
    # What the service is called
    name: str = Field("Strategielotse", pattern=r"^[^\r\n]+$")
    # Address at which people reach the service: https://...; that of each request without
    public_url: PublicUrl = None
    # Address of the accessibility statement
    accessibility_url: Link = None
    # Address of the privacy notice
    privacy_url: Link = None
    # Address of the imprint
    imprint_url: Link = None
    # Show progress and changes to the public
    progress: bool = True
    # Licence of the open data
    data_license: DataLicense | None = None
    # SMTP server of the contact form; no form without it
    mail_host: Text = None
    # Its port
    mail_port: int = Field(587, ge=1, le=65535)
    # User name there; no login without it
    mail_user: Text = None
    # Password there
    mail_password: SecretStr = SecretStr("")
    # Encrypt the connection after its begin (STARTTLS); at port 465 it is from its begin
    mail_starttls: bool = True
    # Sender of the mails
    mail_from: MailAddress = None
    # Who gets the mails
    mail_to: MailAddress = None
    # Longest processor time for reading one file in seconds; a second more for each page beyond
    # forty
    read_seconds: float = Field(45.0, gt=0)
    # Days for which masked questions that were not answered well are kept
    keep_questions_days: int = Field(0, ge=0, le=730)
    # Offer the tools to assistants at /mcp (Model Context Protocol)
    mcp: bool = False
    # Show an example county website with the widget at /
    demo: bool = False
    # Lines of text or JSON objects
    log_format: Literal["text", "json"] = "text"
    # Token for reading /metrics; nobody without it
    metrics_token: SecretStr | None = Field(None, min_length=20)
    # DEBUG to ERROR
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("model_seconds")
    @classmethod
    def require_within_request(cls, value: float, info: ValidationInfo) -> float:
        """Refuse `model_seconds` above `request_seconds` - 1, if a model words answers.

        The last second is needed for an answer without the model. If `request_seconds` itself is
        invalid, it is not in `info`, and nothing is refused here.
        """
        # `2 + value` stands for an invalid limit: it refuses nothing
        if info.data.get("answer_model") and value + 1 > info.data.get(
            "request_seconds", 2 + value
        ):
            raise ValueError("a second less than request_seconds")
        return value

    @field_validator("oidc_issuer", "oidc_client_id", "oidc_roles", "mail_from", "mail_to")
    @classmethod
    def require_needed(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a blank value that another setting makes necessary.

        The settings of mail are needed if `mail_host` is set, the others if `staff_access` is oidc.
        `info` has the settings that are declared before this one; a wrong one is not in it, and
        then nothing is needed.
        """
        is_needed = info.data.get("staff_access") == "oidc"
        if str(info.field_name).startswith("mail"):
            is_needed = bool(info.data.get("mail_host"))
        if is_needed and not value:
            raise ValueError("missing")
        return value

    @property
    def public_path(self) -> str:
        """The path below which the public reaches the service, as "/lotse"; "" at the root."""
        return urlsplit(self.public_url or "").path

    @property
    def mails(self) -> bool:
        """Whether mails can be sent: then there is a contact form, and feedback may have a text."""
        return self.mail_host is not None

    @property
    def keep_questions(self) -> bool:
        """Whether questions that were not answered well are kept."""
        return self.keep_questions_days > 0

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, the most important first: arguments, the environment, the file.

        The file is named by the variable `CONFIG_VARIABLE`; without it there is none. pydantic's
        own .env file and folder of secrets are not used.
        """
        del dotenv_settings, file_secret_settings  # the file is named by a variable
        name = os.environ.get(CONFIG_VARIABLE)
        if not name:
            return init_settings, env_settings
        return init_settings, env_settings, _file_source(settings_cls, name)


def _file_source(
    settings: type[BaseSettings], name: str
) -> TomlConfigSettingsSource | DotEnvSettingsSource:
    """Return the values in a settings file, TOML by its ending, else .env; raises OSError,
    ValueError.
    """
    if name.endswith(".toml"):
        return TomlConfigSettingsSource(settings, Path(name))
    return DotEnvSettingsSource(settings, Path(name), env_file_encoding="utf-8")


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; overrides that are None are ignored.

    Raises SettingsError. Its message has a sentence for each wrong setting, in alphabetical order,
    with the wrong value (none for a secret) and the allowed ones, or a sentence on the settings
    file.
    """
    file = os.environ.get(CONFIG_VARIABLE)
    if file and not Path(file).is_file():
        raise SettingsError(say("settings.no_file", name=file, config_variable=CONFIG_VARIABLE))
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        # each wrong setting's value, by the first of its faults
        inputs = {str(fault["loc"][0]): fault.get("input") for fault in reversed(error.errors())}
        sentences = []
        for name, value in sorted(inputs.items(), key=lambda pair: pair[0].upper()):
            sentence = say(
                "settings.allowed",
                prefix=SETTING_PREFIX,
                name=name.upper(),
                value=_format_value(name, value),
                allowed=allowed(name),
            )
            sentences.append(sentence)
        raise SettingsError(" ".join(sentences)) from None
    except ValueError as error:
        raise SettingsError(say("settings.unreadable_file", name=file)) from error


def unknown_settings() -> list[str]:
    """Return a sentence for each unknown name in the environment and in the settings file, with the
    setting probably meant.

    pydantic ignores unknown names, so a misspelt setting would otherwise have no effect and nobody
    would know.
    """
    known = [SETTING_PREFIX + name.upper() for name in (*Settings.model_fields, "config")]
    variables = sorted(name for name in os.environ if name.upper().startswith(SETTING_PREFIX))
    sentences = [
        _format_unknown(name, "", known) for name in variables if name.upper() not in known
    ]
    file = os.environ.get(CONFIG_VARIABLE)
    if file:
        if file.endswith(".toml"):  # with the names of the fields, without prefix
            known = list(Settings.model_fields)
        unknown = [name for name in sorted(_names_in(file)) if name not in known]
        sentences += [_format_unknown(name, f" in {file}", known) for name in unknown]
    return sentences


def models_asked(settings: Settings) -> tuple[str, ...]:
    """The settings of the language models that get questions: that for answers, and its judge if it
    is another one.
    """
    if settings.answer_model is None:
        return ()
    judge = settings.judge_model
    if judge is None or judge in (NO_JUDGE, settings.answer_model):
        return (settings.answer_model,)
    return (settings.answer_model, judge)


def allowed(name: str) -> str:
    """The German description of a setting's allowed values, which completes "erlaubt ist …"."""
    return load_words("de/settings").get(f"allowed_{name}", say("settings.text"))


def _names_in(file: str) -> Iterable[str]:
    """Return the names in a settings file, [] if the file cannot be read.

    Of a .env file only the names with our prefix are returned, in capitals: other programs may read
    the same file. A TOML file is only ours, and its names have no prefix.
    """
    try:
        source = _file_source(Settings, file)
    except (OSError, ValueError):
        return []
    if isinstance(source, TomlConfigSettingsSource):
        return source.toml_data
    return [name.upper() for name in source.env_vars if name.upper().startswith(SETTING_PREFIX)]


def _format_unknown(name: str, source: str, known: Sequence[str]) -> str:
    """Return the sentence that a name is unknown, with a similar setting if there is one.

    `source` says where the name was found: " in FILE", or "" for the environment. `known` are the
    names of all settings as that place writes them, with or without the prefix.
    """
    text = say("settings.unknown", name=printable(name), place=source)
    known_names = [setting.upper() for setting in known]
    similar = get_close_matches(name.upper(), known_names, n=1, cutoff=0.85)
    if not similar:
        return text
    return say("settings.probably", told=text, meant=similar[0])


def _format_value(name: str, value: object) -> str:
    """Return a wrong value as an error message shows it after the setting's name: "=VALUE".

    A missing or empty value is shown in words. Nothing secret is shown: "" for a setting that is a
    secret by its name, and a URL without its user and password. A long value is cut.
    """
    if value is None or value == "":
        return say("settings.missing" if value is None else "settings.empty")
    if re.search(r"secret|password|token|key|database", name):
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = re.sub(r"//[^/@\s]*@", "//…@", text)
    if len(text) > SHOWN:
        text = text[: SHOWN - 1] + "…"
    return "=" + printable(text)
