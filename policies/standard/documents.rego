# Documents: as many as a portfolio can have.
package cession.documents

import data.cession.lib

answer["count"] := lib.answer(
	{number >= 1, (data.limits.documents.maximum - number) >= 0} == {true},
	number,
	["1 to ", data.limits.documents.maximum],
)

number := input.act.fields.count.count
