package cession.room_rules_test

import data.cession.room_rules

adopt(active) := {
	"act": {"fields": {"pack": {"kind": "commitment", "value": "0xaa"}, "number": {"kind": "count", "count": 4}}},
	"wanted": {"digest": "0xaa", "number": 4, "current": 3, "active": active},
}

test_known if {
	room_rules.answer.known.state == "pass" with input as adopt(true)
	room_rules.answer.known.state == "fail" with input as adopt(false)
	not room_rules.answer.known with input as {"act": {"fields": {}}}
}
