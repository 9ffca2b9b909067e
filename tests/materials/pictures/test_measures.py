"""materials/pictures/measures.py: what is counted of a render."""

import pytest
from prometheus_client import REGISTRY

from materials.pictures.measures import rendering


def renders(outcome: str) -> float:
    return REGISTRY.get_sample_value("nmec_renders_total", {"outcome": outcome}) or 0.0


def seconds() -> float:
    return REGISTRY.get_sample_value("nmec_render_seconds_total") or 0.0


def test_a_render_is_counted_with_its_seconds():
    done, spent = renders("done"), seconds()
    with rendering():
        pass
    assert renders("done") == done + 1
    assert seconds() > spent


def test_one_that_fails_is_counted_as_such():
    done, failed = renders("done"), renders("failed")
    with pytest.raises(ValueError), rendering():
        raise ValueError
    assert (renders("done"), renders("failed")) == (done, failed + 1)
