package cession.act_test

import data.cession.act
import data.cession.fixture

dismiss(role, more) := fixture.asked(role, "leave", "dismiss", {}, more)

test_role if {
	act.answer.role.state == "pass" with input as dismiss("seller", {})
	act.answer.role.state == "fail" with input as dismiss("bidder", {})
	act.answer.role.state == "fail" with input as dismiss("seller", {"act": {"party": "bidder-one"}})
	nobody := act.answer.role with input as dismiss("seller", {"role": ""})
	nobody.state == "fail"
	nobody.actual == "no part"
}

test_order if {
	some_acts := fixture.record(["nda.sign"])
	all_acts := fixture.record(["nda.countersign", "nda.sign"])
	missing := act.answer.order with input as fixture.asked("seller", "data_room", "open", {}, some_acts)
	missing.state == "fail"
	missing.actual == ["missing ", {"join": ["nda.countersign"], "with": ", "}]
	act.answer.order.state == "pass" with input as fixture.asked("seller", "data_room", "open", {}, all_acts)
	act.answer.order.state == "pass" with input as dismiss("seller", {})
	not act.answer.order with input as dismiss("seller", {"done": "nda.sign"})
}

test_deadline if {
	act.answer.deadline.state == "pass" with input as dismiss("seller", {})
	act.answer.deadline.state == "fail" with input as dismiss("seller", {"act": {"deadline": fixture.now}})
	act.answer.deadline.state == "fail" with input as dismiss("seller", {"act": {"deadline": fixture.later}})
	act.answer.deadline.state == "fail" with input as dismiss("seller", {"act": {"deadline": 253402300799000}})
}

test_due if {
	act.answer.due.state == "pass" with input as dismiss("seller", {})
	act.answer.due.state == "fail" with input as dismiss("seller", {"due": fixture.now})
	not act.answer.due with input as object.remove(dismiss("seller", {}), ["due"])
}

test_pack if {
	act.answer.pack.state == "pass" with input as dismiss("seller", {})
	act.answer.pack.state == "fail" with input as dismiss("seller", {"pack": fixture.one})
}

archive(fields) := fixture.asked("seller", "archive", "archive", fields, {})

test_fields if {
	act.answer.fields.state == "pass" with input as archive({"record": fixture.commitment(fixture.one)})
	act.answer.fields.state == "fail" with input as archive({"record": fixture.commitment(fixture.zero)})
	act.answer.fields.state == "fail" with input as archive({"record": fixture.value("act", fixture.one)})
	act.answer.fields.state == "fail" with input as archive({})
	act.answer.fields.state == "pass" with input as dismiss("seller", {})
}
