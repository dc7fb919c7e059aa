# Exposure: what deals add up to that are agreed and not over, with this one.
package cession.money

import data.cession.lib

answer["counterparty"] := exposed(input.exposure.counterparty, data.limits.exposure.counterparty[input.currency])

answer["day"] := exposed(input.exposure.day, data.limits.exposure.day[input.currency])

exposed(others, most) := lib.answer(
	room >= 0,
	{"minor": total, "currency": input.currency},
	["at most ", {"minor": most, "currency": input.currency}],
) if {
	added.minor > 0
	added.currency == input.currency
	total := others + added.minor
	room := most - total
}

# added is the price that is agreed, or that the act agrees to.
added := input.act.fields.price if input.act.name == "selection.select"

added := input.price if input.act.name != "selection.select"
