"""The closed list of alerts."""

from daicho.register.changes.alerts import alert, catalogue


def test_the_list_can_be_read_rule_by_rule() -> None:
    rule = catalogue()["W005"]
    assert (rule.tier, rule.source) == (2, "世帯主の実務の取扱い")
    assert alert("W005", 11, age=9).sentence == rule.sentence.format(age=9)
