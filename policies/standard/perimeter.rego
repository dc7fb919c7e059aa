# Perimeter: the bidder agrees to what the seller last proposed, to the letter.
package cession.perimeter

import data.cession.lib

answer["same"] := lib.answer(
	{
		input.act.fields.root.value == proposed.root.value,
		input.act.fields.count.value == proposed.count.value,
		input.act.fields.face.value == proposed.face.value,
	} == {true},
	summary(input.act.fields),
	summary(proposed),
)

proposed := input.taken["perimeter.propose"].fields

summary(fields) := [fields.root, ", ", fields.count, " documents, ", fields.face]
