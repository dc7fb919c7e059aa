package cession.terms_retain_test

import data.cession.fixture
import data.cession.terms

limits(least, most) := {"retention": {"minimum_days": least, "maximum_days": most}}

# kept is a proposal by which the seller keeps its copy for some days.
kept(days) := fixture.asked(
	"seller", "terms", "propose", {
		"settle_by": fixture.time_at(fixture.soon),
		"retain_until": fixture.time_at(fixture.soon + (days * fixture.day)),
	},
	{},
)

unsaid := fixture.asked("seller", "terms", "propose", {"settle_by": fixture.time_at(fixture.soon)}, {})

test_after_the_receipt if {
	terms.answer.retain.state == "pass" with input as kept(1)
	terms.answer.retain.state == "fail" with input as kept(0)
	terms.answer.retain.state == "fail" with input as kept(-1)
	not terms.answer.retain with input as json.remove(kept(1), ["act/fields/settle_by"])
}

test_not_agreed if {
	terms.answer.retain.state == "pass" with input as unsaid
	terms.answer.retain.state == "fail" with input as unsaid with data.limits as limits(0, 30)
	not terms.answer.retain with input as unsaid with data.limits as {}
}

test_least_and_most if {
	terms.answer.retain.state == "fail" with input as kept(9) with data.limits as limits(10, 30)
	terms.answer.retain.state == "pass" with input as kept(10) with data.limits as limits(10, 30)
	terms.answer.retain.state == "pass" with input as kept(30) with data.limits as limits(10, 30)
	terms.answer.retain.state == "fail" with input as kept(31) with data.limits as limits(10, 30)
	terms.answer.retain.state == "pass" with input as kept(31) with data.limits as limits(10, 0)
}
