# Operation: an operator's command on a lane. Who acts, why, whether it fits how
# things stand, what it may cost, and when a second operator must approve. An
# approval is judged by what it carries out.
package cession.operation

import data.cession.lib

op := input.operation

# carried is the verb that takes effect.
carried := op.verb if op.verb != "approve"

carried := op.proposed if op.verb == "approve"

usage := data.operations.verbs[carried]

answer["actor"] := lib.answer(count(known) > 0, listed, "an operator on the list") if count(data.operations.actors) > 0

known := [pattern | some pattern in data.operations.actors; glob.match(pattern, ["/"], op.actor)]

default listed := "on no list"

listed := "on the list" if count(known) > 0

answer["cause"] := lib.answer(op.cause in data.operations.causes, op.cause, concat(", ", data.operations.causes))

answer["ticket"] := lib.answer(true, ticket, "none is needed") if usage.ticket == false

answer["ticket"] := lib.answer(op.ticket != "", ticket, sprintf("a ticket for %s", [carried])) if usage.ticket == true

ticket := op.ticket if op.ticket != ""

ticket := "none" if op.ticket == ""

answer["fit"] := lib.answer(
	count(fitting) > 0,
	sprintf("%s of %s %s%s, for %d s", [carried, op.target, op.status, because(op.reasons), op.age]),
	concat("; ", [sprintf("%s %s%s", [fit.target, concat("/", fit.status), because(fit.reasons)]) | some fit in usage.fits]),
) if {
	count(usage.fits) > 0
}

fitting := [fit |
	some fit in usage.fits
	fit.target == op.target
	op.status in fit.status
	reason_fits(fit.reasons)
]

reason_fits(reasons) if "any" in reasons

reason_fits(reasons) if {
	some reason in op.reasons
	reason in reasons
}

because(reasons) := "" if count({reason | some reason in reasons; reason != "any"}) == 0

because(reasons) := sprintf(" (%s)", [concat(", ", reasons)]) if {
	some reason in reasons
	reason != "any"
}

answer["limits"] := lib.answer(
	lib.hold([
		wei(op.wanted.perGas) <= wei(data.operations.maxima.per_gas),
		wei(op.wanted.perIntent) <= wei(data.operations.maxima.per_intent),
		wei(op.wanted.perDay) <= wei(data.operations.maxima.per_day),
	]),
	wanted,
	sprintf("at most %s", [ceilings(data.operations.maxima)]),
)

answer["cost"] := lib.answer(
	lib.hold([wei(op.cost) <= wei(data.operations.maxima.per_intent), stated]),
	concat("", [op.cost, " wei"]),
	sprintf("at most %s wei%s", [data.operations.maxima.per_intent, needed]),
)

stated if usage.costs == false

stated := wei(op.cost) > 0 if usage.costs == true

needed := "" if usage.costs == false

needed := ", and not unknown" if usage.costs == true

answer["second"] := lib.answer(
	lib.hold([op.proposer != "", lower(op.proposer) != lower(op.actor)]),
	approver,
	"another operator than who proposed it",
)

approver := "nobody proposed it" if op.proposer == ""

approver := "the same operator" if {
	op.proposer != ""
	lower(op.proposer) == lower(op.actor)
}

approver := "another operator" if {
	op.proposer != ""
	lower(op.proposer) != lower(op.actor)
}

# four_eyes passes in any case, and obliges to an approval when there are
# reasons for one. What cannot be compared leaves it without an answer.
answer["four_eyes"] := object.union(
	lib.answer(true, concat(", ", reasons_for_two), one_is_enough),
	{"obligation": "four_eyes"},
) if {
	count(reasons_for_two) > 0
}

answer["four_eyes"] := lib.answer(true, "one operator", one_is_enough) if count(reasons_for_two) == 0

reasons_for_two := [reason | some [applies, reason] in considered; applies] if count(considered) > 0

considered := [[false, "an approval"]] if op.verb == "approve"

considered := [[true, carried]] if mode == "always"

considered := [[false, carried]] if mode == "never"

considered := amounts if mode == "above"

considered := array.concat(amounts, [[handled, sprintf("%s of %s", [carried, op.call])]]) if mode == "calls"

mode := usage.four_eyes if op.verb != "approve"

amounts := [
	[wei(op.cost) > wei(above.per_intent), sprintf("cost %s wei", [op.cost])],
	[raised(op.wanted.perGas, op.current.perGas, above.per_gas), sprintf("%s wei per gas", [op.wanted.perGas])],
	[raised(op.wanted.perIntent, op.current.perIntent, above.per_intent), sprintf("%s wei per transaction", [op.wanted.perIntent])],
	[raised(op.wanted.perDay, op.current.perDay, above.per_day), sprintf("%s wei per day", [op.wanted.perDay])],
]

above := data.operations.four_eyes.above

raised(wanted_wei, current, bound) := lib.hold([wei(wanted_wei) > wei(current), wei(wanted_wei) > wei(bound)])

# handled is whether a call is one that nobody gives up alone.
handled := lib.hold([lib.hold([op.call in data.operations.four_eyes.alone, op.escrow == false]) == false])

one_is_enough := sprintf("one operator up to %s", [ceilings(above)]) if mode in {"above", "calls"}

one_is_enough := "two operators always" if mode == "always"

one_is_enough := "one operator always" if mode == "never"

one_is_enough := "one operator besides who proposed it" if op.verb == "approve"

# wei counts what is written in digits, and nothing else.
wei(text) := to_number(text) if is_string(text)

ceilings(m) := sprintf("%s wei per gas, %s wei per transaction, %s wei per day", [m.per_gas, m.per_intent, m.per_day])

default wanted := "no change"

wanted := concat(", ", changes) if count(changes) > 0

changes := [sprintf("%s wei %s", [limit, unit]) |
	some [limit, unit] in [[op.wanted.perGas, "per gas"], [op.wanted.perIntent, "per transaction"], [op.wanted.perDay, "per day"]]
	limit != "0"
]
