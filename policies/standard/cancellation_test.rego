package cession.cancellation_test

import data.cession.cancellation
import data.cession.fixture

cancel(names) := fixture.asked("seller", "cancellation", "cancel", {}, fixture.record(names))

test_before_escrow if {
	cancellation.answer.before_escrow.state == "pass" with input as cancel(["terms.accept"])
	cancellation.answer.before_escrow.state == "fail" with input as cancel(["escrow.deposit", "terms.accept"])
	not cancellation.answer.before_escrow with input as {}
}

test_either_record_of_the_deposit_is_enough if {
	deposited := object.union(cancel([]), {"taken": {"escrow.deposit": fixture.taken({})}})
	cancellation.answer.before_escrow.state == "fail" with input as deposited
}
