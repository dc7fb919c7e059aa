package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cession/chain"
	"cession/chain/chaintest"
	"cession/deal"
	"cession/node"
	"cession/node/vault"
)

// verifyWorld is a chain with a market, and an answer that was notarized on it.
type verifyWorld struct {
	t      *testing.T
	rpc    string
	dir    string
	market deal.Market
	reveal node.Reveal
}

func newVerifyWorld(t *testing.T) *verifyWorld {
	t.Helper()
	w := &verifyWorld{t: t, rpc: chaintest.Anvil(t), dir: t.TempDir()}
	client, err := chain.Dial(t.Context(), w.rpc)
	w.check(err)
	t.Cleanup(client.Close)
	relayer, err := chain.ImportWallet(filepath.Join(w.dir, "relayer"), []byte(chaintest.DevKey), "test", chain.Light())
	w.check(err)
	w.market, err = chain.Deploy(t.Context(), client, relayer, chain.DeployConfig{Symbol: "EUR"})
	w.check(err)
	w.check(writeJSON(w.file("market.json"), w.market))
	w.talk()
	w.anchor(relayer.Address(), w.reveal.Act.Act.ID)
	return w
}

func (w *verifyWorld) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *verifyWorld) file(name string) string { return filepath.Join(w.dir, name) }

// talk signs a question and its answer with wallets, as nodes do.
func (w *verifyWorld) talk() {
	w.t.Helper()
	id, seen := deal.NewID(), vault.NewTree(chain.Keccak)
	act := func(who, action string, fields map[string]deal.Value, field, text string) (node.ProvenAct, deal.Sealed) {
		wallet, err := chain.NewWallet(w.file(who), "test", chain.Light())
		w.check(err)
		sealed := deal.Seal(text)
		sum := deal.Commitment(sealed.Commit(chain.Keccak))
		fields[field], err = deal.NewValue(deal.KindSealed, sum.String())
		w.check(err)
		seen.Add(sum[:])
		fields["thread"] = deal.Digest(seen.Root())
		_, what, err := deal.Standard().Action("questions", action)
		w.check(err)
		a := deal.Act{Deal: id, Room: "borealis-fund", Step: "questions", Action: action, Party: deal.PartyID(who), Fields: fields, Sequence: 1,
			Salt: deal.NewSalt(), Deadline: time.Now().Add(time.Hour).Truncate(time.Second).UTC(), Signer: wallet.Address()}
		typed, err := a.TypedData(deal.Standard(), w.market)
		w.check(err)
		a.ID, err = chain.Digest(typed)
		w.check(err)
		a.Signature, err = wallet.SignTypedData(typed)
		w.check(err)
		return node.ProvenAct{Act: a, Action: what}, sealed
	}
	asked, _ := act("borealis-fund", "ask", map[string]deal.Value{}, "question", "Is any loan late?")
	about, err := deal.NewValue(deal.KindAct, asked.Act.ID.String())
	w.check(err)
	answer, sealed := act("alpine-bank", "answer", map[string]deal.Value{"asked": about}, "answer", "Only loan 2.")
	w.reveal = node.Reveal{Type: "cession-reveal", Version: 1, Market: w.market, Act: answer, Field: "answer"}
	w.reveal.Text, w.reveal.Salt = sealed.Open()
	path, err := seen.Proof(1)
	w.check(err)
	w.reveal.Thread = &node.ThreadProof{Act: answer, Index: 1, Size: 2}
	for _, sibling := range path {
		w.reveal.Thread.Path = append(w.reveal.Thread.Path, sibling)
	}
}

// anchor notarizes from an account whose key the test chain holds.
func (w *verifyWorld) anchor(from deal.Address, root deal.Commitment) {
	w.t.Helper()
	to, data, err := chain.Pack(deal.Call{Anchor: &deal.Anchor{Root: root, Count: 1}}, w.market)
	w.check(err)
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "eth_sendTransaction", "params": []any{
		map[string]string{"from": from.String(), "to": to.Hex(), "data": deal.Bytes(data).String()},
	}})
	w.check(err)
	resp, err := http.Post(w.rpc, "application/json", bytes.NewReader(body))
	w.check(err)
	defer resp.Body.Close()
	var answer struct{ Result string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.Result == "" {
		w.t.Fatalf("anchor: %v, %q", err, answer.Result)
	}
}

// run verifies a reveal after a change of its JSON text.
func (w *verifyWorld) run(change func(string) string, flags ...string) (code int, out, errs string) {
	w.t.Helper()
	raw, err := json.Marshal(w.reveal)
	w.check(err)
	w.check(os.WriteFile(w.file("reveal.json"), []byte(change(string(raw))), 0o600))
	var o, e bytes.Buffer
	code = run(append([]string{"verify", w.file("reveal.json")}, flags...), &o, &e)
	return code, o.String(), e.String()
}

func same(s string) string { return s }

// An answer is proven on a chain that the verifier asks himself, with words
// that say by whom, when and in which deal; without a chain, what is missing.
func TestVerify(t *testing.T) {
	w := newVerifyWorld(t)
	code, out, errs := w.run(same, "--rpc-url", w.rpc, "--market", w.file("market.json"), "--signer", w.reveal.Act.Act.Signer.String())
	if code != exitOK || strings.Contains(out, "NOT CHECKED") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	t.Log(out)
	for _, want := range []string{`alpine-bank said`, `"Only loan 2."`, string(w.reveal.Act.Act.Deal), "notarized in block", "text 2 of 2 in a thread"} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q: %s", want, out)
		}
	}
	code, out, errs = w.run(same)
	if code != exitOK || strings.Count(out, "NOT CHECKED") != 3 || strings.Contains(out, "notarized in block") {
		t.Errorf("offline: exit %d: %s%s", code, out, errs)
	}
	code, out, _ = w.run(same, "--json", "--market", w.file("market.json"))
	var f node.Finding
	if err := json.Unmarshal([]byte(out), &f); err != nil || code != exitOK || f.Type != "cession-reveal" || len(f.Proven) != 2 {
		t.Errorf("as JSON: exit %d, %v: %s", code, err, out)
	}
}

// otherChain is an Ethereum node of chain 1 that knows nothing else.
func otherChain(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ ID json.RawMessage }
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":` + string(q.ID) + `,"result":"0x1"}`))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// Whatever is altered, cut off, of another market or chain, or not on the chain
// is refused in its own words, and nothing is printed as proven.
func TestVerifyRefuses(t *testing.T) {
	w := newVerifyWorld(t)
	elsewhere := chaintest.Anvil(t) // same chain id, nothing on it
	wrong := w.market
	wrong.ChainID = 5
	w.check(writeJSON(w.file("wrong.json"), wrong))
	online := []string{"--rpc-url", w.rpc, "--market", w.file("market.json")}
	replace := func(from, to string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, from) {
				t.Fatalf("the reveal has no %q", from)
			}
			return strings.ReplaceAll(s, from, to)
		}
	}
	signature := w.reveal.Act.Act.Signature.String()
	for name, c := range map[string]struct {
		change func(string) string
		flags  []string
		code   int
		words  string
	}{
		"altered text":      {replace("Only loan 2.", "No loan."), online, exitRefused, "wrong_text"},
		"altered salt":      {replace(w.reveal.Salt.String(), deal.NewSalt().String()), online, exitRefused, "wrong_text"},
		"altered party":     {replace(`"party":"alpine-bank"`, `"party":"other-bank"`), online, exitRefused, "forged_act"},
		"altered signature": {replace(signature, signature[:10]+"ffff"+signature[14:]), online, exitRefused, "forged_act"},
		"altered path":      {replace(w.reveal.Thread.Path[0].String(), deal.NewSalt().String()), online, exitRefused, "wrong_proof"},
		"truncated":         {func(s string) string { return s[:len(s)/2] }, online, exitError, "cut off"},
		"of another market": {same, []string{"--market", w.file("wrong.json")}, exitRefused, "wrong_market"},
		"moved to a market": {replace(`"chainId":31337`, `"chainId":5`), []string{"--rpc-url", w.rpc, "--market", w.file("wrong.json")}, exitRefused, "forged_act"},
		"wrong chain":       {same, []string{"--rpc-url", otherChain(t), "--market", w.file("market.json")}, exitError, "chain 1"},
		"never notarized":   {same, []string{"--rpc-url", w.rpc, "--market", w.file("market.json"), "--from-block", "1000000"}, exitRefused, "not_notarized"},
		"not deep enough":   {same, append([]string{"--confirmations", "3"}, online...), exitRefused, "not_notarized"},
		"another signer":    {same, append([]string{"--signer", w.market.Notary.String()}, online...), exitRefused, "wrong_signer"},
		"chain without it":  {same, []string{"--rpc-url", elsewhere, "--market", w.file("market.json")}, exitRefused, "not_notarized"},
		"chain is down":     {same, []string{"--rpc-url", "http://127.0.0.1:1", "--market", w.file("market.json")}, exitError, ""},
		"chain, no market":  {same, []string{"--rpc-url", w.rpc}, exitUsage, "--market"},
		"no such market":    {same, []string{"--market", w.file("nosuch.json")}, exitError, "nosuch.json"},
	} {
		code, out, errs := w.run(c.change, c.flags...)
		if code != c.code || !strings.Contains(errs, c.words) || out != "" {
			t.Errorf("%s: exit %d, %s%s; want %d and %q", name, code, out, errs, c.code, c.words)
		}
	}
}
