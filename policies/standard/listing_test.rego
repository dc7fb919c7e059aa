package cession.listing_test

import data.cession.fixture
import data.cession.listing

publish(fields) := fixture.asked("seller", "listing", "publish", fields, {})

test_until if {
	listing.answer.until.state == "pass" with input as publish({"until": fixture.time_at(fixture.later)})
	listing.answer.until.state == "fail" with input as publish({"until": fixture.time_at(fixture.now)})
	not listing.answer.until with input as publish({})
}

guided(guidance) := publish({"until": fixture.time_at(fixture.later), "guidance": guidance})

test_guidance if {
	listing.answer.guidance.state == "pass" with input as guided(fixture.eur(1000))
	listing.answer.guidance.state == "fail" with input as guided(fixture.eur(1001))
	listing.answer.guidance.state == "fail" with input as guided(fixture.eur(0))
	listing.answer.guidance.state == "fail" with input as guided(fixture.amount(1, "USD"))
	not listing.answer.guidance with input as guided(fixture.value("amount", "much"))
	listing.answer.guidance.actual == "none" with input as publish({"until": fixture.time_at(fixture.later)})
}
