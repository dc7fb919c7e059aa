package cession.refund_test

import data.cession.fixture
import data.cession.refund

claim(fund, settle, done) := fixture.asked("buyer", "refund", "claim", {}, {
	"done": done,
	"taken": {"terms.propose": fixture.taken({"fund_by": fixture.time_at(fund), "settle_by": fixture.time_at(settle)})},
})

test_deadline if {
	refund.answer.deadline.state == "pass" with input as claim(fixture.now, fixture.later, [])
	refund.answer.deadline.state == "fail" with input as claim(fixture.soon, fixture.later, [])
	refund.answer.deadline.state == "fail" with input as claim(fixture.past, fixture.later, ["escrow.fund"])
	refund.answer.deadline.state == "pass" with input as claim(fixture.past, fixture.now, ["escrow.fund"])
	not refund.answer.deadline with input as fixture.asked("buyer", "refund", "claim", {}, {})
}

test_either_record_of_the_payment_is_enough if {
	paid := object.union(claim(fixture.past, fixture.later, []), {"taken": {"escrow.fund": fixture.taken({})}})
	refund.answer.deadline.state == "fail" with input as paid
}
