"""Settings from the environment (`STRATEGIELOTSE_...`) or a file named by `STRATEGIELOTSE_CONFIG` (TOML or .env).

The environment wins over the file. Lists are written with commas in the environment, as arrays in TOML.
"""

from __future__ import annotations

import math
import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from prompts import say
from service.setting_hints import invalid_values, unknown_names

PREFIX = "STRATEGIELOTSE_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
MODEL = re.compile(r"(?P<maker>[\w-]+):(?P<name>[^@\s]+)(?:@(?P<url>https?://\S+))?")
ROLES = ("reader", "editor", "publisher")
Words = Annotated[tuple[str, ...], NoDecode]
Network = IPv4Network | IPv6Network


def _shaped(shape: str | re.Pattern[str]) -> AfterValidator:
    """Refuse a text of another shape; a blank one is none."""

    def plain(value: str | None) -> str | None:
        text = (value or "").strip()
        if text and re.fullmatch(shape, text) is None:
            raise ValueError("another shape")
        return text or None

    return AfterValidator(plain)


Text = Annotated[str | None, _shaped(r".+")]
ModelName = Annotated[str | None, _shaped(MODEL)]
Link = Annotated[str | None, _shaped(r"(https?://|/(?!/))[^\s\\\"<>]+|/")]  # or a path on this server
PublicUrl = Annotated[
    str | None,
    AfterValidator(lambda url: url and url.strip().rstrip("/")),
    _shaped(r"https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._~/-]+)?"),
]
ServerUrl = Annotated[str | None, _shaped(r"https?://[^\s/]+/?")]
Issuer = Annotated[
    str | None, _shaped(r"https://[^\s?#]+|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:/[^\s?#]*)?")
]
MailAddress = Annotated[str | None, _shaped(MAIL_ADDRESS)]


class SettingsError(ValueError):
    """The settings cannot be read; the message is one sentence for people."""


def user_data_dir() -> Path:
    """Return the folder where this user's editions live by default."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "share") / "strategielotse"


class Settings(BaseSettings):
    """All settings of service and command line; immutable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    data_dir: Path = Field(default_factory=user_data_dir, description="Folder of the editions")
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    workers: int = Field(
        default=1, ge=1, le=64, description="Processes that serve; the limits are shared out among them"
    )
    allowed_origins: Words = Field(default=(), description="Web origins that may call the API from a browser (CORS)")
    frame_ancestors: Words = Field(default=("'self'",), description="Who may frame pages: origins, 'self' or 'none'")
    trusted_proxies: Words = Field(
        default=("127.0.0.0/8", "::1/128"), description="Networks whose X-Forwarded-For header is believed"
    )
    rate_per_minute: int = Field(default=60, ge=0, description="Requests per client and minute; 0: no limit")
    request_seconds: float = Field(default=30.0, gt=0, description="Longest time for one request in seconds")
    upload_megabytes: int = Field(default=300, ge=1, le=10_000, description="Largest upload of staff in all")
    embedding: str = Field(default="default", description="default, openai:MODEL@URL or folder:/path")
    answer_model: ModelName = Field(default=None, description="Model that words answers: openai:NAME@URL; none without")
    ingest_model: ModelName = Field(
        default=None, description="Model that writes questions and reads papers: openai:NAME@URL; none without"
    )
    model_seconds: float = Field(
        default=20.0, gt=0, description="Longest time that a model has for an answer in seconds"
    )
    model_cost_per_day: float = Field(default=0.0, ge=0, description="What replies may cost a day; 0: no limit")
    model_prices: Annotated[tuple[float, ...], NoDecode] = Field(
        default=(), description="Prices of a million tokens that a model reads, and that it writes"
    )
    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL of several machines: postgresql+psycopg://...; SQLite files without it"
    )
    chroma_url: ServerUrl = Field(default=None, description="Address of a Chroma server; embedded without it")
    contact: str = Field(default=say("settings.default_contact"), description="Where to turn when there is no answer")
    staff_access: Literal["link", "oidc", "public"] = Field(
        default="link", description="Who may open /staff: link, oidc or public"
    )
    oidc_issuer: Issuer = Field(
        default=None, validate_default=True, description="Issuer of the accounts (OpenID Connect)"
    )
    oidc_client_id: Text = Field(default=None, validate_default=True, description="What the service is called there")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Its secret there; none for a public client")
    oidc_claim: str = Field(default="groups", min_length=1, description="Claim of the ID token that says the groups")
    oidc_roles: Words = Field(
        default=(), validate_default=True, description="Which group is which role: GROUP=reader, GROUP=editor, ..."
    )
    name: str = Field(default="Strategielotse", pattern=r"^[^\r\n]+$", description="What the service is called")
    public_url: PublicUrl = Field(
        default=None, description="Address at which people reach the service: https://...; that of each request without"
    )
    accessibility_url: Link = Field(default=None, description="Address of the accessibility statement")
    privacy_url: Link = Field(default=None, description="Address of the privacy notice")
    imprint_url: Link = Field(default=None, description="Address of the imprint")
    mail_host: Text = Field(default=None, description="SMTP server of the contact form; no form without it")
    mail_port: int = Field(default=587, ge=1, le=65535, description="Its port")
    mail_user: Text = Field(default=None, description="User name there; no login without it")
    mail_password: SecretStr = Field(default=SecretStr(""), description="Password there")
    mail_starttls: bool = Field(
        default=True, description="Encrypt the connection after its begin (STARTTLS); at port 465 it is from its begin"
    )
    mail_from: MailAddress = Field(default=None, validate_default=True, description="Sender of the mails")
    mail_to: MailAddress = Field(default=None, validate_default=True, description="Who gets the mails")
    read_seconds: float = Field(default=45.0, gt=0, description="Longest time for reading one file in seconds")
    keep_questions: bool = Field(default=False, description="Keep masked questions that were not answered well")
    keep_questions_days: int = Field(default=90, ge=1, le=730, description="Days until a kept question is deleted")
    mcp: bool = Field(default=False, description="Offer the tools to assistants at /mcp (Model Context Protocol)")
    demo: bool = Field(default=False, description="Show an example county website with the widget at /")
    log_format: Literal["text", "json"] = Field(default="text", description="Lines of text or JSON objects")
    metrics_token: SecretStr | None = Field(
        default=None, min_length=20, description="Token for reading /metrics; nobody without it"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="DEBUG to ERROR")

    @field_validator(
        "allowed_origins", "frame_ancestors", "trusted_proxies", "oidc_roles", "model_prices", mode="before"
    )
    @classmethod
    def split_words(cls, value: Any) -> Any:
        """Split "a, b" at commas and white space."""
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("allowed_origins", "frame_ancestors")
    @classmethod
    def plain_words(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what would break out of a header."""
        if any(set(word) & set(";\r\n ") for word in value):
            raise ValueError("no semicolon or line break")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def known_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no network."""
        for word in value:
            ip_network(word, strict=False)
        return value

    @field_validator("database_url")
    @classmethod
    def postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        """Refuse what is no address of a PostgreSQL database; its driver need not be named."""
        written = (value.get_secret_value() if value else "").strip()
        address = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", written)
        if address and not re.fullmatch(r"postgresql\+psycopg://[^\s/]*/[^\s/?]+(\?\S*)?", address):
            raise ValueError("no address of a PostgreSQL database")
        return SecretStr(address) if address else None

    @field_validator("model_seconds")
    @classmethod
    def within_the_request(cls, value: float, info: ValidationInfo) -> float:
        """Refuse what a request has no time for: where the model fails, the answer without it needs a moment."""
        if info.data.get("answer_model") and value + 1 > info.data.get("request_seconds", 2 + value):
            raise ValueError("a second less than request_seconds")
        return value

    @field_validator("model_prices")
    @classmethod
    def two_prices(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        """Refuse what is not two prices."""
        if value and (len(value) != 2 or not all(math.isfinite(one) and one >= 0 for one in value)):
            raise ValueError("two prices")
        return value

    @field_validator("oidc_roles")
    @classmethod
    def known_roles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what names no group or no role."""
        if any(one.rpartition("=")[2] not in ROLES or one[0] == "=" for one in value):
            raise ValueError("GROUP=ROLE")
        return value

    @field_validator("oidc_issuer", "oidc_client_id", "oidc_roles", "mail_from", "mail_to")
    @classmethod
    def needed(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse access by accounts, and a mail server, without what they need."""
        of_mails = str(info.field_name).startswith("mail")
        if not value and (info.data.get("mail_host") if of_mails else info.data.get("staff_access") == "oidc"):
            raise ValueError("missing")
        return value

    @field_validator("data_dir")
    @classmethod
    def absolute(cls, value: Path) -> Path:
        """Make the folder independent of the working directory."""
        return value.expanduser().absolute()

    @property
    def mails(self) -> bool:
        """Whether mails can go out: the contact form is shown, and feedback may have a text."""
        return self.mail_host is not None

    def proxy_networks(self) -> tuple[Network, ...]:
        """Return the networks of trusted proxies."""
        return tuple(ip_network(word, strict=False) for word in self.trusted_proxies)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        name = os.environ.get(CONFIG_VARIABLE)
        return (init_settings, env_settings, *([_file(settings_cls, name)] if name else []))


def _file(settings: type[BaseSettings], name: str) -> TomlConfigSettingsSource | DotEnvSettingsSource:
    """The source of a settings file; raises OSError, ValueError."""
    if name.endswith(".toml"):
        return TomlConfigSettingsSource(settings, Path(name))
    return DotEnvSettingsSource(settings, Path(name), env_file_encoding="utf-8")


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; overrides that are None are left out. Raises `SettingsError` with one sentence."""
    name = os.environ.get(CONFIG_VARIABLE)
    if name and not Path(name).is_file():
        raise SettingsError(say("settings.no_file", name=name, config_variable=CONFIG_VARIABLE))
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(invalid_values(PREFIX, Settings.model_fields, error.errors())) from None
    except ValueError as error:
        raise SettingsError(say("settings.unreadable_file", name=name)) from error


def unknown_settings() -> list[str]:
    """Return a sentence for each variable, and each entry of the settings file, that no setting is called."""
    variables = [name for name in os.environ if name.upper().startswith(PREFIX)]
    told = unknown_names(PREFIX, Settings.model_fields, variables)
    name = os.environ.get(CONFIG_VARIABLE)
    if not name:
        return told
    bare = name.endswith(".toml")
    return told + unknown_names(PREFIX, Settings.model_fields, _written(name), f" in {name}", bare=bare)


def _written(name: str) -> list[str]:
    """The names in a settings file: all of a TOML file, those of ours in a .env file; none where it is unreadable."""
    try:
        source = _file(Settings, name)
    except (OSError, ValueError):
        return []
    if isinstance(source, TomlConfigSettingsSource):
        return list(source.toml_data)
    return [one.upper() for one in source.env_vars if one.upper().startswith(PREFIX)]
