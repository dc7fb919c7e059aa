# Conflict of interest: seller and bidder belong to different groups of
# companies, and no list says they are tied.
package cession.invitations

import data.cession.lib

answer["conflict"] := lib.answer(tie == "none", tie, "none")

# tie says what ties seller and bidder. A party of no group is one of its own.
tie := data.conflicts.pairs[pair] if {
	data.conflicts.pairs[pair]
} else := "same_group" if {
	input.parties.seller.group == input.parties.bidder.group
} else := "none" if {
	data.conflicts.entries == count(data.conflicts.pairs)
	input.parties.seller.group != input.parties.bidder.group
	input.parties.seller.id == input.seller
	input.parties.bidder.id == input.bidder
}

pair := concat(" ", [input.seller, input.bidder])
