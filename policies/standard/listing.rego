# Listing: offers are heard until a time to come; guidance is optional, and
# plausible if it is given.
package cession.listing

import data.cession.lib

answer["until"] := lib.future("until")

answer["guidance"] := lib.answer(
	lib.hold([
		guidance.minor > 0,
		guidance.minor <= input.question.face.minor,
		guidance.currency == input.question.face.currency,
	]),
	lib.money(guidance),
	sprintf("at most %s", [lib.money(input.question.face)]),
)

answer["guidance"] := lib.answer(true, "none", "none needed") if {
	count(lib.act.fields) > 0
	not lib.act.fields.guidance
}

guidance := lib.amount(lib.act.fields.guidance)
