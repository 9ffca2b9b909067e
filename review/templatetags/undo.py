from django import template
from django.utils import timezone

from review.cases.undo_offers import offered

register = template.Library()


@register.inclusion_tag("review/parts/undo.html", takes_context=True)
def undo_offer(context):
    """Draw the button that takes back this reviewer's last decision, while it may be."""
    session = getattr(context.get("request"), "session", {})
    return {"offer": offered(session, timezone.now()), "csrf_token": context.get("csrf_token")}
