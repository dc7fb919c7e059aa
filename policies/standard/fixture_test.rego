# Documents for the tests of the rules: a deal between a seller and a bidder at
# noon of 1 June 2026, to which each test adds what it is about.
package cession.fixture

past := 1777636800000 # 2026-05-01T12:00:00Z

now := 1780315200000 # 2026-06-01T12:00:00Z

soon := 1780488000000 # 2026-06-03T12:00:00Z

later := 1782907200000 # 2026-07-01T12:00:00Z

latest := 1785585600000 # 2026-08-01T12:00:00Z

hour := 3600000

day := 86400000

one := "0x1111111111111111111111111111111111111111111111111111111111111111"

two := "0x2222222222222222222222222222222222222222222222222222222222222222"

zero := "0x0000000000000000000000000000000000000000000000000000000000000000"

parties := {"seller": "seller-one", "bidder": "bidder-one", "buyer": "bidder-one"}

profiles := {"seller-one": profile("seller-one", "de", "corporate"), "bidder-one": profile("bidder-one", "at", "bank")}

# asked is the document of an act; more is merged into it.
asked(role, step, action, fields, more) := object.union(
	{
		"act": {
			"id": one,
			"name": concat(".", [step, action]),
			"step": step,
			"action": action,
			"deal": "d-aaaaaaaaaaaaaaaaaaaa",
			"room": "bidder-one",
			"party": parties[role],
			"signer": "0xaa",
			"sequence": 1,
			"deadline": soon,
			"fields": fields,
		},
		"role": role,
		"now": now,
		"opened": past,
		"due": soon,
		"pack": data.pack.digest,
		"seller": "seller-one",
		"bidder": "bidder-one",
		"currency": "EUR",
		"face": {"minor": 1000, "currency": "EUR"},
		"price": {"minor": 900, "currency": "EUR"},
		"done": [],
		"taken": {},
		"approvals": [],
		"asked": [],
		"parties": {
			"acting": profiles[parties[role]],
			"seller": profiles["seller-one"],
			"bidder": profiles["bidder-one"],
		},
	},
	more,
)

profile(id, jurisdiction, kind) := {
	"id": id,
	"jurisdiction": jurisdiction,
	"kind": kind,
	"kycClass": "standard",
	"kycUntil": later,
	"kycSince": past,
	"screening": {"entry": 0, "score": 0, "match": "none"},
}

# taken is an act on record.
taken(fields) := {
	"id": one,
	"party": "seller-one",
	"role": "seller",
	"signer": "0xbb",
	"at": past,
	"fields": fields,
}

# record is acts on record, by their names.
record(names) := {"done": names}

value(kind, text) := {"kind": kind, "value": text}

commitment(text) := value("commitment", text)

time_at(ms) := {"kind": "time", "value": format_int(ms, 10), "ms": ms}

number(count) := {"kind": "count", "value": format_int(count, 10), "count": count}

amount(minor, currency) := {
	"kind": "amount",
	"value": concat(" ", [format_int(minor, 10), currency]),
	"minor": minor,
	"currency": currency,
}

eur(minor) := amount(minor, "EUR")
