package gate_test

import data.cession.fixture
import data.gate

test_empty_input_is_refused if {
	not gate.decision.allow with input as {}
}

test_act_without_a_gate_is_refused if {
	not gate.decision.allow with input as fixture.asked("seller", "no", "such", {}, {})
}

test_gate_without_rules_is_refused if {
	not gate.decision.allow with input as fixture.asked("seller", "leave", "dismiss", {}, {})
		with data.pack.gates as {"leave.dismiss": {"rules": []}}
}

test_rule_that_does_not_exist_is_not_evaluated if {
	answer := gate.decision with input as fixture.asked("seller", "leave", "dismiss", {}, {})
		with data.pack.gates as {"leave.dismiss": {"rules": ["act.no_such"]}}
	answer == {"allow": false, "rules": [{"id": "act.no_such", "state": "not_evaluated"}]}
}

test_rule_that_answers_something_else_is_not_evaluated if {
	answer := gate.decision with input as fixture.asked("seller", "leave", "dismiss", {}, {})
		with data.pack.gates as {"leave.dismiss": {"rules": ["act.role"]}}
		with data.cession.act.answer.role as {"state": "perhaps"}
	not answer.allow
}

test_every_rule_has_to_pass if {
	answer := gate.decision with input as fixture.asked("bidder", "leave", "dismiss", {}, {})
	not answer.allow
	[rule.id | some rule in answer.rules; rule.state != "pass"] == ["act.role"]
}
