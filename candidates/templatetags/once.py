"""What is the same on every page for everybody: {% once %}…{% endonce %} is drawn the first time, and kept."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

register = template.Library()


class Once(template.Node):
    """Draw with nothing of the context: what concerns somebody comes out empty here, the first time already."""

    def __init__(self, inside: template.NodeList) -> None:
        self.inside = inside
        self.kept: SafeString | None = None

    def render(self, context: Context) -> SafeString:
        if self.kept is None:
            self.kept = self.inside.render(context.new())
        return self.kept


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> Once:
    """Keep a page's addresses: looking up those of its frame was a tenth of the smaller pages' CPU."""
    inside = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(inside)
