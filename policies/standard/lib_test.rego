package cession.lib_test

import data.cession.fixture
import data.cession.lib

test_hold_needs_something_to_hold if {
	lib.hold([true, true])
	lib.hold([true, false]) == false
	lib.hold([true, "true"]) == false
	lib.hold([]) == false
}

test_answer_is_pass_or_fail if {
	lib.answer(true, "a", "b") == {"state": "pass", "actual": "a", "threshold": "b"}
	lib.answer(false, "a", "b") == {"state": "fail", "actual": "a", "threshold": "b"}
}

test_future if {
	lib.future(fixture.time_at(fixture.soon)).state == "pass" with input as {"now": fixture.now}
	lib.future(fixture.time_at(fixture.now)).state == "fail" with input as {"now": fixture.now}
}

test_a_commitment_to_nothing_equals_nothing if {
	lib.same(fixture.commitment(fixture.zero), fixture.commitment(fixture.zero)).state == "fail"
	lib.same(fixture.commitment(fixture.one), fixture.commitment(fixture.one)).state == "pass"
	lib.same(fixture.commitment(fixture.one), fixture.value("act", fixture.one)).state == "fail"
	lib.same(fixture.number(1), fixture.number(2)).threshold.count == 2
	lib.same(fixture.value("key", "age1a"), fixture.value("key", "age1a")).state == "pass"
}
