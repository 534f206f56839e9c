"""Rough boxes of China's provinces by the first two digits of a code: enough to see a code misplaced.

From memory, to a tenth of a degree or so, widened before use: a hint for a report, never a reason to refuse.
"""

from __future__ import annotations

import re

import numpy as np

WIDER = 0.15
"""Degrees by which each box is widened."""

PROVINCES: dict[str, tuple[str, tuple[str, ...], tuple[float, float, float, float]]] = {
    "11": ("北京市", ("Beijing",), (115.42, 39.44, 117.51, 41.06)),
    "12": ("天津市", ("Tianjin",), (116.71, 38.56, 118.06, 40.25)),
    "13": ("河北省", ("Hebei",), (113.45, 36.05, 119.85, 42.62)),
    "14": ("山西省", ("Shanxi",), (110.23, 34.58, 114.56, 40.74)),
    "15": ("内蒙古自治区", ("Inner Mongolia", "Nei Mongol"), (97.17, 37.41, 126.07, 53.33)),
    "21": ("辽宁省", ("Liaoning",), (118.84, 38.72, 125.79, 43.49)),
    "22": ("吉林省", ("Jilin",), (121.64, 40.86, 131.31, 46.30)),
    "23": ("黑龙江省", ("Heilongjiang",), (121.18, 43.42, 135.09, 53.56)),
    "31": ("上海市", ("Shanghai",), (120.85, 30.68, 122.12, 31.87)),
    "32": ("江苏省", ("Jiangsu",), (116.36, 30.75, 121.93, 35.13)),
    "33": ("浙江省", ("Zhejiang",), (118.02, 27.04, 123.16, 31.18)),
    "34": ("安徽省", ("Anhui",), (114.88, 29.39, 119.65, 34.65)),
    "35": ("福建省", ("Fujian",), (115.84, 23.50, 120.73, 28.32)),
    "36": ("江西省", ("Jiangxi",), (113.57, 24.49, 118.48, 30.08)),
    "37": ("山东省", ("Shandong",), (114.81, 34.38, 122.72, 38.41)),
    "41": ("河南省", ("Henan",), (110.35, 31.38, 116.65, 36.37)),
    "42": ("湖北省", ("Hubei",), (108.36, 29.03, 116.13, 33.27)),
    "43": ("湖南省", ("Hunan",), (108.79, 24.64, 114.26, 30.13)),
    "44": ("广东省", ("Guangdong",), (109.66, 20.21, 117.32, 25.52)),
    "45": ("广西壮族自治区", ("Guangxi",), (104.45, 20.90, 112.06, 26.39)),
    "46": ("海南省", ("Hainan",), (108.62, 18.15, 111.05, 20.16)),
    "50": ("重庆市", ("Chongqing",), (105.29, 28.16, 110.19, 32.20)),
    "51": ("四川省", ("Sichuan",), (97.35, 26.05, 108.54, 34.31)),
    "52": ("贵州省", ("Guizhou",), (103.60, 24.62, 109.59, 29.22)),
    "53": ("云南省", ("Yunnan",), (97.53, 21.14, 106.20, 29.25)),
    "54": ("西藏自治区", ("Tibet", "Xizang"), (78.39, 26.86, 99.11, 36.48)),
    "61": ("陕西省", ("Shaanxi",), (105.49, 31.71, 111.25, 39.59)),
    "62": ("甘肃省", ("Gansu",), (92.34, 32.60, 108.71, 42.80)),
    "63": ("青海省", ("Qinghai",), (89.41, 31.60, 103.07, 39.21)),
    "64": ("宁夏回族自治区", ("Ningxia",), (104.28, 35.24, 107.65, 39.39)),
    "65": ("新疆维吾尔自治区", ("Xinjiang",), (73.50, 34.34, 96.39, 49.18)),
}
_NAMED = {name.lower(): code for code, (_, names, _) in PROVINCES.items() for name in names}
_WORDS = re.compile(r"\b(" + "|".join(map(re.escape, _NAMED)) + r")\b", re.IGNORECASE)


def provinces_named(text: str) -> set[str]:
    """Two-digit codes of the provinces that an English text names.

    Examples
    --------
    >>> provinces_named("Sigou Village, Loufan County, Shanxi Province"), provinces_named("Shaanxi")
    ({'14'}, {'61'})
    """
    return {_NAMED[word.lower()] for word in _WORDS.findall(text)}


def km_outside(province: str, lon: float, lat: float) -> float:
    """Rough km of a point from a province's box, 0 inside or where the province is not known.

    Examples
    --------
    >>> km_outside("14", 110.84, 37.0), round(km_outside("15", 110.84, 36.0), -1)
    (0.0, 140.0)
    """
    if province not in PROVINCES:
        return 0.0
    west, south, east, north = PROVINCES[province][2]
    dx = max(west - WIDER - lon, lon - east - WIDER, 0.0) * float(np.cos(np.radians(lat)))
    dy = max(south - WIDER - lat, lat - north - WIDER, 0.0)
    return float(np.hypot(dx, dy)) * 111.32
