package node

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"cession/deal"
)

// The customer side of the API: requests of the node's own customer.

// DealView is a deal as the customer sees it: the desk's view and, by act and
// field, the texts that are at this node.
type DealView struct {
	View
	Texts map[deal.Commitment]map[string]string `json:"texts"`
}

// OpenDeal opens a deal with this party as seller and keeps its opening: plan,
// market and pack can no longer change under it.
func (n *Node) OpenDeal(ctx context.Context) (deal.Opening, error) {
	ctx, cancel := context.WithTimeout(ctx, deskTimeout)
	defer cancel()
	id := reservedID(ctx)
	var o deal.Opening
	var err error
	for try := 0; try < attempts; try++ { // the same id again is the same deal
		if o, err = n.Desk.Open(ctx, id); err == nil || (deal.KindOf(err) != "" && deal.KindOf(err) != deal.Lost) {
			break
		}
	}
	if err != nil {
		return o, fmt.Errorf("open deal: %w", err)
	}
	if o.ID != id || o.Seller.ID != n.Party {
		return o, refuse(WrongDeal, "the desk opened another deal than was asked for")
	}
	_, err = n.opening(ctx, o)
	return o, err
}

// Deal returns the deal as this party may see it. What the desk shows was verified.
func (n *Node) Deal(ctx context.Context, id deal.ID) (DealView, error) {
	s, err := n.look(ctx, id)
	if err != nil {
		return DealView{}, err
	}
	v := DealView{View: View{Deal: s.deal}, Texts: map[deal.Commitment]map[string]string{}}
	for _, room := range s.rooms {
		v.Rooms = append(v.Rooms, *room)
	}
	texts, err := n.state.messages(ctx, "deal = ? AND field <> 'delta'", id) // that has a view of its own
	for _, m := range texts {
		if v.Texts[m.Act] == nil {
			v.Texts[m.Act] = map[string]string{}
		}
		v.Texts[m.Act][m.Field] = m.Text
	}
	return v, err
}

func (n *Node) postDeal(w http.ResponseWriter, r *http.Request) error {
	o, err := n.OpenDeal(r.Context())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, o)
	return nil
}

func (n *Node) getDeal(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	v, err := n.Deal(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, v)
	return nil
}

func (n *Node) postAct(w http.ResponseWriter, r *http.Request) error {
	var req ActRequest
	if err := readJSON(w, r, maxDelta, &req); err != nil { // rows and prices are many
		return err
	}
	if key := r.Header.Get("Idempotency-Key"); req.Key == "" {
		req.Key = key
	}
	// a client that goes away does not leave an act half handed in
	outcome, err := n.Act(context.WithoutCancel(r.Context()), req)
	if err != nil {
		return err
	}
	if outcome.Verdict != deal.Accepted {
		writeDocument(w, Problem{Type: "about:blank", Status: http.StatusForbidden, Kind: deal.Refused, Code: PolicyRefused, Outcome: &outcome})
		return nil
	}
	writeJSON(w, http.StatusOK, outcome)
	return nil
}

func (n *Node) putDocument(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	index, err := pathIndex(r)
	if err != nil {
		return err
	}
	body := &upload{r.Body, http.NewResponseController(w)}
	if err := n.Upload(r.Context(), id, index, body); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// upload cuts a client that sends nothing any more.
type upload struct {
	io.Reader
	control *http.ResponseController
}

func (u *upload) Read(b []byte) (int, error) {
	_ = u.control.SetReadDeadline(time.Now().Add(stallTime))
	n, err := u.Reader.Read(b)
	if err != nil { // what the store still has to do may take its time
		_ = u.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (n *Node) getDocument(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	index, err := pathIndex(r)
	if err != nil {
		return err
	}
	set, err := n.heldSet(r.Context(), id)
	if err != nil {
		return err
	}
	return n.serveDocument(w, r, set, index)
}

// serveDocument answers with a document's plaintext.
func (n *Node) serveDocument(w http.ResponseWriter, r *http.Request, set docSet, index uint64) error {
	d, content, err := n.content(r.Context(), set, index)
	if err != nil {
		return err
	}
	serveContent(w, r, d, content)
	return nil
}

// serveContent answers with a document as it is; ranges are served too.
func serveContent(w http.ResponseWriter, r *http.Request, d document, content io.ReadSeeker) {
	h := w.Header()
	for k, v := range documentHeader(d) {
		h[k] = v
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, content)
}

func documentHeader(d document) http.Header {
	return http.Header{
		"Content-Type":        {string(d.version.Manifest.MediaType)},
		"Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": d.About.Name})},
	}
}

func (n *Node) getMessages(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.Messages(r.Context(), id, deal.PartyID(r.PathValue("bidder")))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// deleteHandover takes the seller's releases of a deal back.
func (n *Node) deleteHandover(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	if err := n.RevokeReleases(r.Context(), id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (n *Node) getViews(w http.ResponseWriter, r *http.Request) error {
	list, err := n.Views(r.Context())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

func (n *Node) getRecord(w http.ResponseWriter, r *http.Request) error {
	record, ok, err := n.storedRecord(r.Context(), n.Party)
	if err != nil {
		return err
	}
	if !ok {
		return deal.Errorf(deal.NotFound, "the node has not signed its record yet")
	}
	writeJSON(w, http.StatusOK, record)
	return nil
}

func (n *Node) dealRoutes() []route {
	return []route{
		{pattern: "POST /v1/deals", title: "Open a deal as seller", out: deal.Opening{}, customer: n.postDeal},
		{pattern: "GET /v1/deals/{id}", title: "A deal as this party may see it", out: DealView{}, customer: n.getDeal},
		{pattern: "POST /v1/acts", title: "Complete, sign and hand in an act", in: ActRequest{}, out: deal.Outcome{}, customer: n.postAct},
	}
}
