package cession.selection_standstill_test

import data.cession.selection

chosen(now) := {"now": now, "taken": {"listing.publish": {"at": 1000}}}

limits := {"standstill": {"hours": 2}}

test_standstill if {
	selection.answer.standstill.state == "pass" with input as chosen(7201000) with data.limits as limits
	early := selection.answer.standstill with input as chosen(7200999) with data.limits as limits
	early.state == "fail"
	early.need == {"kind": "wait", "until": 7201000}
}

test_none_as_shipped if {
	selection.answer.standstill.state == "pass" with input as chosen(1000)
}

test_without_a_listing_it_is_not_evaluated if {
	not selection.answer.standstill with input as {"now": 1000, "taken": {}}
	not selection.answer.standstill with input as chosen(7201000) with data.limits as {}
}
