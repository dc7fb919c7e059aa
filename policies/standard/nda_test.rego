package cession.nda_test

import data.cession.fixture
import data.cession.nda

agreement(text, until) := {"text": fixture.commitment(text), "until": fixture.time_at(until)}

sign(text, until) := fixture.taken("nda", "sign", agreement(text, until))

countersign(text, until) := fixture.taken("nda", "countersign", agreement(text, until))

countersigning(fields, taken) := fixture.asked("seller", "nda", "countersign", fields, {"taken": taken})

test_until if {
	nda.answer.until.state == "pass" with input as countersigning(agreement(fixture.one, fixture.later), [])
	nda.answer.until.state == "fail" with input as countersigning(agreement(fixture.one, fixture.past), [])
}

test_same if {
	signed := [sign(fixture.two, fixture.later), sign(fixture.one, fixture.later)]
	nda.answer.same.state == "pass" with input as countersigning(agreement(fixture.one, fixture.later), signed)
	nda.answer.same.state == "fail" with input as countersigning(agreement(fixture.two, fixture.later), signed)
	nda.answer.same.state == "fail" with input as countersigning(agreement(fixture.one, fixture.soon), signed)
	not nda.answer.same with input as countersigning(agreement(fixture.one, fixture.later), [])
}

ask(taken) := fixture.asked("bidder", "questions", "ask", {}, {"taken": taken})

test_in_force if {
	signed := sign(fixture.one, fixture.later)
	nda.answer.in_force.state == "pass" with input as ask([signed, countersign(fixture.one, fixture.later)])
	nda.answer.in_force.state == "fail" with input as ask([signed, countersign(fixture.two, fixture.later)])
	nda.answer.in_force.state == "fail" with input as ask([signed, countersign(fixture.one, fixture.past)])
	nda.answer.in_force.state == "fail" with input as ask([
		sign(fixture.zero, fixture.later),
		countersign(fixture.zero, fixture.later),
	])
	not nda.answer.in_force with input as ask([signed])
	not nda.answer.in_force with input as ask([countersign(fixture.one, fixture.later)])
}
