package cession.parties_licensed_test

import data.cession.parties

list := {
	"fund": {"none": {"citation": "x"}, "fund_manager": {"citation": "x"}},
	"credit_purchaser": {"credit_servicer": {"citation": "x"}},
}

# of is an act of a party of a kind, with a license that is on file.
of(kind, license, until) := {
	"now": 100,
	"act": {"party": "one"},
	"bidder": "two",
	"parties": {
		"acting": {"id": "one", "kind": kind, "license": license, "licenseUntil": until},
		"bidder": {"id": "two", "kind": kind, "license": license, "licenseUntil": until},
	},
}

test_license_of_its_kind if {
	servicer := of("credit_purchaser", "credit_servicer", 101)
	parties.answer.licensed.state == "pass" with input as servicer with data.licenses as list
	parties.answer.bidder_licensed.state == "pass" with input as servicer with data.licenses as list
	parties.answer.licensed.state == "fail" with input as of("fund", "credit_servicer", 101) with data.licenses as list
	parties.answer.licensed.state == "fail" with input as of("bank", "credit_servicer", 101) with data.licenses as list
}

test_no_license if {
	parties.answer.licensed.state == "pass" with input as of("fund", "none", 101) with data.licenses as list
	parties.answer.licensed.state == "fail" with input as of("credit_purchaser", "none", 101) with data.licenses as list
	parties.answer.bidder_licensed.state == "fail" with input as of("bank", "none", 101) with data.licenses as list
}

test_license_that_has_run_out if {
	answer := parties.answer.bidder_licensed with input as of("credit_purchaser", "credit_servicer", 100)
		with data.licenses as list
	answer.state == "fail"
	answer.actual == ["credit_servicer", " until ", {"ms": 100}]
}

test_half_a_license_is_not_evaluated if {
	whole := of("fund", "fund_manager", 101)
	not parties.answer.licensed with input as json.remove(whole, ["parties/acting/license"]) with data.licenses as list
	not parties.answer.licensed with input as json.remove(whole, ["parties/acting/licenseUntil"]) with data.licenses as list
}

test_list_as_shipped if {
	every kind in ["bank", "corporate", "credit_purchaser", "fund"] {
		parties.answer.licensed.state == "pass" with input as of(kind, "none", 101)
	}
	parties.answer.licensed.state == "pass" with input as of("credit_purchaser", "credit_servicer", 101)
	parties.answer.licensed.state == "fail" with input as of("insurer", "none", 101)
	parties.answer.licensed.state == "fail" with input as of("fund", "none", 101) with data.licenses as {}
}
