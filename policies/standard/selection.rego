# Selection: the accepted offer is the last and binding one of a bidder who is
# cleared, bound to confidentiality and still there.
package cession.selection

import data.cession.lib

answer["bidder"] := lib.answer(
	{input.act.fields.bidder.value == input.bidder, input.room.bidder == input.bidder} == {true},
	input.act.fields.bidder,
	input.room.bidder,
)

answer["room"] := lib.answer(input.room.state == "offered", input.room.state, "offered")

answer["cleared"] := yes(input.room.cleared)

answer["nda"] := yes(input.room.nda)

answer["confirmed"] := yes(input.room.confirmed)

answer["offer"] := lib.same(input.act.fields.offer, {"kind": "act", "value": input.room.offer})

answer["price"] := lib.answer(
	{price.minor == input.room.price.minor, price.currency == input.room.price.currency} == {true},
	price,
	input.room.price,
)

price := input.act.fields.price

answer["valid"] := lib.answer(input.room.until > input.now, {"ms": input.room.until}, ["after ", {"ms": input.now}])

yes(true) := lib.answer(true, "yes", "yes")

yes(false) := lib.answer(false, "no", "yes")
