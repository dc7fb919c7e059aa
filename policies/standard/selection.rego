# Selection: the accepted offer is the last and binding one of a bidder who is
# cleared, bound to confidentiality and still there.
package cession.selection

import data.cession.lib

answer["bidder"] := lib.answer(
	lib.hold([
		lib.act.fields.bidder.value == input.question.bidder,
		input.question.room.bidder.id == input.question.bidder,
	]),
	lib.act.fields.bidder.value,
	input.question.room.bidder.id,
)

answer["room"] := lib.answer(input.question.room.state == "offered", input.question.room.state, "offered")

answer["cleared"] := yes(input.question.room.cleared)

answer["nda"] := yes(input.question.room.nda)

answer["confirmed"] := yes(input.question.room.confirmed)

answer["offer"] := lib.same(lib.act.fields.offer, {"kind": "act", "value": input.question.room.offer})

answer["price"] := lib.answer(
	lib.amount(lib.act.fields.price) == input.question.room.price,
	lib.act.fields.price.value,
	lib.money(input.question.room.price),
)

answer["valid"] := lib.answer(
	lib.ns(input.question.room.until) > lib.now,
	input.question.room.until,
	sprintf("after %s", [input.question.now]),
)

yes(true) := lib.answer(true, "yes", "yes")

yes(false) := lib.answer(false, "no", "yes")
