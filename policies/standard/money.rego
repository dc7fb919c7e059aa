# How much: the amounts an act carries, and the price that was agreed.
package cession.money

import data.cession.lib

answer["positive"] := lib.answer(min(minors) > 0, {"join": amounts, "with": ", "}, "above 0")

answer["currency"] := lib.answer(
	currencies == {input.currency},
	{"join": currencies, "with": ", "},
	input.currency,
)

answer["limit"] := lib.answer(
	{(limit - max(minors)) >= 0, currencies == {input.currency}} == {true},
	{"join": amounts, "with": ", "},
	["at most ", {"minor": limit, "currency": input.currency}],
)

answer["face"] := lib.answer(
	{(face.minor - max(minors)) >= 0, currencies == {face.currency}} == {true},
	{"join": amounts, "with": ", "},
	["at most ", {"minor": face.minor, "currency": face.currency}],
) if {
	face.minor > 0
}

answer["agreed"] := lib.answer(
	{(limit - input.price.minor) >= 0, input.price.currency == input.currency} == {true},
	{"minor": input.price.minor, "currency": input.price.currency},
	["at most ", {"minor": limit, "currency": input.currency}],
) if {
	input.price.minor > 0
}

# face is the face amount of what is sold: of everything minted, or of the
# agreed perimeter, which can only be a part of that.
face := input.face if input.room.perimeter == lib.zero

face := input.room.perimeterFace if {
	input.room.perimeter != lib.zero
	input.room.perimeterFace.minor <= input.face.minor
}

face := input.face if {
	input.room.perimeter != lib.zero
	input.room.perimeterFace.minor > input.face.minor
}

limit := data.limits.amount[input.currency]

# amounts of the act: at least one, and each of them readable. All of them are
# compared.
amounts := found if {
	found := [field | some field in input.act.fields; field.kind == "amount"]
	count(found) > 0
}

minors := found if {
	found := [amount.minor | some amount in amounts]
	count(found) == count(amounts)
}

currencies := {amount.currency | some amount in amounts} if count(amounts) > 0
