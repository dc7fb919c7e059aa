# Refund: once the price did not come, or the receipt did not.
package cession.refund

import data.cession.lib

answer["deadline"] := lib.answer(
	lib.now >= lib.time_of(deadline),
	input.question.now,
	sprintf("from %s", [deadline.value]),
)

deadline := signed.fund_by if funded == false

deadline := signed.settle_by if funded == true

signed := lib.last("terms", "propose").fields

# funded is whether the escrow step is done: title and price are in.
funded := step.done if {
	some step in input.question.steps
	step.id == "escrow"
}
