package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"

	"cession/deal"
)

// shown makes a deal with a thread, an entry of the FAQ, and the reveal of one
// answer of it; everything said is notarized.
func shown(t *testing.T) (*world, deal.ID, Reveal) {
	t.Helper()
	w := newWorld(t)
	ctx := context.Background()
	id := w.room()
	first := w.act(buyer, id, buyer, "questions.ask", "question=Which loans are late?", `place={"document":1,"topic":"arrears"}`).Act
	answer := w.act(seller, id, buyer, "questions.answer", "asked="+first.String(), "answer=Only loan 2.").Act
	w.act(buyer, id, buyer, "questions.ask", "question=Since when?", "about="+first.String())
	_, err := w.members[seller].client.PublishFAQ(ctx, id, FAQRequest{Act: answer, Question: "Is anything late?"})
	check(t, err)
	w.chain.set(func() {
		for _, r := range w.desk.rooms[id][buyer].Records {
			w.chain.anchors[r.Act.ID] = true
		}
	})
	r, err := w.members[seller].client.Reveal(ctx, id, RevealRequest{Act: answer, FAQ: 1})
	check(t, err)
	return w, id, r
}

func (w *world) checks() Checks {
	market := testMarket
	return Checks{Hashes: Hashes{Keccak: fakeKeccak, Digest: fakeDigest, StructHash: fakeStruct}, Verifier: w.signers, Anchors: w.chain, Market: &market, Signer: w.members[seller].wallet.address}
}

// One answer is proven to whoever has the file and a chain, and nothing else of
// the talk is in the file.
func TestReveal(t *testing.T) {
	w, id, r := shown(t)
	raw, err := json.Marshal(r)
	check(t, err)
	f, err := VerifyEvidence(context.Background(), w.checks(), raw)
	if err != nil || len(f.Unchecked) > 0 {
		t.Fatalf("%+v, %v; want all proven", f, err)
	}
	words := strings.Join(f.Proven, "\n")
	for _, want := range []string{`north-factor said`, `"Only loan 2."`, string(id), "notarized in block", "text 3 of 4 in a thread", "alpine-bank signed", "entry 1 of the FAQ"} {
		if !strings.Contains(words, want) {
			t.Errorf("what is proven does not say %q:\n%s", want, words)
		}
	}
	w.hidden(id, r, raw)
	if !w.found(seller, "reveal", "ok") {
		t.Error("the reveal is not in the log")
	}
}

// hidden checks that a reveal holds no other text, no other salt of a text and
// no document's name.
func (w *world) hidden(id deal.ID, r Reveal, raw []byte) {
	w.t.Helper()
	secrets := map[string]bool{}
	for _, party := range []deal.PartyID{buyer, seller} {
		list, err := w.members[party].node.state.messages(context.Background(), "deal = ?", id)
		check(w.t, err)
		for _, m := range list {
			if m.Act == r.Act.Act.ID && m.Field == r.Field {
				continue
			}
			secrets[m.Text], secrets[m.Salt.String()] = true, true
		}
		check(w.t, w.members[party].node.state.rows(context.Background(), func(rows *sql.Rows) error {
			var salt, leaf, sum string
			err := rows.Scan(&salt, &leaf, &sum)
			secrets[salt], secrets[leaf], secrets[sum] = true, true, true
			return err
		}, "SELECT salt, leaf, sha256 FROM documents"))
	}
	for _, f := range files() {
		secrets[f.name] = true
	}
	if len(secrets) < 12 {
		w.t.Fatalf("only %d things to hide: the test is blind", len(secrets))
	}
	for secret := range secrets {
		escaped, err := json.Marshal(secret)
		check(w.t, err)
		if strings.Contains(string(raw), strings.Trim(string(escaped), `"`)) {
			w.t.Errorf("the reveal holds %.60q", secret)
		}
	}
}

// Without a chain, a market or an account to compare, the finding says what it
// could not check, and proves the rest.
func TestRevealOffline(t *testing.T) {
	w, id, r := shown(t)
	raw, err := json.Marshal(r)
	check(t, err)
	c := w.checks()
	c.Anchors, c.Market, c.Signer = nil, nil, deal.Address{}
	f, err := VerifyEvidence(context.Background(), c, raw)
	if err != nil || len(f.Proven) != 3 || len(f.Unchecked) != 4 {
		t.Errorf("%+v, %v; want text, thread and FAQ proven, and four things not checked", f, err)
	}
	place, err := w.members[buyer].client.Reveal(context.Background(), id, RevealRequest{Act: w.desk.rooms[id][buyer].Records[6].Act.ID, Field: "text"})
	if deal.KindOf(err) != deal.NotFound {
		t.Errorf("a text that is not there: %+v, %v", place, err)
	}
}

// The place of a question can be shown by itself as well.
func TestRevealPlace(t *testing.T) {
	w, id, _ := shown(t)
	var asked deal.Commitment
	for _, r := range w.desk.rooms[id][buyer].Records {
		if r.Act.Field("place").Kind() != "" {
			asked = r.Act.ID
		}
	}
	r, err := w.members[buyer].client.Reveal(context.Background(), id, RevealRequest{Act: asked, Field: "place"})
	check(t, err)
	raw, err := json.Marshal(r)
	check(t, err)
	c := w.checks()
	c.Signer = w.members[buyer].wallet.address
	if f, err := VerifyEvidence(context.Background(), c, raw); err != nil || r.Thread.Index != 1 || r.Thread.Act.Act.Party != seller {
		t.Errorf("%+v, %v; want text 1 of a thread that the seller signed", f, err)
	}
	if strings.Contains(string(raw), "Which loans") {
		t.Error("the question itself is in the reveal of its place")
	}
}

// resign has an account sign an act as it stands now.
func resign(a *ProvenAct, by *fakeWallet) {
	plan := deal.Plan{Steps: []deal.Step{{ID: a.Act.Step, Actions: []deal.Action{a.Action}}}}
	typed, err := a.Act.TypedData(plan, testMarket)
	if err != nil {
		panic(err)
	}
	a.Act.ID, _ = fakeDigest(typed)
	a.Act.Signer = by.address
	a.Act.Signature, _ = by.SignTypedData(typed)
}

// Whatever is changed in a reveal, it is refused, and for what was changed.
func TestRevealRefuses(t *testing.T) {
	w, _, whole := shown(t)
	raw, err := json.Marshal(whole)
	check(t, err)
	other := deal.NewSalt()
	for name, c := range map[string]struct {
		change func(*Reveal, *Checks)
		want   Reason
	}{
		"altered text":                {func(r *Reveal, _ *Checks) { r.Text = "Only loan 3." }, WrongText},
		"no text":                     {func(r *Reveal, _ *Checks) { r.Text = "" }, WrongText},
		"wrong salt":                  {func(r *Reveal, _ *Checks) { r.Salt = other }, WrongText},
		"a field that is no text":     {func(r *Reveal, _ *Checks) { r.Field = "thread" }, WrongText},
		"a field made a text":         {func(r *Reveal, _ *Checks) { r.Field, r.Act.Action.Fields[2].Kind = "thread", deal.KindSealed }, WrongText},
		"a field that is not there":   {func(r *Reveal, _ *Checks) { r.Field = "other" }, WrongText},
		"altered act":                 {func(r *Reveal, _ *Checks) { r.Act.Act.Room = loser }, ForgedAct},
		"another party":               {func(r *Reveal, _ *Checks) { r.Act.Act.Party = loser }, ForgedAct},
		"altered id":                  {func(r *Reveal, _ *Checks) { r.Act.Act.ID = other }, ForgedAct},
		"altered signature":           {func(r *Reveal, _ *Checks) { r.Act.Act.Signature[3] ^= 1 }, ForgedAct},
		"another signer":              {func(r *Reveal, _ *Checks) { r.Act.Act.Signer[3] ^= 1 }, ForgedAct},
		"another title of the action": {func(r *Reveal, _ *Checks) { r.Act.Action.Title = "Joke" }, ForgedAct},
		"a step without a name":       {func(r *Reveal, _ *Checks) { r.Act.Act.Step = "" }, ForgedAct},
		"signed by somebody else": {func(r *Reveal, c *Checks) {
			resign(&r.Act, w.members[loser].wallet)
			c.Anchors = nil
		}, WrongSigner},
		"a room that adds a line to what is proven": {func(r *Reveal, c *Checks) {
			r.Act.Act.Room, r.Thread, r.FAQ, c.Anchors = "x\nPROVEN  all is paid", nil, nil, nil
			resign(&r.Act, w.members[seller].wallet)
		}, ForgedAct},
		"not notarized": {func(r *Reveal, c *Checks) { c.Anchors = &fakeChain{anchors: map[deal.Commitment]bool{}} }, NotNotarized},
		"made up and not notarized": {func(r *Reveal, _ *Checks) {
			r.Act.Act.Salt = other
			resign(&r.Act, w.members[seller].wallet)
		}, NotNotarized},
		"another market":               {func(r *Reveal, _ *Checks) { r.Market.ChainID = 5 }, WrongMarket},
		"another market, not compared": {func(r *Reveal, c *Checks) { r.Market.ChainID, c.Market = 5, nil }, ForgedAct},
		"altered path":                 {func(r *Reveal, _ *Checks) { r.Thread.Path[0] = other }, WrongProof},
		"path cut off":                 {func(r *Reveal, _ *Checks) { r.Thread.Path = r.Thread.Path[:1] }, WrongProof},
		"another place in the thread":  {func(r *Reveal, _ *Checks) { r.Thread.Index-- }, WrongProof},
		"another size of the thread":   {func(r *Reveal, _ *Checks) { r.Thread.Size = 7 }, WrongProof},
		"root of another act":          {func(r *Reveal, _ *Checks) { r.Thread.Act = r.Act }, WrongProof},
		"root altered":                 {func(r *Reveal, _ *Checks) { r.Thread.Act.Act.Fields["thread"] = deal.Digest(other) }, ForgedAct},
		"root of another deal": {func(r *Reveal, _ *Checks) {
			r.Thread.Act.Act.Deal = deal.NewID()
			resign(&r.Thread.Act, w.members[buyer].wallet)
		}, WrongThread},
		"root of another room":  {func(r *Reveal, _ *Checks) { r.Thread.Act.Act.Room = loser }, WrongThread},
		"FAQ of another answer": {func(r *Reveal, _ *Checks) { r.FAQ.Salt = other }, ForgedFAQ},
		"FAQ altered":           {func(r *Reveal, _ *Checks) { r.FAQ.Entry.Answer = "No." }, ForgedFAQ},
		"FAQ of another deal":   {func(r *Reveal, _ *Checks) { r.FAQ.Entry.Deal = deal.NewID() }, ForgedFAQ},
		"FAQ signed by another": {func(r *Reveal, _ *Checks) {
			r.FAQ.Entry.Signature, _ = w.members[loser].wallet.SignTypedData(r.FAQ.Entry.TypedData(1))
		}, ForgedFAQ},
	} {
		var r Reveal
		check(t, json.Unmarshal(raw, &r))
		checks := w.checks()
		c.change(&r, &checks)
		if r.Act.Act.Signer != checks.Signer && c.want != WrongSigner && c.want != ForgedAct {
			t.Fatalf("%s: the test changes more than it says", name)
		}
		changed, err := json.Marshal(r)
		check(t, err)
		_, err = VerifyEvidence(context.Background(), checks, changed)
		if reasonOf(err) != c.want || deal.KindOf(err) != deal.Refused {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// A file that was cut off anywhere, that says something twice or has more in it
// than a reveal has, is no evidence.
func TestRevealForm(t *testing.T) {
	w, _, r := shown(t)
	raw, err := json.Marshal(r)
	check(t, err)
	for n := 0; n < len(raw); n += 1 + len(raw)/200 {
		if _, err := VerifyEvidence(context.Background(), w.checks(), raw[:n]); deal.KindOf(err) != deal.Invalid {
			t.Fatalf("cut off at %d: %v", n, err)
		}
	}
	text := string(raw)
	for name, body := range map[string]string{
		"a member twice":    strings.Replace(text, `{"typ"`, `{"text":"x","typ"`, 1),
		"in another case":   strings.Replace(text, `{"typ"`, `{"Text":"x","typ"`, 1),
		"one member more":   strings.Replace(text, `{"typ"`, `{"note":"x","typ"`, 1),
		"another kind":      strings.Replace(text, "cession-reveal", "cession-joke", 1),
		"another version":   strings.Replace(text, `"v":1`, `"v":2`, 1),
		"two in one":        text + text,
		"a list":            "[" + text + "]",
		"nothing":           "{}",
		"more than allowed": text + strings.Repeat(" ", MaxEvidence),
	} {
		if body == text {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := VerifyEvidence(context.Background(), w.checks(), []byte(body)); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want it invalid", name, err)
		}
	}
}

// A chain that does not answer proves nothing and refutes nothing.
func TestRevealChainSilent(t *testing.T) {
	w, _, r := shown(t)
	raw, err := json.Marshal(r)
	check(t, err)
	c := w.checks()
	c.Anchors = silentChain{}
	if f, err := VerifyEvidence(context.Background(), c, raw); err == nil || deal.KindOf(err) != "" {
		t.Errorf("%+v, %v; want an error without kind", f, err)
	}
}

type silentChain struct{}

func (silentChain) Anchored(context.Context, deal.Commitment) (deal.Receipt, bool, error) {
	return deal.Receipt{}, false, errHook
}
