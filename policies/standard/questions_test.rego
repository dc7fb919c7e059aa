package cession.questions_test

import data.cession.fixture
import data.cession.questions

reply(asked) := fixture.asked("seller", "questions", "answer", {"asked": fixture.value("act", asked)}, {"taken": [
	fixture.taken("questions", "ask", {}),
	object.union(fixture.taken("nda", "sign", {}), {"id": fixture.two}),
]})

test_asked if {
	questions.answer.asked.state == "pass" with input as reply(fixture.one)
	questions.answer.asked.state == "fail" with input as reply(fixture.two)
	not questions.answer.asked with input as fixture.asked("seller", "questions", "answer", {}, {})
}
