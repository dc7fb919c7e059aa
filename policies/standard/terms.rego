# Terms: the agreed price, deadlines in their order, the same escrow signed by
# both, and above the limit a second person of the same side.
package cession.terms

import data.cession.lib

answer["price"] := lib.answer(
	lib.amount(lib.act.fields.price) == input.question.price,
	lib.act.fields.price.value,
	lib.money(input.question.price),
)

answer["deadlines"] := lib.answer(
	lib.hold([
		lib.now < time_of("fund_by"),
		time_of("fund_by") < time_of("settle_by"),
		time_of("settle_by") < time_of("arbiter_by"),
	]),
	concat(", ", [lib.act.fields[id].value | some id in ["fund_by", "settle_by", "arbiter_by"]]),
	sprintf("in this order, after %s", [input.question.now]),
)

time_of(field) := lib.time_of(lib.act.fields[field])

answer["escrow"] := lib.same(lib.act.fields.escrow, lib.last("terms", "propose").fields.escrow)

answer["four_eyes"] := lib.answer(true, lib.money(price), sprintf("one person up to %d %s", [above, price.currency])) if {
	price.minor > 0
	price.minor <= above
}

answer["four_eyes"] := object.union(
	lib.answer(count(approvals) > 0, approved, sprintf("two persons above %d %s", [above, price.currency])),
	{"obligation": "four_eyes"},
) if {
	price.minor > above
}

price := input.question.price

above := data.limits.four_eyes.above[price.currency]

# approvals are fresh, for this price, of the same side, by another person.
approvals := [taken.id |
	some taken in input.question.taken
	taken.step == "terms"
	taken.action == "approve"
	taken.party == lib.act.party
	taken.signer != lib.act.signer
	lib.amount(taken.fields.price) == price
	lib.ns(taken.at) + (data.limits.four_eyes.hours * lib.hour) > lib.now
]

approved := sprintf("%s, approvals of another person: %d", [lib.money(price), count(approvals)])
