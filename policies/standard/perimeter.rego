# Perimeter: a part of what is for sale, and the bidder agrees to what the seller
# last proposed, to the letter.
package cession.perimeter

import data.cession.lib

answer["same"] := lib.answer(
	values(input.act.fields) == values(proposed),
	summary(input.act.fields),
	summary(proposed),
) if {
	count(values(proposed)) > 0
}

proposed := input.taken["perimeter.propose"].fields

values(fields) := {id: field.value | some id, field in fields}

summary(fields) := [fields.root, ", ", fields.count, " documents, ", fields.face] if not fields.rows

summary(fields) := [fields.root, ", ", fields.count, " documents, ", fields.face, ", ", fields.rows, " rows"]

answer["face"] := lib.answer(
	{(input.face.minor - face.minor) >= 0, face.currency == input.face.currency} == {true},
	face,
	["at most ", input.face],
) if {
	input.face.minor > 0
}

face := input.act.fields.face
