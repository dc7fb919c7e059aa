# Cancellation: until the title is in escrow. After that the refund is the way out.
package cession.cancellation

import data.cession.lib

answer["before_escrow"] := lib.answer(deposited == false, title, "no deposit")

# deposited is whether the title is in escrow. Either record of it is enough.
deposited if "escrow.deposit" in input.done

deposited if input.taken["escrow.deposit"]

deposited := false if {
	is_array(input.done)
	not "escrow.deposit" in input.done
	not input.taken["escrow.deposit"]
}

title := "no deposit" if deposited == false

title := "a deposit" if deposited == true
