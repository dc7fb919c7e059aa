# Data room: nobody reads for longer than confidentiality lasts.
package cession.data_room

import data.cession.lib
import data.cession.nda

answer["until"] := lib.answer(
	lib.hold([until > lib.now, until <= nda.ends]),
	lib.act.fields.until.value,
	sprintf("after %s, at most %s", [input.question.now, nda.countersigned.until.value]),
)

until := lib.time_of(lib.act.fields.until)
