"""Settings: every one an environment variable with a documented default (docs/operations.md)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class ConfigurationError(Exception):
    """The environment does not make sense; the message says which variable and what to do."""


@dataclass(frozen=True)
class Config:
    environment: str  # "development" or "production"
    instance_path: Path
    database_url: str
    secret_key: str
    public_url: str  # how mails and documents name this site
    smtp_url: str | None
    mail_from: str
    trusted_proxies: int
    default_time_zone: str
    rate_limit_storage: str
    network_grace_seconds: int
    picture_limit_kb: int = 2048
    testing: bool = False

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def largest_picture(self) -> int:
        """How many bytes the file of a picture may have."""
        return self.picture_limit_kb * 1024


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings. Raises ConfigurationError, naming the variable, when one is missing or wrong."""
    env = os.environ if environ is None else environ
    environment = env.get("EXAMAPP_ENV", "development")
    if environment not in ("development", "production"):
        raise ConfigurationError(f"EXAMAPP_ENV is “{environment}”: use development or production.")
    production = environment == "production"
    instance = Path(env.get("INSTANCE_PATH", "instance")).resolve()
    for name in ("SECRET_KEY", "DATABASE_URL", "PUBLIC_URL"):
        if production and not env.get(name):
            raise ConfigurationError(
                f"{name} is not set. Production does not start without it: see docs/operations.md."
            )
    if production and len(env["SECRET_KEY"]) < 32:
        raise ConfigurationError("SECRET_KEY is shorter than 32 characters. Make one with: openssl rand -hex 32")
    port = env.get("PORT", "8000")
    return Config(
        environment=environment,
        instance_path=instance,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'examapp.db'}",
        secret_key=env.get("SECRET_KEY") or local_secret(instance),
        public_url=(env.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        smtp_url=env.get("SMTP_URL") or None,
        mail_from=env.get("MAIL_FROM", "Endorsement office <endorsement@example.org>"),
        trusted_proxies=whole_number(env, "TRUSTED_PROXIES", 0),
        default_time_zone=env.get("DEFAULT_TIME_ZONE", "America/Denver"),
        rate_limit_storage=env.get("RATE_LIMIT_STORAGE", "memory://"),
        network_grace_seconds=whole_number(env, "NETWORK_GRACE_SECONDS", 20),
        picture_limit_kb=whole_number(env, "PICTURE_LIMIT_KB", 2048),
    )


def whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    raw = env.get(name, str(default))
    if not raw.isdigit():
        raise ConfigurationError(f"{name} is “{raw}”: it must be a whole number.")
    return int(raw)


def local_secret(instance: Path) -> str:
    """The secret key of a development machine: random, made once, readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()
