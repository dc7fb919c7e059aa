# How much: the amounts an act carries, and the price that was agreed.
package cession.money

import data.cession.lib

answer["positive"] := lib.answer(least.minor > 0, lib.money(least), "above 0")

answer["currency"] := lib.answer(
	currencies == {input.question.currency},
	concat(", ", sort(currencies)),
	input.question.currency,
)

answer["limit"] := within(greatest, {"minor": limit, "currency": input.question.currency})

answer["face"] := within(greatest, face) if face.minor > 0

answer["agreed"] := within(input.question.price, {"minor": limit, "currency": input.question.currency}) if {
	input.question.price.minor > 0
}

# face is the face amount of what is sold: of everything minted, or of the
# agreed perimeter, which can only be a part of that.
face := input.question.face if input.question.room.perimeter == lib.zero

face := lesser(input.question.room.perimeterFace, input.question.face) if input.question.room.perimeter != lib.zero

lesser(a, b) := a if a.minor <= b.minor

lesser(a, b) := b if a.minor > b.minor

currencies := {sum.currency | some sum in amounts} if count(amounts) > 0

limit := data.limits.amount[input.question.currency]

# amounts of the act: at least one, and each of them readable.
amounts := found if {
	found := [sum | some value in lib.act.fields; sum := lib.amount(value)]
	count(found) > 0
	count(found) == count([1 | some value in lib.act.fields; value.kind == "amount"])
}

# least and greatest are taken over all amounts; one in a foreign currency is
# compared too, and refused for its currency.
least := extreme(min([sum.minor | some sum in amounts]))

greatest := extreme(max([sum.minor | some sum in amounts]))

extreme(minor) := [sum | some sum in amounts; sum.minor == minor][0]

within(sum, most) := lib.answer(
	lib.hold([sum.minor <= most.minor, sum.currency == most.currency]),
	lib.money(sum),
	sprintf("at most %s", [lib.money(most)]),
)
