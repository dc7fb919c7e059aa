package node

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"cession/deal"
)

// Texts go from node to node, never over the desk. Each side brings what the
// other has not confirmed yet, and fetches what is on record and not here: a
// node that was down, or that withholds a text, is asked again.

// exchange exchanges the texts of a bidder's room as it is on record now.
func (n *Node) exchange(ctx context.Context, id deal.ID, bidder deal.PartyID) error {
	s, err := n.look(ctx, id)
	if err != nil {
		return err
	}
	room, err := s.at(bidder)
	if err != nil {
		return err
	}
	return n.exchangeIn(ctx, room)
}

// exchangeIn brings the own texts of a room to the other party's node and
// fetches its. What is refused is logged and does not stop the rest; the error
// is the last one.
func (n *Node) exchangeIn(ctx context.Context, room *deal.Progress) error {
	if open, err := n.outstanding(ctx, room); err != nil || !open {
		return err
	}
	other := room.Room()
	if other == n.Party {
		other = room.Opening.Seller.ID
	}
	peer, err := n.peer(ctx, other)
	if err != nil {
		return err
	}
	path := "/peer/v1/deals/" + string(room.Opening.ID) + "/messages"
	fetched := n.fetchTexts(ctx, peer, path, room, other)
	if deal.KindOf(fetched) == "" && fetched != nil {
		return fetched // nobody is there
	}
	return errors.Join(fetched, n.bringTexts(ctx, peer, path, room))
}

// fetchTexts takes in what the other node has for this room and is not here. It
// asks for no more than the other party's acts on record commit to.
func (n *Node) fetchTexts(ctx context.Context, peer *peerClient, path string, room *deal.Progress, other deal.PartyID) (last error) {
	list, err := n.state.messages(ctx, "deal = ? AND room = ?", room.Opening.ID, room.Room())
	if err != nil {
		return err
	}
	type key struct {
		act   deal.Commitment
		field string
	}
	seen := map[key]bool{} // here, or looked at
	for _, m := range list {
		seen[key{m.Act, m.Field}] = true
	}
	talk := n.talkOf(room)
	for got, most := 0, sealedBy(room, other); got < most; {
		var theirs []Message
		if err := peer.get(ctx, path+"?after="+strconv.Itoa(got), maxMessages*(maxText+1024), &theirs); err != nil {
			return err
		}
		for _, m := range theirs {
			if k := (key{m.Act, m.Field}); !seen[k] {
				seen[k] = true
				last = cmp.Or(n.takeText(ctx, room, talk, other, m), last)
			}
		}
		if got += len(theirs); len(theirs) < maxMessages {
			break
		}
	}
	return last
}

// sealedBy counts the texts that a party's acts in a room commit to.
func sealedBy(room *deal.Progress, party deal.PartyID) (count int) {
	for _, r := range room.Records {
		if r.Act.Party != party {
			continue
		}
		for _, v := range r.Act.Fields {
			if v.Kind() == deal.KindSealed {
				count++
			}
		}
	}
	return count
}

// takeText keeps a text of the other side's or says in the log why not.
func (n *Node) takeText(ctx context.Context, room *deal.Progress, talk *talk, other deal.PartyID, m Message) error {
	err := n.keep(ctx, room, talk, other, m)
	if err != nil {
		err = errors.Join(err, n.logOwn(ctx, ViewEntry{Party: other, Deal: room.Opening.ID, What: "message.fetch", Ref: m.Act}, err))
	}
	return err
}

// bringTexts sends what the other node has not confirmed.
func (n *Node) bringTexts(ctx context.Context, peer *peerClient, path string, room *deal.Progress) (last error) {
	own, err := n.state.messages(ctx, `deal = ? AND room = ? AND party = ? AND field <> 'delta' AND NOT EXISTS
		(SELECT 1 FROM told WHERE told.act = texts.act AND told.field = texts.field)`, room.Opening.ID, room.Room(), n.Party)
	if err != nil {
		return err
	}
	for _, m := range own {
		if !taken(room, m.Act) {
			continue // refused, or not decided yet
		}
		resp, err := peer.do(ctx, http.MethodPost, path, nil, m)
		if err != nil && deal.KindOf(err) == "" {
			return err
		}
		if err != nil {
			last = err
			continue
		}
		resp.Body.Close()
		if err := n.state.exec(ctx, "INSERT INTO told VALUES (?, ?) ON CONFLICT DO NOTHING", m.Act.String(), m.Field); err != nil {
			return err
		}
	}
	return last
}

// outstanding reports whether a room has a text on record that is not here, or
// one of this party's that the other node has not confirmed.
func (n *Node) outstanding(ctx context.Context, room *deal.Progress) (bool, error) {
	if gone, err := n.state.erasedDeal(ctx, room.Opening.ID); err != nil || gone {
		return false, err // what was destroyed here is not fetched back
	}
	settled, err := n.state.settledTexts(ctx, room.Opening.ID, room.Room(), n.Party)
	if err != nil {
		return false, err
	}
	known := map[deal.Commitment]bool{} // a text that two acts commit to is needed once
	for _, r := range room.Records {
		for field, v := range r.Act.Fields {
			if settled[r.Act.ID.String()+field] {
				known[v.Commitment()] = true
			}
		}
	}
	for _, r := range room.Records {
		for field, v := range r.Act.Fields {
			if v.Kind() == deal.KindSealed && field != "delta" && !known[v.Commitment()] { // a delta goes its own way: see fetchDelta
				return true, nil
			}
		}
	}
	return false, nil
}

// erasedDeal reports whether everything of a deal was destroyed here.
func (s *state) erasedDeal(ctx context.Context, id deal.ID) (bool, error) {
	return s.row(ctx, []any{new(int64)}, "SELECT id FROM erasures WHERE deal = ? AND scope = 'deal' LIMIT 1", id)
}

// settledTexts names the texts of a room, by act and field, about which nothing
// is left to do: they came from the other node, or it has confirmed them.
func (s *state) settledTexts(ctx context.Context, id deal.ID, room, self deal.PartyID) (map[string]bool, error) {
	settled := map[string]bool{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var act, field string
		err := r.Scan(&act, &field)
		settled[act+field] = true
		return err
	}, `SELECT act, field FROM texts WHERE deal = ? AND room = ? AND
		(party <> ? OR EXISTS (SELECT 1 FROM told WHERE told.act = texts.act AND told.field = texts.field))`, id, room, self)
	return settled, err
}

// The pauses between two attempts to exchange the texts of a room.
const (
	talkPause    = time.Minute
	maxTalkPause = time.Hour
	talkTimeout  = 30 * time.Second
	tellTimeout  = 5 * time.Second // of an attempt that the customer waits for
	maxTalks     = 50              // rooms in one round
	talksAtOnce  = 10              // of them
	maxTries     = 48              // in a room that is over
)

// tell brings the texts of an act of the customer to the other node at once, or
// later if it does not answer.
func (n *Node) tell(ctx context.Context, act deal.Act) {
	sealed := slices.ContainsFunc(slices.Collect(maps.Values(act.Fields)), func(v deal.Value) bool { return v.Kind() == deal.KindSealed })
	if !sealed || act.Room == "" {
		return
	}
	if err := n.noteTalk(ctx, act.Deal, act.Room); err != nil {
		n.Log.Warn("texts to be brought not noted", "deal", act.Deal, "error", err)
	}
	n.talkAgain(ctx, corner{act.Deal, act.Room, 0}, tellTimeout)
}

// noteTalk has the texts of a room exchanged until nothing is outstanding.
func (n *Node) noteTalk(ctx context.Context, id deal.ID, room deal.PartyID) error {
	return n.state.exec(ctx, "INSERT INTO talks VALUES (?, ?, ?, 0) ON CONFLICT (deal, room) DO UPDATE SET due = excluded.due, tries = 0",
		id, room, stamp(n.now()))
}

// corner is a room in which texts are to be exchanged.
type corner struct {
	id    deal.ID
	room  deal.PartyID
	tries int
}

// tendTalk exchanges the texts of all rooms in which one is outstanding and
// that are due.
func (n *Node) tendTalk(ctx context.Context) {
	var due []corner
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var c corner
		err := r.Scan(&c.id, &c.room, &c.tries)
		due = append(due, c)
		return err
	}, "SELECT deal, room, tries FROM talks WHERE due <= ? ORDER BY due LIMIT ?", stamp(n.now()), maxTalks)
	if err != nil {
		n.Log.Warn("texts to be exchanged not found", "error", err)
	}
	atOnce(due, func(c corner) { n.talkAgain(ctx, c, talkTimeout) })
}

// atOnce does work for several rooms at once: nodes that stall keep the others
// and whatever comes next waiting for a few timeouts, not for one each.
func atOnce[T any](list []T, work func(T)) {
	var all sync.WaitGroup
	slots := make(chan struct{}, talksAtOnce)
	for _, x := range list {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			work(x)
		})
	}
	all.Wait()
}

// talkAgain tries to exchange the texts of a room, and says when to try again.
func (n *Node) talkAgain(ctx context.Context, c corner, patience time.Duration) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done, err := n.talkOnce(limited, c)
	if done {
		err = errors.Join(err, n.state.exec(ctx, "DELETE FROM talks WHERE deal = ? AND room = ?", c.id, c.room))
	} else {
		pause := min(talkPause<<min(c.tries, 16), maxTalkPause)
		err = errors.Join(err, n.state.exec(ctx, "UPDATE talks SET due = ?, tries = tries + 1 WHERE deal = ? AND room = ?",
			stamp(n.now().Add(pause)), c.id, c.room))
	}
	if err != nil {
		n.Log.Warn("texts not exchanged yet", "deal", c.id, "kind", deal.KindOf(err), "code", reasonOf(err))
	}
}

// talkOnce exchanges the texts of a room and reports whether there is nothing
// more to exchange, or nothing more to hope for.
func (n *Node) talkOnce(ctx context.Context, c corner) (done bool, err error) {
	s, err := n.look(ctx, c.id)
	if err != nil {
		return false, err
	}
	room, err := s.at(c.room)
	if err != nil { // there is no such room for this party any more
		return true, nil
	}
	err = n.exchangeIn(ctx, room)
	open, failed := n.outstanding(ctx, room)
	done = failed == nil && (!open || (room.Ended != nil && c.tries >= maxTries))
	return done, errors.Join(err, failed)
}
