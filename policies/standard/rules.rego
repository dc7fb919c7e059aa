# Rules: a deal is judged by another pack only if that one is in force, with all
# signatures it needs, and is not older than the one that judges it now.
package cession.rules

import data.cession.lib

answer["known"] := known

known := lib.answer(
	{
		input.wanted.active,
		input.wanted.digest == input.act.fields.pack.value,
		input.wanted.number == input.act.fields.number.count,
		input.wanted.number >= input.wanted.current,
	} == {true},
	["number ", input.wanted.number, ", ", state, ", ", {"short": input.wanted.digest}],
	[
		"number ", input.act.fields.number.count, ", in force, ", {"short": input.act.fields.pack.value},
		"; not before number ", input.wanted.current,
	],
)

state := "in force" if input.wanted.active == true

state := "not in force" if input.wanted.active == false
