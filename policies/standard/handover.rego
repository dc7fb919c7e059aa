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

answer["count"] := lib.answer(
	lib.count_of(lib.act.fields.count) == number,
	lib.act.fields.count.value,
	sprintf("%d", [number]),
)

# number of the documents that are sold.
number := lib.count_of(lib.last("documents", "notarize").fields.count) if agreed == lib.zero

number := input.question.room.perimeterCount if agreed != lib.zero
