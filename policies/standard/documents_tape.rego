# Data tape: one that is given has the fields a buyer must be told. What it lacks
# is counted by the seller's node, against the pack's list of fields.
package cession.documents

import data.cession.lib

answer["tape"] := lib.answer(true, "no data tape", "none needed") if {
	count(input.act.fields) > 0
	not input.act.fields.tape_rows
	not input.act.fields.tape_missing
}

answer["tape"] := lib.answer(
	{left >= 0, rows.count > 0} == {true},
	[missing.count, " missing in ", rows.count, " rows"],
	["at most ", data.limits.documents.tape_missing, " missing, of ", data.tape_fields.entries, " fields in a row or more"],
) if {
	data.tape_fields.entries > 0
	left := data.limits.documents.tape_missing - missing.count
}

missing := input.act.fields.tape_missing

rows := input.act.fields.tape_rows
