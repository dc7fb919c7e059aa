# Scope: the agreement lasts long enough to be of use, and nobody is told more
# than the list says before there is one.
package cession.nda

import data.cession.lib

answer["validity"] := lib.answer(left >= 0, {"ms": input.act.fields.until.ms}, ["not before ", {"ms": least}]) if {
	least := input.now + (data.limits.nda.days * lib.day_long)
	left := input.act.fields.until.ms - least
}

answer["minimal"] := lib.answer(
	count(beyond) == 0,
	{"join": beyond, "with": ", "},
	["none but what is listed for ", input.act.name],
) if {
	listed
}

# beyond is what the act carries and the list does not allow before there is an
# agreement.
beyond := {id | some id, _ in input.act.fields; not listed[id]}

listed := data.disclosure.before[input.act.name]
