//go:build !slim

package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"cession/chain"
	"cession/deal"
	"cession/demo"
	"cession/desk"
	"cession/node"
	"cession/node/vault"
)

// The stages of the sale at which the loser tries everything, and the step of
// the demo before which each of them is.
var loserStages = map[string]string{"terms.propose/alone": "selected", "transfer": "released"}

const afterSale = "settled"

// loser is the bidder that was not selected, with all it has: its node, its
// token, its wallet and its certificate.
type loser struct {
	t      *testing.T
	m      *market
	cfg    demo.Config
	id     deal.PartyID
	home   string
	wallet *chain.Wallet
	market deal.Market
	pace   *rate.Limiter
	done   map[string]bool   // stages
	tried  map[string][]note // by attempt, in the order of the stages
}

// note is what came of an attempt at a stage.
type note struct {
	stage string
	err   error
}

func newLoser(t *testing.T, m *market, cfg demo.Config) *loser {
	t.Helper()
	l := &loser{
		t: t, m: m, cfg: cfg, id: cfg.Bidders[1], home: m.home(cfg.Bidders[1]),
		pace: rate.NewLimiter(40, 1), // the desk allows a party 50 requests per second
		done: map[string]bool{}, tried: map[string][]note{},
	}
	var err error
	if l.wallet, err = openWallet(in(l.home, "wallet"), in(l.home, passphrase)); err != nil {
		t.Fatal(err)
	}
	if l.market, err = m.up.market(); err != nil {
		t.Fatal(err)
	}
	return l
}

// before is told of every try of a step of the demo.
func (l *loser) before(ctx context.Context, step string) error {
	if stage := loserStages[step]; stage != "" && !l.done[stage] {
		return l.tryAll(ctx, stage)
	}
	return nil
}

// sale is what a stage is played on: what the operator sees of the deal.
type sale struct {
	desk.DealView
	stage     string
	documents uint64
	values    map[deal.ValueKind]deal.Value
}

// tryAll has the loser try everything at a stage.
func (l *loser) tryAll(ctx context.Context, stage string) error {
	l.done[stage] = true
	api, err := deskClient(mustOperator(l.t, l.m.data).Desk, in(l.m.data, operatorToken))
	if err != nil {
		return err
	}
	page, err := api.Deals(ctx, desk.DealFilter{})
	if err != nil || len(page.Deals) != 1 {
		return fmt.Errorf("deals of the market: %d, %w", len(page.Deals), err)
	}
	s := sale{stage: stage, documents: uint64(len(l.cfg.Portfolio))}
	if s.DealView, err = api.Deal(ctx, page.Deals[0].ID); err != nil {
		return err
	}
	if s.values, err = l.values(ctx, s); err != nil {
		return err
	}
	for _, try := range []func(context.Context, sale) error{l.acts, l.documents, l.peers, l.strangers, l.temporal} {
		if err := try(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (l *loser) note(s sale, err error, format string, args ...any) {
	name := fmt.Sprintf(format, args...)
	l.tried[name] = append(l.tried[name], note{s.stage, err})
}

// values are plausible values for the fields of any act.
func (l *loser) values(ctx context.Context, s sale) (map[deal.ValueKind]deal.Value, error) {
	own, err := l.node()
	if err != nil {
		return nil, err
	}
	record, err := own.Record(ctx)
	if err != nil {
		return nil, err
	}
	receipt, err := l.wallet.SignTypedData(deal.ReceiptTypedData(l.market, s.ID.Key(), s.Title.Documents.Root))
	values := map[deal.ValueKind]deal.Value{
		deal.KindAmount: deal.Money(240_000_00, l.market.Symbol), deal.KindTime: deal.At(time.Now().Add(24 * time.Hour)),
		deal.KindCount: deal.Number(s.documents), deal.KindParty: deal.Bidder(l.id), deal.KindCommitment: deal.Digest(s.Title.Documents.Root),
	}
	for kind, text := range map[deal.ValueKind]string{
		deal.KindSealed: deal.NewSalt().String(), deal.KindAct: s.Room(l.id).Last("offers", "confirm").Act.ID.String(),
		deal.KindAddress: l.wallet.Address().String(), deal.KindKey: record.Recipient, deal.KindSignature: receipt.String(),
	} {
		v, invalid := deal.NewValue(kind, text)
		values[kind], err = v, cmp.Or(err, invalid)
	}
	return values, err
}

func (l *loser) node() (*node.Client, error) {
	var f nodeFile
	if err := readJSON(in(l.home, nodeName), &f); err != nil {
		return nil, err
	}
	return node.Dial(node.ClientConfig{Dir: l.home, URL: f.URL})
}

// acts takes every act of the plan wherever it could belong: through the
// loser's own node, at the desk itself, and in the name of others.
func (l *loser) acts(ctx context.Context, s sale) error {
	own, err := l.node()
	if err != nil {
		return err
	}
	url := mustOperator(l.t, l.m.data).Desk
	token, err := deskClient(url, in(l.home, deskToken))
	if err != nil {
		return err
	}
	wallet := desk.NewClient(url, &desk.WalletCredential{
		Party: l.id, Audience: audience(l.market), ChainID: l.market.ChainID, Sign: l.wallet.SignTypedData,
	})
	for _, step := range deal.Standard().Steps {
		rooms := []deal.PartyID{""}
		if step.Scope == deal.PerBidder {
			rooms = []deal.PartyID{l.id, l.cfg.Bidders[0]}
		}
		for _, action := range step.Actions {
			for _, room := range rooms {
				if err := l.pace.WaitN(ctx, 1); err != nil {
					return err
				}
				name := fmt.Sprintf("%s.%s room %q", step.ID, action.ID, room)
				l.note(s, l.ask(ctx, own, s, room, step, action), "act by own node     %s", name)
				for how, c := range map[string]*desk.Client{"token ": token, "wallet": wallet} {
					for as, party := range map[string]deal.PartyID{"itself": l.id, "seller": l.cfg.Seller, "winner": l.cfg.Bidders[0]} {
						if how == "wallet" && party != l.id {
							continue
						}
						act, err := l.act(s, party, room, step, action)
						if err != nil {
							return err
						}
						if err := l.pace.WaitN(ctx, 1); err != nil {
							return err
						}
						_, err = c.Act(ctx, act)
						l.note(s, err, "act by %s as %s %s", how, as, name)
					}
				}
			}
		}
	}
	return nil
}

// ask has the loser's own node take an act.
func (l *loser) ask(ctx context.Context, own *node.Client, s sale, room deal.PartyID, step deal.Step, action deal.Action) error {
	req := node.ActRequest{Deal: s.ID, Room: room, Step: step.ID, Action: action.ID, Fields: map[string]string{}}
	for _, f := range action.Fields {
		if f.Kind != deal.KindSignature { // the node makes these itself
			req.Fields[f.ID] = l.value(s, f).String()
		}
	}
	outcome, err := own.Act(ctx, req)
	if err == nil && outcome.Verdict == deal.Rejected {
		err = deal.Errorf(deal.Refused, "policy refused")
	}
	return err
}

func (l *loser) value(s sale, f deal.Field) deal.Value {
	if f.Kind == deal.KindChoice {
		v, _ := deal.NewValue(f.Kind, f.Choices[0])
		return v
	}
	return s.values[f.Kind]
}

// act makes an act by hand. Everything about it is right, but that it is not
// the loser's to take.
func (l *loser) act(s sale, party, room deal.PartyID, step deal.Step, action deal.Action) (deal.Act, error) {
	p := s.Deal
	if room != "" {
		p = s.Room(room)
	}
	act := deal.Act{
		Deal: s.ID, Room: room, Step: step.ID, Action: action.ID, Party: party, Fields: map[string]deal.Value{},
		Sequence: p.NextSequence(party), Salt: deal.NewSalt(), Deadline: time.Now().UTC().Add(5 * time.Minute).Truncate(time.Second),
		Signer: l.wallet.Address(),
	}
	for _, f := range action.Fields {
		act.Fields[f.ID] = l.value(s, f)
	}
	typed, err := act.TypedData(p.Opening.Plan, p.Opening.Market)
	if err == nil {
		act.ID, err = chain.Digest(typed)
	}
	if err == nil {
		act.Signature, err = l.wallet.SignTypedData(typed)
	}
	return act, err
}

// documents reads every document through the loser's own node.
func (l *loser) documents(ctx context.Context, s sale) error {
	own, err := l.node()
	if err != nil {
		return err
	}
	_, err = own.RoomDocuments(ctx, s.ID)
	l.note(s, err, "documents of the data room, listed by own node")
	_, err = own.Documents(ctx, s.ID)
	l.note(s, err, "documents handed over, listed by own node")
	for i := range s.documents {
		body, err := own.RoomContent(ctx, s.ID, i)
		l.note(s, closed(body, err), "document %d of the data room by own node", i)
		body, err = own.Content(ctx, s.ID, i)
		l.note(s, closed(body, err), "document %d handed over, by own node", i)
	}
	_, err = own.Plan(ctx, s.ID, []node.PlannedDocument{{Description: vault.Description{Name: "other.pdf"}, Sum: l.cfg.Portfolio[0].Sum}})
	l.note(s, err, "documents planned at own node")
	return nil
}

// testLoser checks what came of everything the loser tried, and lists it.
func testLoser(t *testing.T, ctx context.Context, l *loser, r demo.Result) {
	l.t = t
	if err := l.tryAll(ctx, afterSale); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	attempts := 0
	for _, name := range slices.Sorted(maps.Keys(l.tried)) {
		fmt.Fprintf(&table, "\n%-75s", name)
		for _, n := range l.tried[name] {
			attempts++
			kind := deal.KindOf(n.err)
			fmt.Fprintf(&table, " %-9s", cmp.Or(string(kind), "?"))
			if kind != deal.Refused && kind != deal.Conflict && kind != deal.NotFound {
				t.Errorf("%s, %s: %v, want a refusal", n.stage, name, n.err)
			}
		}
		if len(l.tried[name]) != len(loserStages)+1 {
			t.Errorf("%s: tried %d times, want at every stage", name, len(l.tried[name]))
		}
	}
	t.Logf("%d attempts; selected, released, settled:%s", attempts, table.String())
	if want := len(loserStages) + 1; attempts < 100*want || len(l.done) != want {
		t.Errorf("only %d attempts at stages %v", attempts, l.done)
	}
	l.views(t, ctx, r)
}
