"""Filters, order and columns of a list, kept by name for each reviewer."""

from urllib.parse import parse_qsl, urlencode

from candidates.models import Account
from candidates.prepared import Prepared
from candidates.rules.refusals import Refused
from review.models import SavedList

MOST = 20
LONGEST = 500  # characters of an address's query
NOT_KEPT = {"after", "before", "list"}  # where one is in a list, not which list it is


_OF = Prepared(lambda: SavedList.objects.filter(account=0))  # every queue asks


def of(account: Account) -> list[SavedList]:
    return _OF(account.pk)


def keep(account: Account, *, name: str, query: str) -> SavedList:
    """Save a list under this name, in the place of an earlier one. Raise Refused."""
    query = urlencode([(key, value) for key, value in parse_qsl(query) if key not in NOT_KEPT])
    if not name:
        raise Refused({"name": "请填写名称，再保存这个列表。"})
    if not query or len(query) > LONGEST:
        raise Refused({"query": "请先选择筛选条件、排序或显示的列，再保存。"})
    if sum(one.name != name for one in of(account)) >= MOST:
        raise Refused({"name": f"最多保存 {MOST} 个列表。请先删除不用的。"})
    return SavedList.objects.update_or_create(account=account, name=name, defaults={"query": query})[0]


def forget(account: Account, pk: int) -> None:
    SavedList.objects.filter(account=account, pk=pk).delete()
