package cession.escrow_test

import data.cession.escrow
import data.cession.fixture

signed(action, text) := fixture.taken("terms", action, {"escrow": fixture.commitment(text)})

deposit(until, taken) := fixture.asked("seller", "escrow", "deposit", {"permit_until": fixture.time_at(until)}, {"taken": taken})

test_terms if {
	both := [signed("propose", fixture.one), signed("accept", fixture.one)]
	other := [signed("propose", fixture.one), signed("accept", fixture.two)]
	escrow.answer.terms.state == "pass" with input as deposit(fixture.soon, both)
	escrow.answer.terms.state == "fail" with input as deposit(fixture.soon, other)
	not escrow.answer.terms with input as deposit(fixture.soon, [signed("propose", fixture.one)])
}

test_permit if {
	escrow.answer.permit.state == "pass" with input as deposit(fixture.soon, [])
	escrow.answer.permit.state == "fail" with input as deposit(fixture.past, [])
}
