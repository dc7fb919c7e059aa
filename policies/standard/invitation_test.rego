package cession.invitation_test

import data.cession.fixture
import data.cession.invitation
import data.gate

test_addressed if {
	invitation.answer.addressed.state == "pass" with input as fixture.asked("bidder", "invitation", "accept", {}, {})
	invitation.answer.addressed.state == "fail" with input as fixture.asked("seller", "invitation", "accept", {}, {})
}

test_declining_asks_no_list if {
	gate.decision.allow with input as fixture.asked("bidder", "invitation", "decline", {}, {})
		with data.sanctions as {}
}
