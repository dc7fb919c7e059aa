# Perimeter: the bidder agrees to what the seller last proposed, to the letter.
package cession.perimeter

import data.cession.lib

answer["same"] := lib.answer(
	lib.hold([
		lib.act.fields.root.value == proposed.root.value,
		lib.act.fields.count.value == proposed.count.value,
		lib.act.fields.face.value == proposed.face.value,
	]),
	summary(lib.act.fields),
	summary(proposed),
)

proposed := lib.last("perimeter", "propose").fields

summary(fields) := sprintf("%s, %s documents, %s", [
	lib.short(fields.root.value),
	fields.count.value,
	fields.face.value,
])
