# Cancellation: until the title is in escrow. After that the refund is the way out.
package cession.cancellation

import data.cession.lib

answer["before_escrow"] := lib.answer(deposits == 0, sprintf("%d deposits", [deposits]), "0 deposits")

deposits := count([1 |
	some taken in input.question.taken
	taken.step == "escrow"
	taken.action == "deposit"
]) if {
	lib.act.step == "cancellation"
}
