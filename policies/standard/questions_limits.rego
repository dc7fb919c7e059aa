# Questions: not too many at a time, and with time for the answer.
package cession.questions

import data.cession.lib

answer["open"] := lib.answer(input.open >= 0, [input.open, " open"], "any number") if most == 0

answer["open"] := lib.answer((most - input.open) > 0, [input.open, " open"], ["fewer than ", most]) if most > 0

most := data.limits.questions.open

answer["due"] := lib.answer(true, "none", "none needed") if {
	count(input.act.fields) > 0
	not due
}

answer["due"] := lib.answer(
	{(due.ms - earliest) >= 0, (input.offersDue - due.ms) >= 0} == {true},
	due,
	["from ", {"ms": earliest}, " to ", {"ms": input.offersDue}],
)

due := input.act.fields.due

earliest := input.now + (data.limits.questions.hours * lib.hour)
