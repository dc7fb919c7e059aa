package cession.documents_test

import data.cession.documents
import data.cession.fixture

notarize(count) := fixture.asked("seller", "documents", "notarize", {"count": count}, {})

test_count if {
	documents.answer.count.state == "pass" with input as notarize(fixture.number(1))
	documents.answer.count.state == "pass" with input as notarize(fixture.number(10000))
	documents.answer.count.state == "fail" with input as notarize(fixture.number(0))
	documents.answer.count.state == "fail" with input as notarize(fixture.number(10001))
	not documents.answer.count with input as notarize(fixture.eur(8))
}
