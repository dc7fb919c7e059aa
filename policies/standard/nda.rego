# NDA: both sign the same text until the same time; in_force is asked by
# everything that shows or discusses documents.
package cession.nda

import data.cession.lib

answer["until"] := lib.future("until")

answer["same"] := lib.answer(
	lib.hold([
		lib.act.fields.text.value == signed.text.value,
		lib.act.fields.until.value == signed.until.value,
	]),
	terms(lib.act.fields),
	terms(signed),
)

answer["in_force"] := lib.answer(
	lib.hold([
		signed.text.value == countersigned.text.value,
		signed.text.value != lib.zero,
		ends > lib.now,
	]),
	terms(countersigned),
	sprintf("%s after %s", [lib.short(signed.text.value), input.question.now]),
)

signed := lib.last("nda", "sign").fields

countersigned := lib.last("nda", "countersign").fields

# ends is when the first of the two signatures runs out.
ends := min([lib.time_of(signed.until), lib.time_of(countersigned.until)])

terms(fields) := sprintf("%s until %s", [lib.short(fields.text.value), fields.until.value])
