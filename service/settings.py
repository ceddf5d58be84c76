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

    data_dir: Folder = Field(default_factory=user_data_dir, description="Folder of the editions")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    workers: int = Field(
        1,
        ge=1,
        le=64,
        description="Processes that serve; the limits are shared out among them",
    )
    allowed_origins: Origins = Field(
        (), description="Web origins that may call the API from a browser (CORS)"
    )
    frame_ancestors: Origins = Field(
        ("'self'",), description="Who may frame pages: origins, 'self' or 'none'"
    )
    trusted_proxies: Networks = Field(
        ("127.0.0.0/8", "::1/128"),
        description="Networks whose X-Forwarded-For header is believed",
    )
    rate_per_minute: int = Field(
        60, ge=0, description="Requests per client and minute; 0: no limit"
    )
    request_seconds: float = Field(
        30.0, gt=0, description="Longest time for one request in seconds"
    )
    embedding: Embedding = Field(
        None,
        description="openai:MODEL@URL; the encoder that comes with the service without",
    )
    answer_model: ModelName = Field(
        None, description="Model that words answers: openai:NAME@URL; none without"
    )
    judge_model: JudgeName = Field(
        None,
        description="Model that judges what the answer model says; the answer model itself "
        "without; off: only the papers' own words are shown",
    )
    ingest_model: ModelName = Field(
        None, description="Model that says what records are: openai:NAME@URL; none without"
    )
    model_seconds: float = Field(
        20.0, gt=0, description="Longest time that a model has for an answer in seconds"
    )
    model_cost_per_day: float = Field(
        0.0, ge=0, description="What replies may cost a day; 0: no limit"
    )
    model_prices: Prices = Field(
        (), description="Prices of a million tokens that a model reads, and that it writes"
    )
    database_url: DatabaseUrl = Field(
        None,
        description="PostgreSQL of several machines: postgresql+psycopg://...; SQLite files "
        "without it",
    )
    chroma_url: ServerUrl = Field(
        None, description="Address of a Chroma server; embedded without it"
    )
    contact: str = Field(
        say("settings.default_contact"), description="Where to turn when there is no answer"
    )
    staff_access: Literal["link", "oidc", "public"] = Field(
        "link", description="Who may open /staff: link, oidc or public"
    )
    oidc_issuer: Issuer = Field(
        None, validate_default=True, description="Issuer of the accounts (OpenID Connect)"
    )
    oidc_client_id: Text = Field(
        None, validate_default=True, description="What the service is called there"
    )
    oidc_client_secret: SecretStr | None = Field(
        None, description="Its secret there; none for a public client"
    )
    oidc_claim: str = Field(
        "groups", min_length=1, description="Claim of the ID token that says the groups"
    )
    oidc_roles: Roles = Field(
        (),
        validate_default=True,
        description="Which group is which role: GROUP=reader, GROUP=editor, ...",
    )
    name: str = Field(
        "Strategielotse", pattern=r"^[^\r\n]+$", description="What the service is called"
    )
    public_url: PublicUrl = Field(
        None,
        description="Address at which people reach the service: https://...; that of each "
        "request without",
    )
    accessibility_url: Link = Field(None, description="Address of the accessibility statement")
    privacy_url: Link = Field(None, description="Address of the privacy notice")
    imprint_url: Link = Field(None, description="Address of the imprint")
    progress: bool = Field(True, description="Show progress and changes to the public")
    data_license: DataLicense | None = Field(None, description="Licence of the open data")
    mail_host: Text = Field(None, description="SMTP server of the contact form; no form without it")
    mail_port: int = Field(587, ge=1, le=65535, description="Its port")
    mail_user: Text = Field(None, description="User name there; no login without it")
    mail_password: SecretStr = Field(SecretStr(""), description="Password there")
    mail_starttls: bool = Field(
        True,
        description="Encrypt the connection after its begin (STARTTLS); at port 465 it is "
        "from its begin",
    )
    mail_from: MailAddress = Field(None, validate_default=True, description="Sender of the mails")
    mail_to: MailAddress = Field(None, validate_default=True, description="Who gets the mails")
    read_seconds: float = Field(
        45.0,
        gt=0,
        description="Longest processor time for reading one file in seconds; a second more for "
        "each page beyond forty",
    )
    keep_questions_days: int = Field(
        0,
        ge=0,
        le=730,
        description="Days for which masked questions that were not answered well are kept",
    )
    mcp: bool = Field(
        False, description="Offer the tools to assistants at /mcp (Model Context Protocol)"
    )
    demo: bool = Field(False, description="Show an example county website with the widget at /")
    log_format: Literal["text", "json"] = Field("text", description="Lines of text or JSON objects")
    metrics_token: SecretStr | None = Field(
        None, min_length=20, description="Token for reading /metrics; nobody without it"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG to ERROR"
    )

    @field_validator("model_seconds")
    @classmethod
    def require_within_request(cls, value: float, info: ValidationInfo) -> float:
        """Refuse `model_seconds` above `request_seconds` - 1, if a model words answers.

        The last second is needed for an answer without the model. If `request_seconds` itself is
        invalid, it is not in `info`, and nothing is refused here.
        """
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
    name = os.environ.get(CONFIG_VARIABLE)
    if name and not Path(name).is_file():
        raise SettingsError(say("settings.no_file", name=name, config_variable=CONFIG_VARIABLE))
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
        raise SettingsError(say("settings.unreadable_file", name=name)) from error


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
