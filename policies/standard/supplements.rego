# Supplements: documents are added and none is taken away, and the title takes
# the list that was notarized.
package cession.supplements

import data.cession.lib

answer["grows"] := lib.answer(
	(number.count - input.title.count) > 0,
	number,
	["more than ", input.title.count],
)

number := input.act.fields.count

answer["notarized"] := lib.answer(
	{root.value == notarized.root.value, root.value != lib.zero, number.value == notarized.count.value} == {true},
	[root, ", ", number, " documents"],
	[notarized.root, ", ", notarized.count, " documents"],
)

root := input.act.fields.root

notarized := input.taken["supplements.notarize"].fields
