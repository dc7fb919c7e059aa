# Who deals: sanctions, country and identification of the acting party and of
# the bidder. A party without a profile is not evaluated. Names were compared
# before the rules are asked: they see entry numbers and scores, never a name.
package cession.parties

import data.cession.lib

answer["sanctions"] := screening(acting)

answer["bidder_sanctions"] := screening(bidder)

answer["jurisdiction"] := country(acting)

answer["bidder_jurisdiction"] := country(bidder)

answer["kyc"] := identification(acting)

answer["bidder_kyc"] := identification(bidder)

acting := input.parties.acting if input.parties.acting.id == input.act.party

bidder := input.parties.bidder if input.parties.bidder.id == input.bidder

# screening needs a list to compare with.
screening(party) := lib.answer(
	(data.limits.screening.score - party.screening.score) > 0,
	party.screening,
	["score below ", data.limits.screening.score],
) if {
	data.sanctions.entries - 1 >= 0
}

country(party) := lib.answer(status == "allowed", [party.jurisdiction, ", ", status], "allowed") if {
	status := data.jurisdictions[party.jurisdiction].status
} else := lib.answer(false, "not on the list", "allowed") if {
	count(data.jurisdictions) > 0
	is_string(party.jurisdiction)
}

# identification is of an accepted class, not out of date, and not older than the
# class allows.
identification(party) := lib.answer(
	{class.accepted, (party.kycUntil - input.now) > 0} == {true},
	[party.kycClass, " until ", {"ms": party.kycUntil}],
	["accepted class, after ", {"ms": input.now}],
) if {
	class := data.kyc[party.kycClass]
	class.maximum_age_days == 0
} else := lib.answer(
	{class.accepted, (party.kycUntil - input.now) > 0, (((class.maximum_age_days * 24) * lib.hour) - age) >= 0} == {true},
	[party.kycClass, " of ", {"ms": party.kycSince}, " until ", {"ms": party.kycUntil}],
	["accepted class, after ", {"ms": input.now}, ", at most ", class.maximum_age_days, " days old"],
) if {
	class := data.kyc[party.kycClass]
	class.maximum_age_days - 1 >= 0
	age := input.now - party.kycSince
}
