# Invitation: a bidder accepts for itself. Declining asks for nothing more than
# every act.
package cession.invitation

import data.cession.lib

answer["addressed"] := lib.answer(
	{input.act.room == input.bidder, input.act.party == input.bidder} == {true},
	input.act.party,
	input.bidder,
)
