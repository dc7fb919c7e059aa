# Handover: to the key the buyer named, exactly the documents that were sold.
package cession.handover

import data.cession.lib

answer["key"] := lib.same(input.act.fields.key, input.taken["handover.request"].fields.key)

answer["root"] := lib.same(input.act.fields.root, {"kind": "commitment", "value": sold})

answer["until"] := lib.future(input.act.fields.until)

answer["received"] := lib.same(input.act.fields.root, input.taken["handover.release"].fields.root)

# sold is the perimeter seller and buyer agreed on, or all the title stands for.
sold := input.title.root if agreed == lib.zero

sold := agreed if agreed != lib.zero

agreed := input.room.perimeter

answer["count"] := lib.answer(input.act.fields.count.count == number, input.act.fields.count, number)

# number of the documents that are sold.
number := input.title.count if agreed == lib.zero

number := input.room.perimeterCount if agreed != lib.zero
