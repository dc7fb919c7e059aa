# Inputs for the tests of the rules: a deal between a seller and a bidder at noon
# of 1 June 2026, to which each test adds what it is about.
package cession.fixture

past := "2026-05-01T12:00:00Z"

now := "2026-06-01T12:00:00Z"

soon := "2026-06-03T12:00:00Z"

later := "2026-07-01T12:00:00Z"

one := "0x1111111111111111111111111111111111111111111111111111111111111111"

two := "0x2222222222222222222222222222222222222222222222222222222222222222"

zero := "0x0000000000000000000000000000000000000000000000000000000000000000"

parties := {"seller": "seller-one", "bidder": "bidder-one", "buyer": "bidder-one"}

# asked is the input of an act; more is merged into the question.
asked(role, step, action, fields, more) := {"question": object.union(base(role, step, action, fields), more), "parties": {
	"seller-one": profile("seller-one", "SELLER ONE", "de", "corporate"),
	"bidder-one": profile("bidder-one", "BIDDER ONE", "at", "bank"),
}}

base(role, step, action, fields) := {
	"act": {
		"step": step,
		"action": action,
		"room": "bidder-one",
		"party": parties[role],
		"signer": "0xaa",
		"deadline": soon,
		"fields": fields,
	},
	"role": role,
	"now": now,
	"opened": past,
	"pack": data.pack.digest,
	"seller": "seller-one",
	"bidder": "bidder-one",
	"steps": [{"id": step, "done": false, "due": soon}],
	"taken": [],
	"face": {"minor": 1000, "currency": "EUR"},
	"price": {"minor": 900, "currency": "EUR"},
	"currency": "EUR",
}

profile(id, name, jurisdiction, kind) := {
	"id": id,
	"exact": name,
	"loose": name,
	"jurisdiction": jurisdiction,
	"kind": kind,
	"kycClass": "standard",
	"kycUntil": later,
}

# taken is an act on record.
taken(step, action, fields) := {
	"id": one,
	"step": step,
	"action": action,
	"party": "seller-one",
	"role": "seller",
	"signer": "0xbb",
	"at": past,
	"fields": fields,
}

# record is acts on record without fields, by their names.
record(names) := {"taken": [taken(step, action, {}) | some name in names; [step, action] := split(name, ".")]}

value(kind, text) := {"kind": kind, "value": text}

commitment(text) := value("commitment", text)

time_at(text) := value("time", text)

amount(text) := value("amount", text)
