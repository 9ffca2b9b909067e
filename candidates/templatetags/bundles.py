"""What a page links to: {% bundle "page.css" %}, {% bundle "page.js" %} (nmec_portal/static_files.py has the parts)."""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

LINK = '<link rel="stylesheet" href="{}">'
SCRIPT = '<script src="{}" defer></script>'


@register.simple_tag
def bundle(name: str) -> SafeString:
    """Return the links to a bundle's style sheets, or the scripts: one each in production, one for each part else."""
    drawn = LINK if name.endswith(".css") else SCRIPT
    return format_html_join("\n", drawn, ((address,) for address in staticfiles_storage.bundled(name)))
