package cession.escrow_test

import data.cession.escrow
import data.cession.fixture

signed(text) := fixture.taken({"escrow": fixture.commitment(text)})

deposit(until, taken) := fixture.asked("seller", "escrow", "deposit", {"permit_until": fixture.time_at(until)}, {"taken": taken})

test_terms if {
	both := {"terms.propose": signed(fixture.one), "terms.accept": signed(fixture.one)}
	other := {"terms.propose": signed(fixture.one), "terms.accept": signed(fixture.two)}
	escrow.answer.terms.state == "pass" with input as deposit(fixture.soon, both)
	escrow.answer.terms.state == "fail" with input as deposit(fixture.soon, other)
	not escrow.answer.terms with input as deposit(fixture.soon, {"terms.propose": signed(fixture.one)})
}

test_permit if {
	escrow.answer.permit.state == "pass" with input as deposit(fixture.soon, {})
	escrow.answer.permit.state == "fail" with input as deposit(fixture.past, {})
}
