package cession.archive_test

import data.cession.fixture
import data.gate

archive(record, more) := fixture.asked("seller", "archive", "archive", {"record": fixture.commitment(record)}, more)

test_needs_a_settled_deal_and_a_record if {
	settled := fixture.record(["settlement.settle"])
	gate.decision.allow with input as archive(fixture.one, settled)
	not gate.decision.allow with input as archive(fixture.zero, settled)
	not gate.decision.allow with input as archive(fixture.one, {})
}
