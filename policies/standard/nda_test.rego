package cession.nda_test

import data.cession.fixture
import data.cession.nda

agreement(text, until) := {"text": fixture.commitment(text), "until": fixture.time_at(until)}

signed(text, until) := {"nda.sign": fixture.taken(agreement(text, until))}

countersigned(text, until) := {"nda.countersign": fixture.taken(agreement(text, until))}

countersigning(fields, taken) := fixture.asked("seller", "nda", "countersign", fields, {"taken": taken})

test_until if {
	nda.answer.until.state == "pass" with input as countersigning(agreement(fixture.one, fixture.later), {})
	nda.answer.until.state == "fail" with input as countersigning(agreement(fixture.one, fixture.past), {})
}

test_same if {
	before := signed(fixture.one, fixture.later)
	nda.answer.same.state == "pass" with input as countersigning(agreement(fixture.one, fixture.later), before)
	nda.answer.same.state == "fail" with input as countersigning(agreement(fixture.two, fixture.later), before)
	nda.answer.same.state == "fail" with input as countersigning(agreement(fixture.one, fixture.soon), before)
	not nda.answer.same with input as countersigning(agreement(fixture.one, fixture.later), {})
}

ask(first, second) := fixture.asked("bidder", "questions", "ask", {}, {"taken": object.union(first, second)})

test_in_force if {
	before := signed(fixture.one, fixture.later)
	nda.answer.in_force.state == "pass" with input as ask(before, countersigned(fixture.one, fixture.later))
	nda.answer.in_force.state == "fail" with input as ask(before, countersigned(fixture.two, fixture.later))
	nda.answer.in_force.state == "fail" with input as ask(before, countersigned(fixture.one, fixture.past))
	nothing := ask(signed(fixture.zero, fixture.later), countersigned(fixture.zero, fixture.later))
	nda.answer.in_force.state == "fail" with input as nothing
	not nda.answer.in_force with input as ask(before, {})
	not nda.answer.in_force with input as ask({}, countersigned(fixture.one, fixture.later))
}
