# Questions: an answer names the question it answers.
package cession.questions

import data.cession.lib

answer["asked"] := lib.answer(asked.value in ids, lib.short(asked.value), sprintf("one of %d asked", [count(ids)]))

asked := lib.act.fields.asked

ids := {taken.id |
	some taken in input.question.taken
	taken.step == "questions"
	taken.action == "ask"
}
