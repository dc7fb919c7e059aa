# Who deals: sanctions, country and identification of the acting party and of
# the bidder. A party without a profile is not evaluated. Answers show entry
# numbers and scores, never a name.
package cession.parties

import data.cession.lib

answer["sanctions"] := screening(acting)

answer["bidder_sanctions"] := screening(bidder)

answer["jurisdiction"] := country(acting)

answer["bidder_jurisdiction"] := country(bidder)

answer["kyc"] := identification(acting)

answer["bidder_kyc"] := identification(bidder)

acting := profile(input.question.act.party)

bidder := profile(input.question.bidder)

profile(id) := input.parties[id] if input.parties[id].id == id

# screening needs a name that can be compared and a list to compare it with.
screening(party) := lib.answer(
	hit.score < data.limits.screening.score,
	resemblance(hit),
	sprintf("score below %d", [data.limits.screening.score]),
) if {
	party.exact != ""
	party.loose != ""
	data.sanctions.entries > 0
	hit := nearest(party)
}

# nearest prefers the name as it is written to the name as it is sorted.
nearest(party) := data.sanctions.exact[party.exact] if {
	data.sanctions.exact[party.exact].score >= object.get(data.sanctions.loose, [party.loose, "score"], 0)
} else := data.sanctions.loose[party.loose] if {
	data.sanctions.loose[party.loose]
} else := {"entry": 0, "score": 0}

resemblance(hit) := sprintf("entry %d, score %d", [hit.entry, hit.score]) if hit.score > 0

resemblance(hit) := "no entry, score 0" if hit.score == 0

country(party) := lib.answer(
	status == "allowed",
	concat(", ", [party.jurisdiction, status]),
	"allowed",
) if {
	status := data.jurisdictions[party.jurisdiction].status
} else := lib.answer(false, "not on the list", "allowed") if {
	count(data.jurisdictions) > 0
	is_string(party.jurisdiction)
}

identification(party) := lib.answer(
	lib.hold([data.kyc[party.kycClass].accepted, lib.ns(party.kycUntil) > lib.now]),
	sprintf("%s until %s", [party.kycClass, party.kycUntil]),
	sprintf("accepted class, after %s", [input.question.now]),
)
