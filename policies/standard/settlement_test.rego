package cession.settlement_test

import data.cession.fixture
import data.cession.settlement

settle(released, received) := fixture.asked("buyer", "settlement", "settle", {}, {"taken": {
	"handover.release": fixture.taken({"root": fixture.commitment(released)}),
	"handover.receipt": fixture.taken({"root": fixture.commitment(received)}),
}})

test_receipt if {
	settlement.answer.receipt.state == "pass" with input as settle(fixture.one, fixture.one)
	settlement.answer.receipt.state == "fail" with input as settle(fixture.one, fixture.two)
	not settlement.answer.receipt with input as fixture.asked("buyer", "settlement", "settle", {}, {})
}
