package cession.offers_test

import data.cession.fixture
import data.cession.offers

submit(until) := fixture.asked("bidder", "offers", "submit", {"until": fixture.time_at(until)}, {})

test_until if {
	offers.answer.until.state == "pass" with input as submit(fixture.soon)
	offers.answer.until.state == "fail" with input as submit(fixture.now)
}
