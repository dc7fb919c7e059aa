package cession.refund_test

import data.cession.fixture
import data.cession.refund

claim(fund, settle, funded) := fixture.asked("buyer", "refund", "claim", {}, {
	"steps": [{"id": "escrow", "done": funded}],
	"taken": [fixture.taken("terms", "propose", {"fund_by": fixture.time_at(fund), "settle_by": fixture.time_at(settle)})],
})

test_deadline if {
	refund.answer.deadline.state == "pass" with input as claim(fixture.now, fixture.later, false)
	refund.answer.deadline.state == "fail" with input as claim(fixture.soon, fixture.later, false)
	refund.answer.deadline.state == "fail" with input as claim(fixture.past, fixture.later, true)
	refund.answer.deadline.state == "pass" with input as claim(fixture.past, fixture.now, true)
	not refund.answer.deadline with input as fixture.asked("buyer", "refund", "claim", {}, {})
}
