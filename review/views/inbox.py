"""消息: what a reviewer or an operator was told."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidates.views.pages import read_inbox


@require_safe
def inbox(request):
    """Show everything I was told; what is shown counts as read from now on."""
    return render(request, "review/messages.html", read_inbox(request))
