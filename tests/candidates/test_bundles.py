"""{% bundle %}: the links to what a page always loads together."""

import json

import pytest
from django.template import Context, Template

from nmec_portal.static_files import PlainStorage, SmallStorage

STORAGE = "candidates.templatetags.bundles.staticfiles_storage"


@pytest.fixture
def drawn():
    return lambda name: Template(f'{{% load bundles %}}{{% bundle "{name}" %}}').render(Context()).splitlines()


def test_while_one_works_on_them_each_part_is_linked_in_its_order(drawn, monkeypatch):
    monkeypatch.setattr(STORAGE, PlainStorage())
    assert drawn("page.js") == [
        '<script src="/static/js/engines.js" defer></script>',
        '<script src="/static/js/portal.js" defer></script>',
    ]
    assert drawn("materials.css") == [
        '<link rel="stylesheet" href="/static/css/materials.css">',
        '<link rel="stylesheet" href="/static/css/materials_sheets.css">',
    ]


def test_in_production_the_bundle_is_linked(drawn, monkeypatch, settings, tmp_path):
    settings.DEBUG = False
    paths = {"bundles/page.js": "bundles/page.0123456789ab.js"}
    (tmp_path / "staticfiles.json").write_text(json.dumps({"version": "1.1", "paths": paths, "hash": ""}))
    monkeypatch.setattr(STORAGE, SmallStorage(location=tmp_path))
    assert drawn("page.js") == ['<script src="/static/bundles/page.0123456789ab.js" defer></script>']
