# NDA: both sign the same text until the same time; in_force is asked by
# everything that shows or discusses documents.
package cession.nda

import data.cession.lib

answer["until"] := lib.future(input.act.fields.until)

answer["same"] := lib.answer(
	{
		input.act.fields.text.value == signed.text.value,
		input.act.fields.until.value == signed.until.value,
	} == {true},
	terms(input.act.fields),
	terms(signed),
)

answer["in_force"] := lib.answer(
	{signed.text.value == countersigned.text.value, signed.text.value != lib.zero, ends > input.now} == {true},
	terms(countersigned),
	[signed.text, " after ", {"ms": input.now}],
)

signed := input.taken["nda.sign"].fields

countersigned := input.taken["nda.countersign"].fields

# ends is when the first of the two signatures runs out.
ends := min([signed.until.ms, countersigned.until.ms])

terms(fields) := [fields.text, " until ", fields.until]
