# Invitation: a bidder accepts for itself. Declining asks for nothing more than
# every act.
package cession.invitation

import data.cession.lib

answer["addressed"] := lib.answer(
	lib.hold([lib.act.room == input.question.bidder, lib.act.party == input.question.bidder]),
	lib.act.party,
	input.question.bidder,
)
