# Rules every act must pass, and the time of its step.
package cession.act

import data.cession.lib

answer["role"] := lib.answer(
	lib.hold([input.question.role in lib.gate.by, lib.act.party == holder]),
	part,
	concat(" or ", lib.gate.by),
)

default part := "no part"

part := input.question.role if input.question.role != ""

default holder := ""

holder := input.question.seller if input.question.role == "seller"

holder := input.question.bidder if input.question.role in {"bidder", "buyer"}

answer["order"] := lib.answer(count(open) == 0, progress, concat(", ", lib.gate.after))

done := {concat(".", [taken.step, taken.action]) | some taken in input.question.taken}

open := [name | some name in lib.gate.after; not name in done]

progress := sprintf("missing %s", [concat(", ", open)]) if count(open) > 0

progress := "all on record" if count(open) == 0

answer["deadline"] := lib.answer(
	lib.hold([lib.now < deadline, deadline <= (lib.now + (data.limits.act.hours * lib.hour))]),
	lib.act.deadline,
	sprintf("after %s, at most %d h", [input.question.now, data.limits.act.hours]),
)

deadline := lib.ns(lib.act.deadline)

answer["due"] := lib.answer(lib.now < lib.ns(due), input.question.now, sprintf("before %s", [due]))

due := step.due if {
	some step in input.question.steps
	step.id == lib.act.step
}

answer["pack"] := lib.answer(
	input.question.pack == data.pack.digest,
	lib.short(input.question.pack),
	lib.short(data.pack.digest),
)

answer["fields"] := lib.answer(
	count(carried) == count(lib.gate.carries),
	sprintf("%d of %d", [count(carried), count(lib.gate.carries)]),
	concat(", ", sort(object.keys(lib.gate.carries))),
)

carried := [id |
	some id, kind in lib.gate.carries
	lib.act.fields[id].kind == kind
	lib.act.fields[id].value != lib.zero
]
