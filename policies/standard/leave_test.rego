package cession.leave_test

import data.cession.fixture
import data.gate

test_each_side_has_its_own_way_out if {
	gate.decision.allow with input as fixture.asked("bidder", "leave", "withdraw", {}, {})
	gate.decision.allow with input as fixture.asked("seller", "leave", "dismiss", {}, {})
	gate.decision.allow with input as fixture.asked("seller", "leave", "revoke", {}, {})
	not gate.decision.allow with input as fixture.asked("seller", "leave", "withdraw", {}, {})
	not gate.decision.allow with input as fixture.asked("bidder", "leave", "revoke", {}, {})
}

test_a_list_keeps_nobody_in if {
	gate.decision.allow with input as fixture.asked("bidder", "leave", "withdraw", {}, {}) with data.sanctions as {}
}
