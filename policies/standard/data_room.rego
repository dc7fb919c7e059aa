# Data room: nobody reads for longer than confidentiality lasts.
package cession.data_room

import data.cession.lib
import data.cession.nda

answer["until"] := lib.answer(
	{until.ms > input.now, until.ms <= nda.ends} == {true},
	until,
	["after ", {"ms": input.now}, ", at most ", nda.countersigned.until],
)

until := input.act.fields.until
