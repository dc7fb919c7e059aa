package cession.invitations_test

import data.cession.fixture
import data.cession.invitations

invite(bidder, until) := fixture.asked("seller", "invitations", "invite", {"bidder": fixture.value("party", bidder)}, {
	"bidder": bidder,
	"taken": {"listing.publish": fixture.taken({"until": fixture.time_at(until)})},
})

test_listed if {
	invitations.answer.listed.state == "pass" with input as invite("bidder-one", fixture.later)
	invitations.answer.listed.state == "fail" with input as invite("bidder-one", fixture.past)
	not invitations.answer.listed with input as fixture.asked("seller", "invitations", "invite", {}, {})
}

test_other if {
	invitations.answer.other.state == "pass" with input as invite("bidder-one", fixture.later)
	invitations.answer.other.state == "fail" with input as invite("seller-one", fixture.later)
}
