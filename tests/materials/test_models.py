"""materials/models.py: the columns of categories follow the catalogue."""

import pytest
from django.core.management import call_command

from materials import models
from materials.models import MaterialImage, MaterialNotice
from materials.rules.catalogue import CATEGORIES, Category


@pytest.fixture
def one_more(monkeypatch):
    """A category that stands in no attachment."""
    added = Category("vaccination", "", "疫苗接种证明", documents=(), reasons=())
    monkeypatch.setattr(models, "CATEGORIES", (*CATEGORIES, added))
    return added


@pytest.mark.parametrize("model", [MaterialImage, MaterialNotice])
def test_a_category_is_shown_by_its_label(model, one_more):
    assert model(category="vaccination").get_category_display() == "疫苗接种证明"


@pytest.mark.django_db
def test_a_new_category_needs_no_migration(one_more):
    call_command("makemigrations", "materials", check=True, dry_run=True, verbosity=0)  # leaves with 1 where one is due
