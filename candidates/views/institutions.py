"""Institutions to choose from, for the form's script and its button 查找."""

from django.http import JsonResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from candidates.accounts.pace import Pace
from candidates.applications.access import candidates_only
from candidates.forms.finding import TOO_OFTEN, values_of
from candidates.reference.institutions import find as find_institutions

pace = Pace(60)


@candidates_only
@sensitive_post_parameters()
@require_POST
def find(request):
    """Return the first few institutions whose `by` (name, registration_number) begins with what was `typed`.

    Posted, as where somebody works is personal: it stands in no address and no log.
    """
    if pace.is_too_often(request.user.pk):
        return JsonResponse({"message": TOO_OFTEN}, status=429)
    found = find_institutions(request.POST.get("by", ""), request.POST.get("typed", ""))
    return JsonResponse({"found": [values_of(one) for one in found]})
