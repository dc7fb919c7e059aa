package policies

import (
	"encoding/csv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"cession/deal"
)

// TestBadListsDoNotLoad changes one thing in a list of the standard pack.
func TestBadListsDoNotLoad(t *testing.T) {
	for name, c := range map[string]struct{ file, old, replacement string }{
		"license of no kind":         {"data/licenses.csv", "fund,none,", ",none,"},
		"license twice":              {"data/licenses.csv", "bank,none,", "bank,credit_institution,"},
		"license without a citation": {"data/licenses.csv", `"Directive (EU) 2021/2167, Art. 4 and 5"`, ""},
		"licenses without a header":  {"data/licenses.csv", "kind,license,citation\n", ""},
		"class without an age":       {"data/kyc.yaml", "accepted: true, maximum_age_days: 1095", "accepted: true"},
		"class of a negative age":    {"data/kyc.yaml", "maximum_age_days: 1095", "maximum_age_days: -1"},
		"class that may be accepted": {"data/kyc.yaml", "accepted: true, ", ""},
		"exposure missing":           {"data/limits.yaml", "    EUR: 20000000000\n", ""},
		"exposure of nothing":        {"data/limits.yaml", "    EUR: 20000000000\n", "    EUR: 0\n"},
		"day of nothing":             {"data/limits.yaml", "    EUR: 10000000000\n", "    EUR: 0\n"},
		"exposure without a limit":   {"data/limits.yaml", "  EUR: 5000000000\n", ""},
		"approvals that fall":        {"data/limits.yaml", "two: 2500000000", "two: 9999999"},
		"approvals above the limit":  {"data/limits.yaml", "three: 5000000000", "three: 5000000001"},
		"approvals half missing":     {"data/limits.yaml", ", three: 5000000000", ""},
		"no least price":             {"data/limits.yaml", "  least_percent: 1\n", ""},
		"prices the wrong way round": {"data/limits.yaml", "least_percent: 1\n", "least_percent: 101\n"},
		"no standstill on purpose":   {"data/limits.yaml", "hours: 0 # from the listing", "# from the listing"},
		"cooling off of years":       {"data/limits.yaml", "hours: 0 # from the selection", "hours: 99999 # from the selection"},
		"half a business day":        {"data/limits.yaml", "business_days: 0", "business_days: 0.5"},
		"business days of months":    {"data/limits.yaml", "business_days: 0", "business_days: 61"},
		"tape without a bound":       {"data/limits.yaml", "  tape_missing: 0 # mandatory fields a data tape may lack\n", ""},
		"questions half missing":     {"data/limits.yaml", "  open: 50 #", "  #"},
		"fewer questions than none":  {"data/limits.yaml", "open: 50", "open: -1"},
		"answers in years":           {"data/limits.yaml", "hours: 24 # least", "hours: 99999 # least"},
		"retention half missing":     {"data/limits.yaml", "  maximum_days: 0", "  #"},
		"retention below its least":  {"data/limits.yaml", "minimum_days: 0 # 0: none\n  maximum_days: 0", "minimum_days: 9\n  maximum_days: 8"},
		"figure twice":               {"data/limits.yaml", "nda:\n", "nda:\n  days: 2\n"},
		"two documents":              {"data/limits.yaml", "nda:\n", "---\nnda:\n"},
		"currency of two letters":    {"data/limits.yaml", "  EUR: 5000000000\n", "  EU: 5000000000\n"},
		"no such day":                {"data/calendar.csv", "2026-12-25", "2026-12-32"},
		"day twice":                  {"data/calendar.csv", "2026-12-25", "2026-12-26"},
		"day without a name":         {"data/calendar.csv", "2026-12-25,Christmas Day", "2026-12-25,"},
		"year missing":               {"data/calendar.csv", "2028-12-26", "2030-12-26"},
		"disclosure of no act":       {"data/disclosure.yaml", "nda.sign:", "nda_sign:"},
		"disclosure of free text":    {"data/disclosure.yaml", "[bidder]", `["the bidder"]`},
		"disclosure twice":           {"data/disclosure.yaml", "[bidder]", "[bidder, bidder]"},
		"disclosure no list":         {"data/disclosure.yaml", "[bidder]", "bidder"},
		"conflict with itself":       {"data/conflicts.csv", "reason\n", "reason\nbank-one,bank-one,same_owner\n"},
		"conflict twice":             {"data/conflicts.csv", "reason\n", "reason\nbank-one,bank-two,same_owner\nbank-two,bank-one,same_owner\n"},
		"conflict without a reason":  {"data/conflicts.csv", "reason\n", "reason\nbank-one,bank-two,\n"},
		"conflict of nobody":         {"data/conflicts.csv", "reason\n", "reason\n?,bank-two,same_owner\n"},
		"conflict, first of nobody":  {"data/conflicts.csv", "reason\n", "reason\nbank-two,!,same_owner\n"},
		"field twice":                {"data/tape_fields.csv", "loan.inception_date", "loan.loan_identifier"},
		"field number cut":           {"data/tape_fields.csv", "3.10", "3.1"},
		"field needed at times":      {"data/tape_fields.csv", "Accrued interest,always", "Accrued interest,sometimes"},
		"field with a column more":   {"data/tape_fields.csv", "Accrued interest,always", "Accrued interest,always,yes"},
		"list that is too large":     {manifestFile, "calendar.csv, minimum: 6, maximum: 1000", "calendar.csv, minimum: 6, maximum: 17"},
		"list without bounds":        {manifestFile, "calendar.csv, minimum: 6, maximum: 1000", "calendar.csv, minimum: 6, maximum: 5"},
		"list without an end":        {manifestFile, "calendar.csv, minimum: 6, maximum: 1000", "calendar.csv, minimum: 6, maximum: 999999999"},
		"list twice":                 {manifestFile, "name: kyc", "name: limits"},
		"list outside of the pack":   {manifestFile, "file: data/kyc.yaml", "file: ../kyc.yaml"},
		"age of no day":              {manifestFile, "maximum_age: 30d, as_of: 2026-11-20, live: true", "maximum_age: 30d"},
		"sanctions of any age":       {manifestFile, "maximum_age: 30d, ", ""},
		"age of no unit":             {manifestFile, "maximum_age: 30d", "maximum_age: 30"},
		"age of nothing":             {manifestFile, "maximum_age: 30d", "maximum_age: d"},
		"live of no day":             {manifestFile, "maximum_age: 30d, as_of: 2026-11-20, live: true", "live: true"},
		"over before it begins":      {manifestFile, "{ from: 2026-01-01 }", "{ from: 2026-01-01, until: 2025-01-01 }"},
		"coverage of more than all":  {manifestFile, "coverage: 98", "coverage: 101"},
		"of no kind":                 {manifestFile, "kind: pack", "kind: bundle"},
		"no calendar":                {manifestFile, "name: calendar", "name: almanac"},
	} {
		t.Run(name, func(t *testing.T) {
			files := smallPack(t)
			edit(t, files, c.file, c.old, c.replacement)
			if _, err := Load(files); deal.KindOf(err) != deal.Invalid {
				t.Errorf("error is %v: want one of kind invalid", err)
			}
		})
	}
}

func TestListThatIsTooLongIsNotRead(t *testing.T) {
	var l lists
	if _, err := l.read(make([]byte, maxListSize+1), listRef{Name: "conflicts"}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("error is %v: want one of kind invalid", err)
	}
}

// TestCalendarIsRight works the movable days out anew.
func TestCalendarIsRight(t *testing.T) {
	p := standard(t)
	days := map[int64]string{}
	for year := 2026; year <= 2028; year++ {
		sunday := easter(year)
		for name, d := range map[string]time.Time{
			"New Year's Day": date(year, 1, 1), "Good Friday": sunday.AddDate(0, 0, -2), "Easter Monday": sunday.AddDate(0, 0, 1),
			"1 May": date(year, 5, 1), "Christmas Day": date(year, 12, 25), "26 December": date(year, 12, 26),
		} {
			days[dayNumber(d)] = name
		}
	}
	c := p.lists.Calendar
	if c.Entries != len(days) || c.From != dayNumber(date(2026, 1, 1)) || c.Until != dayNumber(date(2028, 12, 31)) {
		t.Errorf("%d days from %d to %d", c.Entries, c.From, c.Until)
	}
	for number, name := range days {
		if key := deal.Number(uint64(number)).String(); c.Closed[key] != name {
			t.Errorf("day %s is %q, want %s", key, c.Closed[key], name)
		}
	}
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// easter is Easter Sunday by the Gregorian calendar (Meeus, Jones and Butcher).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e, f := b/4, b%4, (b+8)/25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return date(year, n/31, n%31+1)
}

func TestTapeOfAnotherCountryIsMapped(t *testing.T) {
	const header = `LoanNr_ChkDgt,Name,City,State,Zip,Bank,BankState,NAICS,ApprovalDate,ApprovalFY,Term,NoEmp,NewExist,CreateJob,RetainedJob,FranchiseCode,UrbanRural,RevLineCr,LowDoc,ChgOffDate,DisbursementDate,DisbursementGross,MIS_Status,ChgOffPrinGr,GrAppv,SBA_Appv`
	tape := standard(t).Tape(columns(t, header))
	for field, column := range map[string]int{
		"loan.loan_identifier": 0, "counterparty.name_of_counterparty": 1, "counterparty.city_of_counterparty": 2,
		"counterparty.postal_code_of_counterparty": 4, "loan.inception_date": 8, "loan.date_of_the_default_status_of_the_instrument": 19,
	} {
		if at, ok := tape.Columns[field]; !ok || at != column {
			t.Errorf("%s is in column %d, want %d", field, at, column)
		}
	}
	if len(tape.Missing) != 33 {
		t.Errorf("%d fields missing: %v", len(tape.Missing), tape.Missing)
	}
}

func TestTapeThatIsComplete(t *testing.T) {
	p := standard(t)
	var names, numbers, ids []string
	for _, f := range p.lists.TapeFields.Fields {
		if !f.Optional {
			names, numbers, ids = append(names, strings.ToUpper(f.Name)+" "), append(numbers, f.Index), append(ids, f.ID)
		}
	}
	for _, header := range [][]string{names, numbers, ids} {
		if tape := p.Tape(header); len(tape.Columns) < len(names) || len(tape.Missing) > 0 {
			t.Errorf("%d columns found, missing %v", len(tape.Columns), tape.Missing)
		}
	}
	secured := p.Tape(append(names, "Enforcement Status"))
	if !strings.Contains(strings.Join(secured.Missing, " "), "collateral.lien_position") {
		t.Errorf("of the collateral only %v is missing", secured.Missing)
	}
	for _, other := range [][]string{{"Invoice", "Name", "Total"}, {"Loan ID", "Remark"}, {}} {
		if tape := p.Tape(other); tape.Columns != nil || tape.Missing != nil {
			t.Errorf("%v was taken for a data tape: %v", other, tape.Columns)
		}
	}
}

func columns(t *testing.T, header string) []string {
	t.Helper()
	row, err := csv.NewReader(strings.NewReader(header)).Read()
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func standard(t testing.TB) *Pack {
	t.Helper()
	p, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestConflictsHoldBothWaysRound reads a list of one pair.
func TestConflictsHoldBothWaysRound(t *testing.T) {
	files := smallPack(t)
	add(t, files, "data/conflicts.csv", "bank-one,bank-two,same_owner\n")
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	c := p.lists.Conflicts
	if c.Entries != 2 || c.Pairs["bank-one bank-two"] != "same_owner" || c.Pairs["bank-two bank-one"] != "same_owner" {
		t.Errorf("%+v", c)
	}
}

// TestKindsOfPacks loads an addition and a list, and what is neither.
func TestKindsOfPacks(t *testing.T) {
	rule := "rules:\n  - { id: own.small, title: Small, owner: risk, citation: House rule 1, severity: high }\n"
	gates := "gates:\n  offers.submit: { rules: [own.small] }\n"
	addition := func(extra string) fstest.MapFS {
		return fstest.MapFS{
			manifestFile: {Data: []byte("name: own\nversion: 1.0.0\nkind: addition\n" + gates + rule + extra)},
			"own.rego":   {Data: []byte("package cession.own\n\nanswer[\"small\"] := {\"state\": \"pass\", \"actual\": \"x\", \"threshold\": \"x\"}\n")},
		}
	}
	list := func(ref, extra string) fstest.MapFS {
		return fstest.MapFS{
			manifestFile: {Data: []byte("name: ofac\nversion: 1.0.0\nkind: list\nlists:\n  - { name: sanctions, file: sdn.csv, minimum: 2, " + ref + " }\n" + extra)},
			"sdn.csv":    {Data: []byte(smallSDN)},
		}
	}
	for name, c := range map[string]struct {
		files fstest.MapFS
		fine  bool
	}{
		"addition":                       {addition(""), true},
		"addition with operations":       {addition("operations:\n  retry: { rules: [own.small] }\n"), false},
		"addition with a list":           {addition("lists:\n  - { name: sanctions, file: sdn.csv, minimum: 2 }\n"), false},
		"list":                           {list("as_of: 2026-11-21, live: true", ""), true},
		"list that is not live":          {list("as_of: 2026-11-21", ""), false},
		"list with rules":                {list("as_of: 2026-11-21, live: true", rule), false},
		"list that is smaller than said": {list("as_of: 2026-11-21, live: true, maximum: 1", ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Load(c.files)
			if (err == nil) != c.fine || err != nil && deal.KindOf(err) != deal.Invalid {
				t.Fatalf("error %v, want one: %t", err, !c.fine)
			}
			if c.fine && name == "list" && (p.manifest.Kind != KindList || p.lists.Sanctions.Entries != 2 || p.lists.Sanctions.AsOf != date(2026, 11, 21).UnixMilli()) {
				t.Errorf("kind %s, %d entries as of %d", p.manifest.Kind, p.lists.Sanctions.Entries, p.lists.Sanctions.AsOf)
			}
		})
	}
}
