package cession.lib_time_test

import data.cession.lib

test_day if {
	lib.day(0) == 0
	lib.day(86399999) == 0
	lib.day(86400000) == 1
	lib.day(1796083200000) == 20788
}

# 20788 is 2026-12-01, a Tuesday.
test_business_day if {
	[number | some number in numbers.range(20788, 20794); lib.business_day(number)] == [20788, 20789, 20790, 20791, 20794]
}

test_closed_on_holidays if {
	lib.business_day(20811)
	every number in [20812, 20813, 20814] {
		not lib.business_day(number)
	}
	lib.business_day(20815)
}

test_waited if {
	lib.waited(100).state == "pass" with input as {"now": 100}
	early := lib.waited(101) with input as {"now": 100}
	early.state == "fail"
	early.need == {"kind": "wait", "until": 101}
}
