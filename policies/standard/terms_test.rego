package cession.terms_test

import data.cession.fixture
import data.cession.terms

approve(minor, currency) := fixture.asked("seller", "terms", "approve", {"price": fixture.amount(minor, currency)}, {})

test_price if {
	terms.answer.price.state == "pass" with input as approve(900, "EUR")
	terms.answer.price.state == "fail" with input as approve(901, "EUR")
	terms.answer.price.state == "fail" with input as approve(900, "USD")
}

propose(fund, settle, arbiter) := fixture.asked(
	"seller", "terms", "propose",
	{"fund_by": fixture.time_at(fund), "settle_by": fixture.time_at(settle), "arbiter_by": fixture.time_at(arbiter)},
	{},
)

test_deadlines if {
	terms.answer.deadlines.state == "pass" with input as propose(fixture.soon, fixture.later, fixture.latest)
	terms.answer.deadlines.state == "fail" with input as propose(fixture.past, fixture.soon, fixture.later)
	terms.answer.deadlines.state == "fail" with input as propose(fixture.later, fixture.soon, fixture.latest)
	terms.answer.deadlines.state == "fail" with input as propose(fixture.soon, fixture.later, fixture.later)
	not terms.answer.deadlines with input as fixture.asked("seller", "terms", "propose", {}, {})
}

accept(escrow) := fixture.asked(
	"buyer", "terms", "accept",
	{"escrow": fixture.commitment(escrow)},
	{"taken": {"terms.propose": fixture.taken({"escrow": fixture.commitment(fixture.one)})}},
)

test_escrow if {
	terms.answer.escrow.state == "pass" with input as accept(fixture.one)
	terms.answer.escrow.state == "fail" with input as accept(fixture.two)
}

bands := {"EUR": {"one": 1000, "two": 2000, "three": 3000}}

priced(minor, approvals) := fixture.asked("seller", "terms", "propose", {}, {
	"price": {"minor": minor, "currency": "EUR"},
	"approvals": approvals,
})

approval(minor, signer, more) := object.union(
	{
		"id": fixture.one,
		"party": "seller-one",
		"signer": signer,
		"at": fixture.now - fixture.hour,
		"price": {"minor": minor, "currency": "EUR"},
	},
	more,
)

test_one_person_up_to_the_limit if {
	answer := terms.answer.four_eyes with input as priced(1000, []) with data.limits.approvals.above as bands
	answer.state == "pass"
	object.keys(answer) == {"state", "actual", "threshold"}
}

test_another_person_above_the_limit if {
	approved := priced(1001, [approval(1001, "0xbb", {})])
	terms.answer.four_eyes.state == "pass" with input as approved with data.limits.approvals.above as bands
	alone := terms.answer.four_eyes with input as priced(1001, []) with data.limits.approvals.above as bands
	alone.state == "fail"
	alone.obligation == "four_eyes"
	alone.need == {"kind": "approval", "act": "terms.approve", "persons": 1, "hours": 168}
}

test_more_persons_for_more_money if {
	every case in [[2000, 1], [2001, 2], [3000, 2], [3001, 3]] {
		[minor, persons] := case
		all_but_one := [approval(minor, signer, {}) |
			some i, signer in ["0xb1", "0xb2", "0xb3"]
			i < persons - 1
		]
		lacking := terms.answer.four_eyes with input as priced(minor, all_but_one) with data.limits.approvals.above as bands
		lacking.state == "fail"
		lacking.need.persons == persons
		enough := array.concat(all_but_one, [approval(minor, "0xb9", {})])
		terms.answer.four_eyes.state == "pass" with input as priced(minor, enough) with data.limits.approvals.above as bands
	}
}

test_one_person_approves_once if {
	twice := [approval(2001, "0xbb", {}), approval(2001, "0xbb", {"id": fixture.two})]
	terms.answer.four_eyes.state == "fail" with input as priced(2001, twice) with data.limits.approvals.above as bands
}

test_what_is_no_second_person if {
	every approved in [
		approval(1001, "0xaa", {}),
		approval(1001, "0xbb", {"party": "bidder-one"}),
		approval(1001, "0xbb", {"at": fixture.now - (168 * fixture.hour)}),
		approval(1000, "0xbb", {}),
		approval(1001, "0xbb", {"price": {"currency": "USD"}}),
	] {
		terms.answer.four_eyes.state == "fail" with input as priced(1001, [approved])
			with data.limits.approvals.above as bands
	}
}

test_no_limit_is_not_evaluated if {
	not terms.answer.four_eyes with input as priced(1001, []) with data.limits.approvals.above as {}
	not terms.answer.four_eyes with input as priced(0, [])
}
