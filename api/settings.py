"""Settings of the web server and the command line, read from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Lang = Literal["zh", "en"]
System = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Review = Literal["optional", "required", "by_another"]


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
    basemap_url, basemap_labels_url
        ``WANGGE_BASEMAP_URL``, ``WANGGE_BASEMAP_LABELS_URL``: tiles under the planner's page (EPSG:3857,
        ``{z}``, ``{x}``, ``{y}``, ``{key}``), and its labels where they come apart; off without.
    basemap_crs
        ``WANGGE_BASEMAP_CRS``: system that the tiles are drawn in; gcj02 and bd09 are refused.
    basemap_key, basemap_name, basemap_note
        ``WANGGE_BASEMAP_KEY``, ``WANGGE_BASEMAP_NAME``, ``WANGGE_BASEMAP_NOTE``: what stands for ``{key}``,
        how it is called, and its source and review number (审图号).
    review
        ``WANGGE_REVIEW``: ``optional`` (the planner's page goes through a review; over the API a plan that
        nobody submitted may be published at once), ``required`` (always), or ``by_another`` (and who
        submitted a plan may not approve it; otherwise the record says that it was the same).
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
    basemap_url: str | None = None
    basemap_labels_url: str | None = None
    basemap_crs: System | None = None
    basemap_key: str = ""
    basemap_name: str = ""
    basemap_note: str = ""
    session_hours: float = Field(default=12.0, gt=0, le=24 * 31)
    review: Review = "optional"
