# Invitations: while offers are heard, to somebody else.
package cession.invitations

import data.cession.lib

answer["listed"] := lib.answer(input.now < until.ms, {"ms": input.now}, ["before ", until])

until := input.taken["listing.publish"].fields.until

answer["other"] := lib.answer(
	{invited.kind == "party", invited.value == input.bidder, invited.value != input.seller} == {true},
	invited,
	["not ", input.seller],
)

invited := input.act.fields.bidder
