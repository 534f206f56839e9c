"""What a handler is given beside the request's own values: the store, the settings, the maps."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from api.drawing import Atlas
from api.settings import Settings
from spatial.store.engine import Store


def _store(request: Request) -> Store:
    return cast("Store", request.app.state.store)


def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


def _atlas(request: Request) -> Atlas:
    return cast("Atlas", request.app.state.atlas)


StoreDep = Annotated[Store, Depends(_store)]
SettingsDep = Annotated[Settings, Depends(_settings)]
AtlasDep = Annotated[Atlas, Depends(_atlas)]
