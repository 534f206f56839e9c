"""Settings of the web server and the command line, read from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Lang = Literal["zh", "en"]


class Settings(BaseSettings):
    """What a deployer may set, each from one environment variable.

    Parameters
    ----------
    database_url
        ``DATABASE_URL``: a PostgreSQL server with PostGIS; without it the private cluster is used.
    data_dir
        ``WANGGE_DATA_DIR``: folder of the private cluster; without it the XDG data home.
    public_lookup
        ``WANGGE_PUBLIC_LOOKUP``: the anonymous may look up and read grid shapes.
    host, port
        ``WANGGE_HOST``, ``WANGGE_PORT``: where ``wangge serve`` listens.
    lang
        ``WANGGE_LANG``: language spoken first, zh or en.
    session_hours
        ``WANGGE_SESSION_HOURS``: how long a sign-in lasts.
    """

    model_config = SettingsConfigDict(env_prefix="WANGGE_", populate_by_name=True, extra="ignore")

    database_url: str | None = Field(
        default=None, validation_alias=AliasChoices("DATABASE_URL", "WANGGE_DATABASE_URL")
    )
    data_dir: Path | None = None
    public_lookup: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    lang: Lang = "zh"
    session_hours: float = Field(default=12.0, gt=0, le=24 * 31)
