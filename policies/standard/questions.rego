# Questions: an answer names the question it answers.
package cession.questions

import data.cession.lib

answer["asked"] := lib.answer(asked.value in input.asked, asked, ["one of ", count(input.asked), " asked"])

asked := input.act.fields.asked
