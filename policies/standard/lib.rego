# What the rules share: reading an act's fields, the record, the clock, and the
# form of an answer. Every function is undefined on what it cannot read, so that
# the rule that called it is not evaluated.
package cession.lib

act := input.question.act

name := concat(".", [act.step, act.action])

gate := data.pack.gates[name]

now := ns(input.question.now)

hour := 3600000000000

# zero is a commitment to nothing.
zero := "0x0000000000000000000000000000000000000000000000000000000000000000"

# answer is what a rule says: its state and the figures it compared.
answer(true, actual, threshold) := {"state": "pass", "actual": actual, "threshold": threshold}

answer(false, actual, threshold) := {"state": "fail", "actual": actual, "threshold": threshold}

# hold is false if one of the conditions is, and undefined if there is none.
hold(conditions) := count([1 | some condition in conditions; condition != true]) == 0 if count(conditions) > 0

# amount reads "12500000 EUR".
amount(value) := {"minor": to_number(minor), "currency": currency} if {
	value.kind == "amount"
	[minor, currency] := split(value.value, " ")
}

money(sum) := sprintf("%v %s", [sum.minor, sum.currency])

count_of(value) := to_number(value.value) if value.kind == "count"

time_of(value) := ns(value.value) if value.kind == "time"

# ns counts nanoseconds since 1970. Times that int64 cannot count are as far in
# the past or future as it reaches.
ns(text) := time.parse_rfc3339_ns(text) if {
	text >= "1970"
	text < "2262"
}

ns(text) := 0 if text < "1970"

ns(text) := 9223286400000000000 if text >= "2262"

# last is the newest act of this name on record.
last(step, action) := found[count(found) - 1] if {
	found := [taken |
		some taken in input.question.taken
		taken.step == step
		taken.action == action
	]
}

# future asks that a time of the act lies ahead.
future(field) := answer(
	time_of(act.fields[field]) > now,
	act.fields[field].value,
	sprintf("after %s", [input.question.now]),
)

# short shows a commitment by its first four bytes.
short(commitment) := substring(commitment, 0, 10)

# same compares two values of one kind; commitments are shown by their first
# bytes, and a commitment to nothing equals nothing.
same(actual, wanted) := answer(
	hold([actual.kind == wanted.kind, actual.value == wanted.value, actual.value != zero]),
	shown(actual),
	shown(wanted),
)

shown(value) := short(value.value) if value.kind in {"commitment", "act", "sealed"}

shown(value) := value.value if value.kind in {"amount", "time", "count", "choice", "party"}

shown(value) := substring(crypto.sha256(value.value), 0, 8) if value.kind == "key"
