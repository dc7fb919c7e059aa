# What the rules share: the form of an answer, and the act's gate. Times are
# milliseconds, amounts have minor units and a currency: nothing is parsed here.
# Every function is undefined on what it cannot compare, so that the rule that
# called it is not evaluated.
package cession.lib

gate := data.pack.gates[input.act.name]

hour := 3600000

# zero is a commitment to nothing.
zero := "0x0000000000000000000000000000000000000000000000000000000000000000"

# answer is what a rule says: its state and the figures it compared. A figure is
# a text, a number, a field of an act, {"ms": time}, {"minor", "currency"},
# {"short": commitment}, {"join": list, "with": text}, or a list of these, which
# are written one after the other.
answer(true, actual, threshold) := {"state": "pass", "actual": actual, "threshold": threshold}

answer(false, actual, threshold) := {"state": "fail", "actual": actual, "threshold": threshold}

# hold is false if one of the conditions is or if there is none, and undefined if
# one of them is.
hold(conditions) := {condition | some condition in conditions} == {true}

# future asks that a time lies ahead.
future(time) := answer(time.ms > input.now, time, ["after ", {"ms": input.now}])

# same compares two values of one kind; a commitment to nothing equals nothing.
same(actual, wanted) := answer(
	{actual.kind == wanted.kind, actual.value == wanted.value, actual.value != zero} == {true},
	actual,
	wanted,
)
