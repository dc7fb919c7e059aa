package cession.parties_test

import data.cession.fixture
import data.cession.parties

# known replaces what is on file about the bidder.
known(profile) := object.union(
	fixture.asked("seller", "clearance", "clear", {}, {}),
	{"parties": {"bidder": profile}},
)

found(entry, score, match) := known({"screening": {"entry": entry, "score": score, "match": match}})

test_sanctions if {
	parties.answer.bidder_sanctions.state == "pass" with input as known({})
	parties.answer.sanctions.state == "pass" with input as known({})
	hit := parties.answer.bidder_sanctions with input as found(7, 100, "exact")
	hit.state == "fail"
	hit.actual == {"entry": 7, "score": 100, "match": "exact"}
	hit.threshold == ["score below ", 85]
	parties.answer.bidder_sanctions.state == "fail" with input as found(7, 85, "normalized")
	parties.answer.bidder_sanctions.state == "pass" with input as found(8, 60, "weak")
}

test_sanctions_need_a_name_and_a_list if {
	not parties.answer.bidder_sanctions with input as json.remove(known({}), ["parties/bidder/screening"])
	not parties.answer.bidder_sanctions with input as known({}) with data.sanctions as {}
	not parties.answer.bidder_sanctions with input as known({}) with data.sanctions as {"entries": 0}
	not parties.answer.bidder_sanctions with input as known({"id": "somebody-else"})
}

test_jurisdiction if {
	parties.answer.jurisdiction.state == "pass" with input as known({})
	parties.answer.bidder_jurisdiction.state == "pass" with input as known({})
	parties.answer.bidder_jurisdiction.actual == ["kp", ", ", "blocked"] with input as known({"jurisdiction": "kp"})
	parties.answer.bidder_jurisdiction.actual == "not on the list" with input as known({"jurisdiction": "zz"})
	not parties.answer.bidder_jurisdiction with input as known({"jurisdiction": "zz"}) with data.jurisdictions as {}
}

test_kyc if {
	parties.answer.kyc.state == "pass" with input as known({})
	parties.answer.bidder_kyc.state == "pass" with input as known({})
	parties.answer.bidder_kyc.state == "fail" with input as known({"kycUntil": fixture.now})
	parties.answer.bidder_kyc.state == "fail" with input as known({"kycClass": "pending"})
	not parties.answer.bidder_kyc with input as known({"kycClass": "no such class"})
}

classes(days) := {"standard": {"accepted": true, "maximum_age_days": days}}

test_age_of_kyc if {
	parties.answer.bidder_kyc.state == "pass" with input as known({}) with data.kyc as classes(31)
	parties.answer.bidder_kyc.state == "fail" with input as known({}) with data.kyc as classes(30)
	parties.answer.bidder_kyc.state == "fail" with input as known({"kycUntil": fixture.now}) with data.kyc as classes(31)
	unknown := json.remove(known({}), ["parties/bidder/kycSince"])
	not parties.answer.bidder_kyc with input as unknown with data.kyc as classes(31)
	parties.answer.bidder_kyc.state == "pass" with input as unknown with data.kyc as classes(0)
}
