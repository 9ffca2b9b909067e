"""What a head says when cases are given out, and days of absence."""

from django import forms

from candidates.forms.fields import DayField, WholeNumberField
from candidates.models import Account, Unit
from candidates.rules.levels import below
from review.office.assignments import MOST
from review.office.dividing import RULES


class AssignForm(forms.Form):
    """By which rule, of whose cases, how many, to whom."""

    rule = forms.ChoiceField(label="规则", choices=list(RULES.items()), initial="even")
    source = forms.ChoiceField(label="分派哪些", required=False)
    number = WholeNumberField(
        label="最多分派",
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=f"从最早提交的开始。留空即全部，一次最多 {MOST:,} 份。",
        widget=forms.NumberInput(attrs={"class": "tiny", "inputmode": "numeric"}),
        error_messages={
            "invalid": "请填写数字。",
            "min_value": "至少 1 份。",
            "max_value": f"一次最多 {MOST:,} 份，可以分几次。",
        },
    )
    people = forms.MultipleChoiceField(
        label="分派给",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请选择至少一个人。",
            "invalid_choice": "所选的人已经停用或不在本单位，请重新选择。",
        },
    )

    def __init__(self, data=None, *, unit: Unit, people: list[Account], away: dict[int, str]):
        """`away`: who is absent, by the account's key, and until when."""
        present = [one.username for one in people if one.pk not in away]
        super().__init__(data, initial={"people": present})
        self.everybody = {str(one.username): one for one in people}
        self.away = away
        names = [(one.username, f"{one.username} {one.name}") for one in people]
        self.fields["source"].choices = [("", "未分派的"), *((name, f"{said}手上未开始的") for name, said in names)]
        self.fields["people"].choices = names
        under = below(unit.level)
        self.fields["rule"].choices = [one for one in RULES.items() if one[0] != "unit" or under]

    def clean(self):
        chosen = self.chosen
        if away := [one.username for one in chosen if one.pk in self.away]:
            self.add_error("people", f"{'、'.join(away)} 今天缺勤：按规则只分派给在岗的人，逐份分派不受此限。")
        if self.from_whom in chosen:
            self.add_error("people", f"{self.from_whom.username} 手上的申请不能再分派给本人。")
        return self.cleaned_data

    @property
    def chosen(self) -> list[Account]:
        return [self.everybody[one] for one in self.cleaned_data.get("people", ())]

    @property
    def from_whom(self) -> Account | None:
        return self.everybody.get(self.cleaned_data.get("source", ""))

    @property
    def most(self) -> int:
        return self.cleaned_data.get("number") or MOST

    def whose(self, sizes: dict[str, int], proposed: dict[str, int]) -> dict[str, int]:
        """Return who gets each group, as the preview's lists say; as proposed where they say nothing, yet or at all."""
        keys = {one.username: one.pk for one in self.chosen}
        if "confirmed" not in self.data:
            return proposed
        said = {group: self.data.get(f"group-{group}", "") for group in sizes}
        return {group: keys[name] for group, name in said.items() if name in keys}


class AbsenceForm(forms.Form):
    first = DayField(label="从", error_messages={"required": "请填写缺勤的第一天。"})
    last = DayField(label="至（含当天）", error_messages={"required": "请填写缺勤的最后一天。"})
    person = forms.ChoiceField(
        label="谁", error_messages={"invalid_choice": "所选的人已经停用或不在您负责的单位。", "required": "请选择。"}
    )

    def __init__(self, data=None, *, people: list[Account], me: Account):
        super().__init__(data, initial={"person": me.username})
        self.everybody = {str(one.username): one for one in people}
        self.fields["person"].choices = [
            (one.username, "我自己" if one.pk == me.pk else f"{one.username} {one.name}") for one in people
        ]
        if len(people) == 1:
            self.fields["person"].required = False
            self.fields["person"].widget = forms.HiddenInput()

    @property
    def account(self) -> Account | None:
        return self.everybody.get(self.cleaned_data.get("person", ""))
