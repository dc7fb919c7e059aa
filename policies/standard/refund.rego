# Refund: once the price did not come, or the receipt did not.
package cession.refund

import data.cession.lib

answer["deadline"] := lib.answer(input.now >= deadline.ms, {"ms": input.now}, ["from ", deadline])

# funded is whether the price is in escrow. Either record of it is enough.
funded if "escrow.fund" in input.done

funded if input.taken["escrow.fund"]

funded := false if {
	is_array(input.done)
	not "escrow.fund" in input.done
	not input.taken["escrow.fund"]
}

deadline := signed.fund_by if funded == false

deadline := signed.settle_by if funded == true

signed := input.taken["terms.propose"].fields
