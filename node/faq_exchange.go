package node

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/http"
	"strconv"

	"cession/deal"
)

// FAQ is what the seller told all bidders, as far as it is here.
type FAQ struct {
	Entries []FAQEntry `json:"entries"`
	Unheard string     `json:"unheard,omitempty"` // why the seller's node gave nothing newer now: a reason or kind of error
}

// FAQ returns the FAQ of a deal. A bidder's node asks the seller's for newer
// entries first, and keeps those that the seller signed for this deal and place.
func (n *Node) FAQ(ctx context.Context, id deal.ID) (f FAQ, err error) {
	seller, err := n.sellerOf(ctx, id)
	if err != nil {
		return f, err
	}
	gone, err := n.state.erasedDeal(ctx, id)
	if err != nil {
		return f, err
	}
	if seller != n.Party && !gone {
		if err := n.fetchFAQ(ctx, id, seller); err != nil {
			f.Unheard = cmp.Or(string(reasonOf(err)), string(deal.KindOf(err)), "no_answer")
			n.Log.Warn("FAQ not brought up to date", "deal", id, "kind", deal.KindOf(err), "code", reasonOf(err))
		}
	}
	rows, err := n.state.faq(ctx, id)
	f.Entries = []FAQEntry{}
	for _, r := range rows {
		f.Entries = append(f.Entries, r.entry)
	}
	return f, err
}

func (n *Node) fetchFAQ(ctx context.Context, id deal.ID, seller deal.PartyID) error {
	ctx, cancel := context.WithTimeout(ctx, talkTimeout) // what is here is shown without it
	defer cancel()
	unlock, err := n.acting.lock(ctx, string(id)+"/faq")
	if err != nil {
		return err
	}
	defer unlock()
	peer, err := n.peer(ctx, seller)
	if err != nil {
		return err
	}
	for {
		rows, err := n.state.faq(ctx, id)
		if err != nil {
			return err
		}
		var last faqRow
		if len(rows) > 0 {
			last = rows[len(rows)-1]
		}
		path := "/peer/v1/deals/" + string(id) + "/faq?after=" + strconv.FormatUint(last.entry.Number, 10) + "&head=" + last.digest.String()
		var list []FAQEntry
		if err := peer.get(ctx, path, maxFAQAnswer*(2*maxText+4096), &list); err != nil {
			return err
		}
		for _, e := range list {
			if last, err = n.takeFAQ(ctx, id, seller, last, e); err != nil {
				return errors.Join(err, n.logOwn(ctx, ViewEntry{Party: seller, Deal: id, What: "faq.fetch", Index: e.Number}, err))
			}
		}
		if len(list) < maxFAQAnswer {
			return nil
		}
	}
}

// takeFAQ keeps an entry that is the seller's, of this deal, and the one that
// follows the last.
func (n *Node) takeFAQ(ctx context.Context, id deal.ID, seller deal.PartyID, last faqRow, e FAQEntry) (faqRow, error) {
	wallet, ok, err := n.walletOf(ctx, seller)
	if err != nil {
		return last, err
	}
	digest, err := n.Hashes.Digest(e.TypedData(n.Market.ChainID))
	if err != nil {
		return last, refuse(ForgedFAQ, "the entry is malformed")
	}
	if !ok || e.Deal != id || e.Wallet != wallet {
		return last, refuse(ForgedFAQ, "the entry is of another seller, or of another deal")
	}
	if err := n.Verifier.VerifyDigest(ctx, wallet, digest, e.Signature); err != nil {
		if deal.KindOf(err) == "" {
			return last, err
		}
		return last, refuse(ForgedFAQ, "the entry is not signed by the seller's wallet")
	}
	switch {
	case e.Number <= last.entry.Number:
		return last, refuse(StaleFAQ, "the seller's node gave an entry again that is here")
	case e.Number != last.entry.Number+1 || e.Previous != last.digest || e.Replaces >= e.Number:
		return last, refuse(ForgedFAQ, "the entry does not follow the last one that is here")
	case len(e.Question) > maxText || len(e.Answer) > maxText:
		return last, refuse(ForgedFAQ, "the entry is larger than an entry may be")
	case e.Number > maxFAQ:
		return last, refuse(ForgedFAQ, "the FAQ is longer than it may be")
	}
	row := faqRow{entry: e, digest: digest}
	return row, n.state.keepFAQ(ctx, row)
}

// peerFAQ gives the entries after a number to a bidder whose data room is open.
// One who knows an entry that is not this node's is told so.
func (n *Node) peerFAQ(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.faqFor(r, id, peer)
	if logged := n.logView(r.Context(), peer, id, "faq.list", 0, err); err == nil {
		err = logged
	}
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

func (n *Node) faqFor(r *http.Request, id deal.ID, peer deal.PartyID) ([]FAQEntry, error) {
	after, err := strconv.ParseUint(r.URL.Query().Get("after"), 10, 31)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "after: want the number of the last entry known, from 0")
	}
	if _, err := n.mayRead(r.Context(), id, peer); err != nil {
		return nil, err
	}
	rows, err := n.state.faq(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if after > uint64(len(rows)) || (after > 0 && rows[after-1].digest.String() != r.URL.Query().Get("head")) {
		return nil, refuse(StaleFAQ, "the peer knows another FAQ than this node has")
	}
	return entriesAfter(rows, after), nil
}

func (n *Node) postFAQ(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	var req FAQRequest
	if err := readJSON(w, r, maxBody, &req); err != nil {
		return err
	}
	e, err := n.PublishFAQ(r.Context(), id, req)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, e)
	return nil
}

func (n *Node) getFAQ(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	f, err := n.FAQ(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, f)
	return nil
}

// scanTexts scans rows of so many columns as texts.
func scanTexts(columns int, take func([]string) error) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		texts, into := make([]string, columns), make([]any, columns)
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		return take(texts)
	}
}
