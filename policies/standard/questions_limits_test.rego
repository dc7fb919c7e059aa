package cession.questions_limits_test

import data.cession.fixture
import data.cession.questions

limits(open, hours) := {"questions": {"open": open, "hours": hours}}

ask(open, fields) := fixture.asked("bidder", "questions", "ask", object.union({"question": fixture.value("sealed", fixture.one)}, fields), {
	"open": open,
	"offersDue": fixture.later,
})

test_open if {
	questions.answer.open.state == "pass" with input as ask(2, {}) with data.limits as limits(3, 0)
	questions.answer.open.state == "fail" with input as ask(3, {}) with data.limits as limits(3, 0)
	questions.answer.open.state == "pass" with input as ask(1000, {}) with data.limits as limits(0, 0)
	not questions.answer.open with input as object.remove(ask(1, {}), ["open"]) with data.limits as limits(0, 0)
	not questions.answer.open with input as ask(1, {}) with data.limits as {}
}

due(ms) := ask(0, {"due": fixture.time_at(ms)})

test_due if {
	questions.answer.due.state == "pass" with input as ask(0, {})
	questions.answer.due.state == "pass" with input as due(fixture.now + (2 * fixture.hour)) with data.limits as limits(0, 2)
	questions.answer.due.state == "fail" with input as due(fixture.now + fixture.hour) with data.limits as limits(0, 2)
	questions.answer.due.state == "pass" with input as due(fixture.later) with data.limits as limits(0, 2)
	questions.answer.due.state == "fail" with input as due(fixture.latest) with data.limits as limits(0, 2)
	not questions.answer.due with input as object.remove(due(fixture.soon), ["offersDue"])
}
