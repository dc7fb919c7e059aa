# Listing: offers are heard until a time to come; guidance is optional, and
# plausible if it is given.
package cession.listing

import data.cession.lib

answer["until"] := lib.future(input.act.fields.until)

answer["guidance"] := lib.answer(
	{guidance.minor > 0, guidance.minor <= input.face.minor, guidance.currency == input.face.currency} == {true},
	guidance,
	["at most ", input.face],
)

answer["guidance"] := lib.answer(true, "none", "none needed") if {
	count(input.act.fields) > 0
	not input.act.fields.guidance
}

guidance := input.act.fields.guidance
