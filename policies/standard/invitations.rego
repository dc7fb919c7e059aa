# Invitations: while offers are heard, to somebody else.
package cession.invitations

import data.cession.lib

answer["listed"] := lib.answer(lib.now < lib.time_of(until), input.question.now, sprintf("before %s", [until.value]))

until := lib.last("listing", "publish").fields.until

answer["other"] := lib.answer(
	lib.hold([
		invited.kind == "party",
		invited.value == input.question.bidder,
		invited.value != input.question.seller,
	]),
	invited.value,
	sprintf("not %s", [input.question.seller]),
)

invited := lib.act.fields.bidder
