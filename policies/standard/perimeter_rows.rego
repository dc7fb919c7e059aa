# Rows: of the data tape, those that remain, and what they cost one by one.
package cession.perimeter

import data.cession.lib

answer["rows"] := lib.answer(true, "no rows", "none needed") if {
	count(input.act.fields) > 0
	not input.act.fields.rows
	not rows_root
}

answer["rows"] := lib.answer(
	{rows.count > 0, (input.title.tapeRows - rows.count) >= 0, rows_root.value != lib.zero} == {true},
	rows,
	["1 to ", input.title.tapeRows],
)

rows := input.act.fields.rows

rows_root := input.act.fields.rows_root

answer["price"] := lib.answer(true, "none", "none needed") if {
	count(input.act.fields) > 0
	not price
}

answer["price"] := lib.answer(
	{(face.minor - price.minor) >= 0, price.currency == face.currency} == {true},
	price,
	["at most ", face],
)

price := input.act.fields.price
