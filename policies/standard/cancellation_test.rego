package cession.cancellation_test

import data.cession.cancellation
import data.cession.fixture

cancel(names) := fixture.asked("seller", "cancellation", "cancel", {}, fixture.record(names))

test_before_escrow if {
	cancellation.answer.before_escrow.state == "pass" with input as cancel(["terms.accept"])
	cancellation.answer.before_escrow.state == "fail" with input as cancel(["terms.accept", "escrow.deposit"])
	not cancellation.answer.before_escrow with input as {"question": {}}
}
