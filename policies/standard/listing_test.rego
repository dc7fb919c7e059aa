package cession.listing_test

import data.cession.fixture
import data.cession.listing

publish(fields) := fixture.asked("seller", "listing", "publish", fields, {})

test_until if {
	listing.answer.until.state == "pass" with input as publish({"until": fixture.time_at(fixture.later)})
	listing.answer.until.state == "fail" with input as publish({"until": fixture.time_at(fixture.now)})
	not listing.answer.until with input as publish({})
}

guided(text) := publish({"until": fixture.time_at(fixture.later), "guidance": fixture.amount(text)})

test_guidance if {
	listing.answer.guidance.state == "pass" with input as guided("1000 EUR")
	listing.answer.guidance.state == "fail" with input as guided("1001 EUR")
	listing.answer.guidance.state == "fail" with input as guided("0 EUR")
	listing.answer.guidance.state == "fail" with input as guided("1 USD")
	not listing.answer.guidance with input as guided("much")
	listing.answer.guidance.actual == "none" with input as publish({"until": fixture.time_at(fixture.later)})
}
