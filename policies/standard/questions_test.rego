package cession.questions_test

import data.cession.fixture
import data.cession.questions

reply(id) := fixture.asked("seller", "questions", "answer", {"asked": fixture.value("act", id)}, {"asked": [fixture.one]})

test_asked if {
	questions.answer.asked.state == "pass" with input as reply(fixture.one)
	questions.answer.asked.state == "fail" with input as reply(fixture.two)
	not questions.answer.asked with input as fixture.asked("seller", "questions", "answer", {}, {})
}
