# Sanity: a price that is a tiny part of the face amount, or more than it, has a
# digit too few or too many.
package cession.money

import data.cession.lib

answer["sane"] := lib.answer(
	{above >= 0, below >= 0, price.currency == face.currency} == {true},
	price,
	[data.limits.price.least_percent, " to ", data.limits.price.most_percent, " percent of ", face],
) if {
	face.minor > 0
	above := (price.minor * 100) - (face.minor * data.limits.price.least_percent)
	below := (face.minor * data.limits.price.most_percent) - (price.minor * 100)
}

price := input.act.fields.price
