package cession.nda_scope_test

import data.cession.nda

sign(until) := {"now": 1000, "act": {"name": "nda.sign", "fields": {"until": {"kind": "time", "ms": until}}}}

limits := {"nda": {"days": 2}}

test_validity if {
	nda.answer.validity.state == "pass" with input as sign(172801000) with data.limits as limits
	answer := nda.answer.validity with input as sign(172800999) with data.limits as limits
	answer == {"state": "fail", "actual": {"ms": 172800999}, "threshold": ["not before ", {"ms": 172801000}]}
	not nda.answer.validity with input as sign(172801000) with data.limits as {}
}

list := {"before": {"nda.sign": {"until": true}, "invitation.accept": {}}}

test_minimal if {
	nda.answer.minimal.state == "pass" with input as sign(1) with data.disclosure as list
	more := nda.answer.minimal with input as {"act": {"name": "nda.sign", "fields": {"until": {}, "teaser": {}, "face": {}}}}
		with data.disclosure as list
	more.state == "fail"
	more.actual == {"join": {"face", "teaser"}, "with": ", "}
}

test_nothing_may_be_carried if {
	nda.answer.minimal.state == "pass" with input as {"act": {"name": "invitation.accept", "fields": {}}} with data.disclosure as list
	nda.answer.minimal.state == "fail" with input as {"act": {"name": "invitation.accept", "fields": {"face": {}}}}
		with data.disclosure as list
}

test_act_that_is_not_listed_is_not_evaluated if {
	not nda.answer.minimal with input as {"act": {"name": "leave.withdraw", "fields": {}}} with data.disclosure as list
	not nda.answer.minimal with input as sign(1) with data.disclosure as {}
}
