package cession.terms_test

import data.cession.fixture
import data.cession.terms

approve(text) := fixture.asked("seller", "terms", "approve", {"price": fixture.amount(text)}, {})

test_price if {
	terms.answer.price.state == "pass" with input as approve("900 EUR")
	terms.answer.price.state == "fail" with input as approve("901 EUR")
	terms.answer.price.state == "fail" with input as approve("900 USD")
}

propose(fund, settle, arbiter) := fixture.asked(
	"seller", "terms", "propose",
	{"fund_by": fixture.time_at(fund), "settle_by": fixture.time_at(settle), "arbiter_by": fixture.time_at(arbiter)},
	{},
)

test_deadlines if {
	terms.answer.deadlines.state == "pass" with input as propose(fixture.soon, fixture.later, "2026-08-01T12:00:00Z")
	terms.answer.deadlines.state == "fail" with input as propose(fixture.past, fixture.soon, fixture.later)
	terms.answer.deadlines.state == "fail" with input as propose(fixture.later, fixture.soon, "2026-08-01T12:00:00Z")
	terms.answer.deadlines.state == "fail" with input as propose(fixture.soon, fixture.later, fixture.later)
	not terms.answer.deadlines with input as fixture.asked("seller", "terms", "propose", {}, {})
}

accept(escrow) := fixture.asked(
	"buyer", "terms", "accept",
	{"escrow": fixture.commitment(escrow)},
	{"taken": [fixture.taken("terms", "propose", {"escrow": fixture.commitment(fixture.one)})]},
)

test_escrow if {
	terms.answer.escrow.state == "pass" with input as accept(fixture.one)
	terms.answer.escrow.state == "fail" with input as accept(fixture.two)
}

priced(minor, taken) := fixture.asked("seller", "terms", "propose", {}, {
	"price": {"minor": minor, "currency": "EUR"},
	"taken": taken,
})

approval(more) := object.union(
	fixture.taken("terms", "approve", {"price": fixture.amount("10000001 EUR")}),
	object.union({"at": "2026-06-01T11:00:00Z"}, more),
)

test_one_person_up_to_the_limit if {
	terms.answer.four_eyes.state == "pass" with input as priced(10000000, [])
	object.get(terms.answer.four_eyes, "obligation", "none") == "none" with input as priced(10000000, [])
}

test_two_persons_above_the_limit if {
	terms.answer.four_eyes.state == "pass" with input as priced(10000001, [approval({})])
	alone := terms.answer.four_eyes with input as priced(10000001, [])
	alone.state == "fail"
	alone.obligation == "four_eyes"
}

test_what_is_no_second_person if {
	every approved in [
		approval({"signer": "0xaa"}),
		approval({"party": "bidder-one"}),
		approval({"at": "2026-05-25T12:00:00Z"}),
		approval({"fields": {"price": fixture.amount("10000000 EUR")}}),
		approval({"fields": {"price": fixture.amount("10000001 USD")}}),
		approval({"action": "propose"}),
	] {
		terms.answer.four_eyes.state == "fail" with input as priced(10000001, [approved])
	}
}

test_no_limit_is_not_evaluated if {
	not terms.answer.four_eyes with input as priced(10000001, []) with data.limits.four_eyes.above as {}
	not terms.answer.four_eyes with input as priced(0, [])
}
