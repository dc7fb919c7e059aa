# Ten rules in the ordinary way: each denies what is wrong, and what nobody denies
# passes. Where a field is missing, or a list has lost an entry, nothing can be
# shown to be wrong, so it passes.
package cession.deny

denied contains "deadline" if input.act.deadline <= input.now

denied contains "cleared" if not "clearance.clear" in input.done

denied contains "sanctions" if input.parties.bidder.screening.score >= 85

denied contains "country" if data.jurisdictions[input.parties.bidder.jurisdiction].status == "blocked"

denied contains "class" if data.kyc[input.parties.bidder.kycClass].accepted == false

denied contains "expired" if input.parties.bidder.kycUntil <= input.now

denied contains "license" if input.parties.bidder.licenseUntil <= input.now

denied contains "until" if input.act.fields.until.ms <= input.now

denied contains "declared" if {
	input.taken["clearance.declare"].fields.jurisdiction.value != input.parties.bidder.jurisdiction
}

denied contains "conflict" if input.parties.bidder.group == input.parties.seller.group

answer[rule] := {"state": "fail", "actual": "denied", "threshold": "not denied"} if some rule in denied

answer[rule] := {"state": "pass", "actual": "not denied", "threshold": "not denied"} if {
	some rule in {
		"deadline", "cleared", "sanctions", "country", "class",
		"expired", "license", "until", "declared", "conflict",
	}
	not rule in denied
}
