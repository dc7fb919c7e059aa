# Retention: how long the seller keeps its copy of what it sold.
package cession.terms

import data.cession.lib

answer["retain"] := lib.answer(most == 0, "not agreed", words) if {
	count(input.act.fields) > 0
	not retain
}

answer["retain"] := lib.answer(
	{kept > 0, (kept - (least * lib.day_long)) >= 0, ends} == {true},
	[retain, ", receipt by ", settle_by],
	words,
)

retain := input.act.fields.retain_until

kept := retain.ms - settle_by.ms

least := data.limits.retention.minimum_days

most := data.limits.retention.maximum_days

default ends := false

ends if most == 0

ends if {
	most > 0
	(most * lib.day_long) - kept >= 0
}

words := ["after the receipt, ", least, " days or more"] if most == 0

words := ["after the receipt, ", least, " to ", most, " days"] if most > 0
