package cession.lib_test

import data.cession.fixture
import data.cession.lib

test_times_beyond_the_clock_are_far_not_errors if {
	lib.ns("0001-01-01T00:00:00Z") == 0
	lib.ns("9999-01-01T00:00:00Z") > lib.ns("2261-12-31T23:59:59Z")
	lib.ns("2026-06-01T12:00:00.5Z") - lib.ns("2026-06-01T12:00:00Z") == 500000000
}

test_hold_needs_something_to_hold if {
	lib.hold([true, true])
	lib.hold([true, false]) == false
	not defined([])
}

defined(conditions) if lib.hold(conditions) in {true, false}

test_amount_reads_amounts_only if {
	lib.amount({"kind": "amount", "value": "12500000 EUR"}) == {"minor": 12500000, "currency": "EUR"}
	not lib.amount({"kind": "count", "value": "12500000 EUR"})
	not lib.amount({"kind": "amount", "value": "12500000"})
}

test_big_amounts_are_exact if {
	lib.amount(fixture.amount("9007199254740993 EUR")).minor > lib.amount(fixture.amount("9007199254740992 EUR")).minor
}

test_last_is_the_newest if {
	lib.last("nda", "sign").fields.text == "new" with input as {"question": {"taken": [
		fixture.taken("nda", "sign", {"text": "old"}),
		fixture.taken("nda", "sign", {"text": "new"}),
		fixture.taken("nda", "countersign", {"text": "other"}),
	]}}
	not lib.last("nda", "sign") with input as {"question": {"taken": []}}
}

test_a_commitment_to_nothing_equals_nothing if {
	lib.same(fixture.commitment(fixture.zero), fixture.commitment(fixture.zero)).state == "fail"
	lib.same(fixture.commitment(fixture.one), fixture.commitment(fixture.one)).state == "pass"
	lib.same(fixture.commitment(fixture.one), fixture.value("act", fixture.one)).state == "fail"
	lib.same(fixture.value("count", "1"), fixture.value("count", "2")).threshold == "2"
	lib.same(fixture.value("key", "age1a"), fixture.value("key", "age1a")).state == "pass"
}
