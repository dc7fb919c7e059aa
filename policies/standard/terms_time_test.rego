package cession.terms_time_test

import data.cession.terms

limits(hours, days) := {"cooling_off": {"hours": hours}, "payment": {"business_days": days}}

# propose pays on a day of December 2026; the terms are signed on Tuesday the
# 22nd, at noon.
propose(day) := {
	"now": 1797940800000,
	"act": {"fields": {"fund_by": {"kind": "time", "ms": 1796083200000 + ((day - 1) * 86400000)}}},
	"taken": {"selection.select": {"at": 1797940800000 - 3600000}},
}

test_cooling_off if {
	terms.answer.cooling_off.state == "pass" with input as propose(30) with data.limits as limits(1, 0)
	early := terms.answer.cooling_off with input as propose(30) with data.limits as limits(2, 0)
	early.state == "fail"
	early.need == {"kind": "wait", "until": 1797940800000 + 3600000}
	terms.answer.cooling_off.state == "pass" with input as propose(30)
	not terms.answer.cooling_off with input as object.remove(propose(30), ["taken"])
}

# After the 22nd, the 23rd, 24th, 28th, 29th, 30th and 31st are business days.
test_business_days if {
	every pair in [[23, 1], [24, 2], [28, 3], [31, 6]] {
		terms.answer.business_days.state == "pass" with input as propose(pair[0]) with data.limits as limits(0, pair[1])
		terms.answer.business_days.state == "fail" with input as propose(pair[0]) with data.limits as limits(0, pair[1] + 1)
	}
}

test_payment_is_due_on_a_business_day if {
	every day in [25, 26, 27] {
		answer := terms.answer.business_days with input as propose(day) with data.limits as limits(0, 1)
		answer.state == "fail"
		answer.actual[0] == 2
	}
}

test_payment_in_the_past if {
	terms.answer.business_days.state == "fail" with input as propose(22) with data.limits as limits(0, 1)
	terms.answer.business_days.state == "fail" with input as propose(1) with data.limits as limits(0, 1)
}

test_none_as_shipped if {
	terms.answer.business_days.state == "pass" with input as propose(26)
	not terms.answer.business_days with input as {"now": 1, "act": {"fields": {}}}
}

test_days_the_calendar_does_not_know if {
	not terms.answer.business_days with input as propose(24 + (3 * 366)) with data.limits as limits(0, 1)
	not terms.answer.business_days with input as propose(24) with data.limits as limits(0, 1)
		with data.calendar as {"entries": 1, "from": 0, "until": 99999, "closed": {}}
}
