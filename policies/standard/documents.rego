# Documents: as many as a portfolio can have.
package cession.documents

import data.cession.lib

answer["count"] := lib.answer(
	lib.hold([number >= 1, number <= data.limits.documents.maximum]),
	lib.act.fields.count.value,
	sprintf("1 to %d", [data.limits.documents.maximum]),
)

number := lib.count_of(lib.act.fields.count)
