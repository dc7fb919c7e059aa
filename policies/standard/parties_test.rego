package cession.parties_test

import data.cession.fixture
import data.cession.parties

# known replaces what is on file about the bidder.
known(profile) := object.union(
	fixture.asked("seller", "clearance", "clear", {}, {}),
	{"parties": {"bidder-one": profile}},
)

list := {"entries": 2, "exact": {"BAD ACTOR": {"entry": 7, "score": 100}, "NICK": {"entry": 8, "score": 60}}, "loose": {
	"ACTOR BAD": {"entry": 7, "score": 90},
	"NICK": {"entry": 8, "score": 60},
}}

test_sanctions if {
	parties.answer.bidder_sanctions.state == "pass" with input as known({}) with data.sanctions as list
	parties.answer.sanctions.actual == "no entry, score 0" with input as known({}) with data.sanctions as list
	hit := parties.answer.bidder_sanctions with input as known({"exact": "BAD ACTOR", "loose": "ACTOR BAD"})
		with data.sanctions as list
	hit == {"state": "fail", "actual": "entry 7, score 100", "threshold": "score below 85"}
	turned := parties.answer.bidder_sanctions with input as known({"exact": "ACTOR BAD LTD", "loose": "ACTOR BAD"})
		with data.sanctions as list
	turned.actual == "entry 7, score 90"
	weak := parties.answer.bidder_sanctions with input as known({"exact": "NICK", "loose": "NICK"}) with data.sanctions as list
	weak.state == "pass"
}

test_sanctions_need_a_name_and_a_list if {
	not parties.answer.bidder_sanctions with input as known({"exact": "", "loose": ""})
	not parties.answer.bidder_sanctions with input as known({}) with data.sanctions as {}
	not parties.answer.bidder_sanctions with input as known({}) with data.sanctions as {"entries": 0, "exact": {}, "loose": {}}
	not parties.answer.bidder_sanctions with input as known({"id": "somebody-else"})
}

test_jurisdiction if {
	parties.answer.jurisdiction.state == "pass" with input as known({})
	parties.answer.bidder_jurisdiction.state == "pass" with input as known({})
	parties.answer.bidder_jurisdiction.actual == "kp, blocked" with input as known({"jurisdiction": "kp"})
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
