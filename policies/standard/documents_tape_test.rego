package cession.documents_tape_test

import data.cession.documents

root := {"kind": "commitment", "value": "0x11"}

notarize(more) := {"act": {"fields": object.union({"root": root}, more)}}

tape(rows, missing) := {"tape_rows": {"kind": "count", "count": rows}, "tape_missing": {"kind": "count", "count": missing}}

test_no_tape if {
	documents.answer.tape.state == "pass" with input as notarize({})
}

test_tape if {
	documents.answer.tape.state == "pass" with input as notarize(tape(400, 0))
	answer := documents.answer.tape with input as notarize(tape(400, 3))
	answer.state == "fail"
	answer.actual == [3, " missing in ", 400, " rows"]
	documents.answer.tape.state == "pass" with input as notarize(tape(400, 3)) with data.limits.documents.tape_missing as 3
	documents.answer.tape.state == "fail" with input as notarize(tape(0, 0))
}

test_half_a_tape_is_not_evaluated if {
	not documents.answer.tape with input as notarize(object.remove(tape(400, 0), ["tape_missing"]))
	not documents.answer.tape with input as notarize(object.remove(tape(400, 0), ["tape_rows"]))
	not documents.answer.tape with input as notarize(tape(400, 0)) with data.tape_fields as {}
}
