# Handover: to the key the buyer named, exactly the documents that were sold.
package cession.handover

import data.cession.lib

answer["key"] := lib.same(lib.act.fields.key, lib.last("handover", "request").fields.key)

answer["root"] := lib.same(lib.act.fields.root, {"kind": "commitment", "value": sold})

answer["until"] := lib.future("until")

answer["received"] := lib.same(lib.act.fields.root, lib.last("handover", "release").fields.root)

# sold is the perimeter seller and buyer agreed on, or everything notarized.
sold := lib.last("documents", "notarize").fields.root.value if agreed == lib.zero

sold := agreed if agreed != lib.zero

agreed := input.question.room.perimeter

# Of an agreed perimeter the deal knows the root only, which fixes the number;
# it can be no more than what was notarized.
answer["count"] := lib.answer(arrived == notarized, lib.act.fields.count.value, sprintf("%d", [notarized])) if {
	agreed == lib.zero
}

answer["count"] := lib.answer(
	lib.hold([arrived >= 1, arrived <= notarized]),
	lib.act.fields.count.value,
	sprintf("1 to %d", [notarized]),
) if {
	agreed != lib.zero
}

arrived := lib.count_of(lib.act.fields.count)

notarized := lib.count_of(lib.last("documents", "notarize").fields.count)
