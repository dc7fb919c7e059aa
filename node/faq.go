package node

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// FAQEntry is a question and its answer as the seller tells all bidders: without
// who asked. The entries of a deal are a chain that only grows, each signed by
// the seller's wallet and naming the digest of the one before, so that all
// bidders hold the same or can show that they do not. Origin commits to the
// answer it was made from, for an arbiter.
type FAQEntry struct {
	Deal      deal.ID         `json:"deal"`
	Number    uint64          `json:"number"`             // from 1
	Replaces  uint64          `json:"replaces,omitempty"` // an earlier entry that this one corrects
	Previous  deal.Commitment `json:"previous"`           // digest of the entry before; zero for the first
	Question  string          `json:"question"`
	Answer    string          `json:"answer"`
	Origin    deal.Commitment `json:"origin"` // hash(salt || id of the act that answered)
	At        time.Time       `json:"at"`
	Wallet    deal.Address    `json:"wallet"` // the seller's
	Signature deal.Bytes      `json:"signature"`
}

// maxFAQ bounds the entries of a deal, maxFAQAnswer those in one answer of a node.
const (
	maxFAQ       = 1000
	maxFAQAnswer = 100
)

// TypedData returns the EIP-712 message that the seller's wallet signs.
func (e FAQEntry) TypedData(chainID uint64) deal.TypedData {
	return deal.TypedData{
		PrimaryType: "FAQEntry",
		Types: map[string][]deal.Member{
			"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}, {Name: "chainId", Type: "uint256"}},
			"FAQEntry": {
				{Name: "statement", Type: "string"}, {Name: "deal", Type: "string"}, {Name: "number", Type: "uint64"},
				{Name: "replaces", Type: "uint64"}, {Name: "previous", Type: "bytes32"}, {Name: "question", Type: "string"},
				{Name: "answer", Type: "string"}, {Name: "origin", Type: "bytes32"}, {Name: "at", Type: "uint64"}, {Name: "wallet", Type: "address"},
			},
		},
		Domain: map[string]any{"name": "Cession FAQ", "version": "1", "chainId": strconv.FormatUint(chainID, 10)},
		Message: map[string]any{
			"statement": "This is what I tell all bidders of the deal", "deal": string(e.Deal), "number": strconv.FormatUint(e.Number, 10),
			"replaces": strconv.FormatUint(e.Replaces, 10), "previous": e.Previous.String(), "question": e.Question,
			"answer": e.Answer, "origin": e.Origin.String(), "at": strconv.FormatInt(max(0, e.At.Unix()), 10), "wallet": e.Wallet.String(),
		},
	}
}

// FAQRequest asks the seller's node to tell all bidders what one was answered.
type FAQRequest struct {
	Act      deal.Commitment `json:"act"`                // that answered, in any room of the deal
	Question string          `json:"question,omitempty"` // in other words than the bidder's; "" for the bidder's
	Answer   string          `json:"answer,omitempty"`   // likewise
	Replaces uint64          `json:"replaces,omitempty"` // an earlier entry that this one corrects
}

// PublishFAQ signs the next entry of a deal's FAQ. The same request again
// returns the entry it made.
func (n *Node) PublishFAQ(ctx context.Context, id deal.ID, req FAQRequest) (FAQEntry, error) {
	unlock, err := n.acting.lock(ctx, string(id)+"/faq")
	if err != nil {
		return FAQEntry{}, err
	}
	defer unlock()
	if gone, err := n.state.erasedDeal(ctx, id); err != nil || gone { // numbers would begin again
		return FAQEntry{}, cmp.Or(err, deal.Errorf(deal.Conflict, "the FAQ of %s was destroyed here", id))
	}
	s, err := n.look(ctx, id)
	if err != nil {
		return FAQEntry{}, err
	}
	e, err := n.draftFAQ(ctx, s, req)
	if err != nil {
		return e, err
	}
	kept, err := n.state.faq(ctx, id)
	if err != nil {
		return e, err
	}
	for _, k := range kept {
		if k.act == req.Act && k.entry.Question == e.Question && k.entry.Answer == e.Answer && k.entry.Replaces == req.Replaces {
			return k.entry, nil
		}
	}
	if len(kept) >= maxFAQ || req.Replaces > uint64(len(kept)) {
		return e, deal.Errorf(deal.Invalid, "the FAQ has %d entries: want at most %d, and a new one to replace one of them", len(kept), maxFAQ)
	}
	if len(kept) > 0 {
		e.Previous = kept[len(kept)-1].digest
	}
	e.Number, e.Replaces = uint64(len(kept))+1, req.Replaces
	return n.signFAQ(ctx, e, req.Act)
}

func (n *Node) signFAQ(ctx context.Context, e FAQEntry, act deal.Commitment) (FAQEntry, error) {
	salt := deal.NewSalt()
	e.Origin = n.Hashes.Keccak(salt[:], act[:])
	e.At, e.Wallet = n.now().Truncate(time.Second), n.Wallet.Address()
	typed := e.TypedData(n.Market.ChainID)
	digest, err := n.Hashes.Digest(typed)
	if err != nil {
		return e, err
	}
	if e.Signature, err = n.Wallet.SignTypedData(typed); err != nil {
		return e, err
	}
	if err := n.logOwn(ctx, ViewEntry{Party: n.Party, Deal: e.Deal, What: "faq.publish", Index: e.Number, Ref: digest}, nil); err != nil {
		return e, err
	}
	return e, n.state.keepFAQ(ctx, faqRow{e, digest, act, salt})
}

// draftFAQ finds the question and the answer, and puts the seller's own words in
// their place where it has some.
func (n *Node) draftFAQ(ctx context.Context, s scene, req FAQRequest) (e FAQEntry, err error) {
	if s.deal == nil || s.deal.Opening.Seller.ID != n.Party {
		return e, deal.Errorf(deal.Refused, "the FAQ of %s is the seller's to write", s.id)
	}
	e = FAQEntry{Deal: s.id, Question: req.Question, Answer: req.Answer}
	asked, err := n.answeredBy(ctx, s, req.Act, &e)
	if err != nil {
		return e, err
	}
	for _, text := range []string{e.Question, e.Answer} {
		if text == "" || len(text) > maxText {
			return e, deal.Errorf(deal.Invalid, "FAQ entry: want a question and an answer of 1 to %d bytes", maxText)
		}
	}
	text := strings.ToLower(e.Question + " " + e.Answer)
	for bidder := range s.rooms {
		if strings.Contains(text, string(bidder)) {
			return e, deal.Errorf(deal.Invalid, "the FAQ does not say who asked: put question %s in words without %s", asked.Short(), bidder)
		}
	}
	return e, nil
}

// answeredBy finds an answer in the rooms of a deal, with the question it
// answers, and fills in the words that the seller left out.
func (n *Node) answeredBy(ctx context.Context, s scene, act deal.Commitment, e *FAQEntry) (asked deal.Commitment, err error) {
	for _, room := range s.rooms {
		t := n.talkOf(room)
		answer, ok := t.find(act)
		if !ok || answer.act.Action != "answer" {
			continue
		}
		asked = answer.act.Field("asked").Commitment()
		if err := n.fill(ctx, asked, "question", &e.Question); err != nil {
			return asked, err
		}
		return asked, n.fill(ctx, act, "answer", &e.Answer)
	}
	return asked, deal.Errorf(deal.NotFound, "no room of %s has an answer %s", s.id, act)
}

func (n *Node) fill(ctx context.Context, act deal.Commitment, field string, text *string) error {
	if *text != "" {
		return nil
	}
	texts, err := n.state.textsOf(ctx, act)
	*text = texts[field].Text
	return err
}

// faqRow is an entry with what its node knows of it.
type faqRow struct {
	entry  FAQEntry
	digest deal.Commitment
	act    deal.Commitment // at the seller's node: the origin
	salt   deal.Commitment // likewise
}

func (s *state) keepFAQ(ctx context.Context, r faqRow) error {
	return s.exec(ctx, "INSERT INTO faq VALUES (?, ?, ?, ?, ?, ?)", r.entry.Deal, int64(r.entry.Number), jsonColumn(r.entry),
		r.digest.String(), textOrNone(r.act), textOrNone(r.salt))
}

func textOrNone(c deal.Commitment) string {
	if c.IsZero() {
		return ""
	}
	return c.String()
}

// faq returns the entries of a deal that are here, the first first.
func (s *state) faq(ctx context.Context, id deal.ID) (list []faqRow, err error) {
	err = s.rows(ctx, scanTexts(5, func(texts []string) error {
		var r faqRow
		if err := json.Unmarshal([]byte(texts[1]), &r.entry); err != nil {
			return err
		}
		for i, c := range []*deal.Commitment{&r.digest, &r.act, &r.salt} {
			if texts[i+2] == "" {
				continue
			}
			if err := c.UnmarshalText([]byte(texts[i+2])); err != nil {
				return err
			}
		}
		list = append(list, r)
		return nil
	}), "SELECT number, entry, digest, act, salt FROM faq WHERE deal = ? ORDER BY number", id)
	return list, err
}

// entriesAfter returns the entries after a number.
func entriesAfter(list []faqRow, number uint64) []FAQEntry {
	entries := []FAQEntry{}
	for _, r := range list {
		if r.entry.Number > number {
			entries = append(entries, r.entry)
		}
	}
	return slices.Clip(entries[:min(len(entries), maxFAQAnswer)])
}
