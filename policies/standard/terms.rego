# Terms: the agreed price, deadlines in their order, the same escrow signed by
# both, and above the limits other persons of the same side.
package cession.terms

import data.cession.lib

answer["price"] := lib.answer(
	{price.minor == input.price.minor, price.currency == input.price.currency} == {true},
	price,
	input.price,
)

price := input.act.fields.price

answer["deadlines"] := lib.answer(
	{input.now < fund_by.ms, fund_by.ms < settle_by.ms, settle_by.ms < arbiter_by.ms} == {true},
	{"join": [fund_by, settle_by, arbiter_by], "with": ", "},
	["in this order, after ", {"ms": input.now}],
)

fund_by := input.act.fields.fund_by

settle_by := input.act.fields.settle_by

arbiter_by := input.act.fields.arbiter_by

answer["escrow"] := lib.same(input.act.fields.escrow, input.taken["terms.propose"].fields.escrow)

answer["four_eyes"] := lib.answer(
	true,
	input.price,
	["one person up to ", {"minor": above.one, "currency": input.price.currency}],
) if {
	input.price.minor > 0
	above.one - input.price.minor >= 0
}

answer["four_eyes"] := lib.answer(true, approved, needed) if wanted - count(approvers) <= 0

answer["four_eyes"] := object.union(lib.answer(false, approved, needed), {
	"obligation": "four_eyes",
	"need": {"kind": "approval", "act": "terms.approve", "persons": wanted, "hours": hours},
}) if {
	wanted - count(approvers) > 0
}

above := data.limits.approvals.above[input.price.currency]

hours := data.limits.approvals.hours

# wanted is how many other persons must approve the price.
wanted := 1 if {
	above.one - input.price.minor < 0
	above.two - input.price.minor >= 0
}

wanted := 2 if {
	above.one - input.price.minor < 0
	above.two - input.price.minor < 0
	above.three - input.price.minor >= 0
}

wanted := 3 if {
	above.one - input.price.minor < 0
	above.two - input.price.minor < 0
	above.three - input.price.minor < 0
}

# approvers have approved this price lately, for the same side, and are not who
# acts.
approvers := {approval.signer |
	some approval in input.approvals
	approval.party == input.act.party
	approval.signer != input.act.signer
	approval.price.minor == input.price.minor
	approval.price.currency == input.price.currency
	(approval.at + (hours * lib.hour)) - input.now > 0
}

approved := [input.price, ", approvals of other persons: ", count(approvers)]

needed := [wanted + 1, " persons above ", {"minor": [above.one, above.two, above.three][wanted - 1], "currency": input.price.currency}]
