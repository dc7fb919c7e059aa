package cession.rules_test

import data.cession.rules

adopt(more) := {
	"act": {"fields": {"pack": {"kind": "commitment", "value": "0xaa"}, "number": {"kind": "count", "count": 4}}},
	"wanted": object.union({"digest": "0xaa", "number": 4, "current": 3, "active": true}, more),
}

test_known if {
	rules.answer.known.state == "pass" with input as adopt({})
	rules.answer.known.state == "pass" with input as adopt({"current": 4})
}

test_unknown if {
	every more in [{"active": false}, {"digest": "0xbb"}, {"number": 5}, {"current": 5}] {
		rules.answer.known.state == "fail" with input as adopt(more)
	}
}

test_shows_number_and_state if {
	answer := rules.answer.known with input as adopt({"active": false})
	answer.actual == ["number ", 4, ", ", "not in force", ", ", {"short": "0xaa"}]
}

test_pack_that_is_not_at_hand_is_not_evaluated if {
	not rules.answer.known with input as object.remove(adopt({}), ["wanted"])
}
