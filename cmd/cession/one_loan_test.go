//go:build !slim

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/demo"
	"cession/examples"
	"cession/node"
)

// The loan that is taken out of the real tape, and what is left of the face.
const (
	removedRow  = "10"
	removedName = "EVANS TRANSPORTATION CO."
	removedLoan = "1032004005"
	wholeFace   = 21_636_200_00
	removedFace = 395_000_00
)

// TestOneLoanRemoved sells a portfolio of real invoices and a tape of 400 real
// loans on a market of real processes. The tape is profiled; one loan is taken
// out in negotiation; face amount and root change; both sides sign; the deal
// settles; and the loan is in nothing that the buyer has.
func TestOneLoanRemoved(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	ctx := limit(t, 8*time.Minute)
	c := m.hire("")
	// a tape from America lacks most of what a buyer is told in the Union: this house asks for what it has
	if _, err := c.activateChanged(ctx, asksLess); err != nil {
		t.Fatal(err)
	}
	cfg := m.script()
	cfg.Scale = 90 // a face amount of 22.5 million, above what the tape adds up to; a price of 19.1 million
	cfg.Portfolio = m.withTape()
	winner := cfg.Bidders[0]
	counted, removed := false, false
	cfg.Before = func(ctx context.Context, step string) (err error) {
		switch {
		case step == "documents.plan" && !counted:
			if err = m.countsTape(ctx, cfg); deal.KindOf(err) == deal.Conflict { // its node looks for the new rules still
				return err
			}
			counted = true
		case step == string(winner)+"/offers.submit" && !removed:
			removed, err = true, m.removesLoan(ctx, cfg.Seller, winner)
		}
		if err != nil {
			err = deal.Errorf(deal.Invalid, "%w", err) // a kind that is not tried again
		}
		return err
	}
	result, err := demo.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if result.State != "settled" {
		t.Errorf("the deal is %s", result.State)
	}
	m.signedByBoth(ctx, result.Deal, winner)
	m.hasNothingOf(ctx, result.Deal, winner, removedName, removedLoan)
	m.provesARow(result.Deal, winner)
}

// houseFields are the fields a data tape must have by the house's own rules.
const houseFields = `field,index,name,needed,aliases
counterparty.name_of_counterparty,1.03,Name of Counterparty,always,Name
counterparty.city_of_counterparty,1.14,City of Counterparty,always,City
loan.loan_identifier,3.01,Loan Identifier,always,LoanNr_ChkDgt
loan.inception_date,3.02,Inception date,always,ApprovalDate
loan.principal_amount,3.09,Principal amount,always,GrAppv
`

// asksLess gives a pack the house's own list of those fields.
func asksLess(house string) error {
	manifest, err := os.ReadFile(in(house, "manifest.yaml"))
	if err != nil {
		return err
	}
	const list = "data/tape_fields.csv, minimum: "
	changed := bytes.Replace(manifest, []byte(list+"50"), []byte(list+"5"), 1)
	if bytes.Equal(changed, manifest) {
		return fmt.Errorf("the manifest has no %s50", list)
	}
	if err := os.WriteFile(in(house, "manifest.yaml"), changed, 0o600); err != nil {
		return err
	}
	return os.WriteFile(in(house, "data", "tape_fields.csv"), []byte(houseFields), 0o600)
}

// withTape is the portfolio that is shipped, with the real tape in it.
func (m *market) withTape() []demo.Document {
	m.t.Helper()
	dir := m.t.TempDir()
	if err := examples.WritePortfolio(dir); err != nil {
		m.t.Fatal(err)
	}
	text, err := os.ReadFile("../../examples/tape/sba_7a_400.csv")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "loans.csv"), text, 0o600)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	docs, err := demo.ReadPortfolio(dir)
	if err != nil {
		m.t.Fatal(err)
	}
	return docs
}

// countsTape has the seller's node count the tape before it is planned.
func (m *market) countsTape(ctx context.Context, cfg demo.Config) error {
	d, err := m.only(ctx)
	if err != nil {
		return err
	}
	client, err := m.client(cfg.Seller)
	if err != nil {
		return err
	}
	defer client.Close()
	i := slices.IndexFunc(cfg.Portfolio, func(d demo.Document) bool { return strings.HasSuffix(d.Name, ".csv") })
	file, err := cfg.Portfolio[i].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	report, err := client.CountTape(ctx, d.ID, file, cfg.Portfolio[i].Sum.Size)
	if err == nil && (report.Tape == nil || report.Tape.Rows != 400) {
		err = fmt.Errorf("counted %+v under pack %s", report.Tape, d.Deal.Opening.Pack.Short())
	}
	return err
}

func (m *market) client(id deal.PartyID) (*node.Client, error) {
	var f nodeFile
	if err := readJSON(in(m.home(id), nodeName), &f); err != nil {
		return nil, err
	}
	return node.Dial(node.ClientConfig{URL: f.URL, Dir: m.home(id)})
}

// removesLoan has the seller take one loan out, as a person would, and the
// bidder look at it and agree.
func (m *market) removesLoan(ctx context.Context, seller, bidder deal.PartyID) error {
	d, err := m.only(ctx)
	if err != nil {
		return err
	}
	id := string(d.ID)
	profile, err := m.as(seller, "node", "tape", id)
	if err != nil {
		return err
	}
	m.t.Logf("cession node tape:\n%s", profile)
	for _, want := range []string{"400 rows here, 26 columns", `the face amount is in column "GrAppv"`, "21636200"} {
		if !strings.Contains(profile, want) {
			m.t.Errorf("the profile does not say %q", want)
		}
	}
	if _, err := m.as(seller, "deal", "act", id, "perimeter", "propose", "--room", string(bidder), "--remove-row", removedRow); err != nil {
		return err
	}
	shown, err := m.as(bidder, "node", "perimeter", id, string(bidder))
	if err != nil {
		return err
	}
	m.t.Logf("cession node perimeter:\n%s", shown)
	for _, want := range []string{"399 of 400 remain", demo.Money(deal.Amount{Minor: wholeFace - removedFace, Currency: "EUR"}), "out          " + removedRow + "\n"} {
		if !strings.Contains(shown, want) {
			m.t.Errorf("the bidder is not shown %q", want)
		}
	}
	_, err = m.as(bidder, "deal", "act", id, "perimeter", "agree", "--room", string(bidder))
	return err
}

// as runs a command as a party would.
func (m *market) as(party deal.PartyID, args ...string) (string, error) {
	var out, errs bytes.Buffer
	if code := run(append([]string{"--home", m.home(party)}, args...), &out, &errs); code != exitOK {
		return "", fmt.Errorf("cession %s: exit code %d: %s%s", strings.Join(args, " "), code, &out, &errs)
	}
	return out.String(), nil
}

// signedByBoth checks that seller and bidder signed the same perimeter, that it
// is not the title's, and that it is what was released.
func (m *market) signedByBoth(ctx context.Context, id deal.ID, bidder deal.PartyID) {
	m.t.Helper()
	client, err := m.client(bidder)
	if err != nil {
		m.t.Fatal(err)
	}
	defer client.Close()
	v, err := client.Deal(ctx, id)
	if err != nil || v.Deal == nil || len(v.Rooms) != 1 {
		m.t.Fatalf("the buyer's view: %v", err)
	}
	room := v.Rooms[0]
	proposed, agreed := room.Last("perimeter", "propose"), room.Last("perimeter", "agree")
	if proposed == nil || agreed == nil || agreed.Act.Field("delta") != proposed.Act.Field("delta") {
		m.t.Fatal("the two did not sign the same")
	}
	if face := agreed.Act.Field("face").Amount(); face.Minor != wholeFace-removedFace {
		m.t.Errorf("the face amount is %s", face)
	}
	title, _ := v.Deal.Documents()
	sold := agreed.Act.Field("root").Commitment()
	if sold == title || v.Deal.Value("handover", "release", "root").Commitment() != sold {
		m.t.Errorf("title %s, agreed %s, released %s", title, sold, v.Deal.Value("handover", "release", "root"))
	}
	rows, _ := v.Deal.Tape()
	if rows.IsZero() || agreed.Act.Field("rows_root").Commitment() == rows {
		m.t.Error("the root over the rows is that of the whole tape")
	}
}

// hasNothingOf looks for texts in every file of a party's node, and in every
// document that it holds, decrypted: as they are, in hexadecimal, in base64.
func (m *market) hasNothingOf(ctx context.Context, id deal.ID, party deal.PartyID, texts ...string) {
	m.t.Helper()
	client, err := m.client(party)
	if err != nil {
		m.t.Fatal(err)
	}
	defer client.Close()
	found := map[string]int{} // by text
	look := func(where string, content []byte) {
		for _, text := range append(texts, "Innovative Trailer Mfg., Inc.") {
			for _, form := range forms(text) {
				if bytes.Contains(content, []byte(form)) {
					found[text]++
					if slices.Contains(texts, text) {
						m.t.Errorf("%q is in %s", text, where)
					}
				}
			}
		}
	}
	err = filepath.WalkDir(m.home(party), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		look(path, content)
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	docs, err := client.Documents(ctx, id)
	if err != nil || len(docs) < 2 {
		m.t.Fatalf("the buyer holds %d documents, %v", len(docs), err)
	}
	for _, d := range docs {
		content, err := client.Content(ctx, id, d.Index)
		if err != nil {
			m.t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		content.Close()
		if err != nil {
			m.t.Fatal(err)
		}
		look(d.Path(), text)
	}
	if found["Innovative Trailer Mfg., Inc."] == 0 { // the search finds what is there
		m.t.Error("another loan is not found at the buyer")
	}
}

// forms are the encodings in which a text is looked for; base64 wherever it
// begins in the three bytes that become four letters.
func forms(text string) []string {
	list := []string{text, hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text)))}
	for shift := range 3 {
		letters := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), text...))
		list = append(list, letters[(shift*8+5)/6:(shift+len(text))*8/6])
	}
	return list
}

// provesARow has the buyer prove one of the loans it bought to somebody who has
// neither node nor desk; of the loan that was taken out it can prove nothing.
func (m *market) provesARow(id deal.ID, party deal.PartyID) {
	m.t.Helper()
	proof, err := m.as(party, "node", "prove-row", string(id), "6")
	if err != nil {
		m.t.Fatal(err)
	}
	file := filepath.Join(m.t.TempDir(), "row.json")
	if err := os.WriteFile(file, []byte(proof), 0o600); err != nil {
		m.t.Fatal(err)
	}
	o, err := readOperator(m.data)
	if err != nil {
		m.t.Fatal(err)
	}
	said, err := m.as(party, "verify", file, "--rpc-url", o.RPC, "--market", in(m.home(party), marketName))
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Logf("cession verify:\n%s", said)
	if !strings.Contains(said, "Innovative Trailer Mfg., Inc.") || !strings.Contains(said, "notarized in block") {
		m.t.Errorf("verified is %s", said)
	}
	var altered node.RowProof
	if err := json.Unmarshal([]byte(proof), &altered); err != nil {
		m.t.Fatal(err)
	}
	altered.Row[1].Text = "Somebody Else, Inc."
	text, err := json.Marshal(altered)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := m.as(party, "verify", file); err == nil {
		m.t.Error("an altered row is proven")
	}
	if _, err := m.as(party, "node", "prove-row", string(id), removedRow); err == nil {
		m.t.Error("the buyer proves the loan that was taken out")
	}
}
