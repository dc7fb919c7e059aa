package demo

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"cession/chain"
	"cession/deal"
	"cession/node"
	"cession/node/render"
	"cession/node/vault"
)

// plan announces the documents to the seller's node, hashed by the client.
func (s *script) plan() step {
	const name = "documents.plan"
	return step{
		name: name, party: s.Seller, look: s.recall(name),
		do: func(ctx context.Context) error {
			api, err := s.party(s.Seller).node()
			if err != nil {
				return err
			}
			planned := make([]node.PlannedDocument, len(s.Portfolio))
			for i, d := range s.Portfolio {
				planned[i] = node.PlannedDocument{Description: d.About, Sum: d.Sum}
			}
			set, err := api.Plan(ctx, s.id, planned)
			if err != nil {
				return err
			}
			s.remember(name, Event{Kind: Moved, Role: deal.Seller,
				Text: fmt.Sprintf("Hashes %s, salted root %s", plural(len(planned), "document"), set.Root.Short())})
			return nil
		},
	}
}

// upload brings the documents to the seller's own node.
func (s *script) upload() step {
	return step{
		name: "documents.upload", party: s.Seller,
		look: func(ctx context.Context) (*Event, error) {
			missing, bytes, err := s.missing(ctx)
			if err != nil || len(missing) > 0 {
				return nil, err
			}
			return &Event{Kind: Moved, Role: deal.Seller,
				Text: fmt.Sprintf("Stores %s (%s) encrypted on its own node", plural(len(s.Portfolio), "document"), size(bytes))}, nil
		},
		do: func(ctx context.Context) error {
			missing, _, err := s.missing(ctx)
			if err != nil {
				return err
			}
			for _, i := range missing {
				if err := s.send(ctx, i); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// missing returns the documents the seller's node does not hold, and the size of all.
func (s *script) missing(ctx context.Context) (indexes []uint64, bytes int64, err error) {
	api, err := s.party(s.Seller).node()
	if err != nil {
		return nil, 0, err
	}
	list, err := api.Documents(ctx, s.id)
	if err != nil {
		return nil, 0, err
	}
	for _, d := range list {
		bytes += d.Size
		if !d.Held {
			indexes = append(indexes, d.Index)
		}
	}
	if len(list) != len(s.Portfolio) {
		err = deal.Errorf(deal.Conflict, "the seller's node knows %d of %d documents", len(list), len(s.Portfolio))
	}
	return indexes, bytes, err
}

func (s *script) send(ctx context.Context, index uint64) error {
	api, err := s.party(s.Seller).node()
	if err != nil {
		return err
	}
	d := s.Portfolio[index]
	file, err := d.Open()
	if err != nil {
		return &finalError{err}
	}
	defer file.Close()
	err = api.Upload(ctx, s.id, index, file, d.Sum.Size)
	if deal.KindOf(err) == deal.Conflict && d.changed() {
		return &finalError{deal.Errorf(deal.Conflict, "%s changed since it was hashed: nothing of it was kept", d.Name)}
	}
	return err
}

// read has a bidder read a document in the seller's data room, and check that
// the list is what was notarized and that the copy is marked.
func (s *script) read(bidder deal.PartyID) step {
	name := string(bidder) + "/data_room.read"
	return step{
		name: name, party: bidder,
		look: func(ctx context.Context) (*Event, error) {
			if e, err := s.recall(name)(ctx); e != nil || err != nil {
				return e, err
			}
			room, err := s.party(bidder).Progress(ctx, s.id, bidder)
			if err != nil || room == nil || room.Last("offers", "submit") == nil {
				return nil, err
			}
			return &Event{Kind: Moved, Role: deal.BidderAs, Room: bidder, Text: "Has read in the data room"}, nil
		},
		do: func(ctx context.Context) error {
			api, err := s.party(bidder).node()
			if err != nil {
				return err
			}
			list, err := api.RoomDocuments(ctx, s.id)
			if err != nil {
				return err
			}
			if err := s.asNotarized(ctx, list); err != nil {
				return err
			}
			sum, err := hashOf(api.RoomContent(ctx, s.id, list[0].Index))
			if err != nil {
				return err
			}
			how := "as it is"
			if render.Marks(list[0].MediaType) {
				how = "with its own name on every page"
				if sum == s.Portfolio[list[0].Index].Sum {
					return unexpected("a document in the data room does not bear its reader's name")
				}
			}
			s.remember(name, Event{Kind: Moved, Role: deal.BidderAs, Room: bidder, Text: fmt.Sprintf(
				"Reads document 1 of %d in the data room (%s), %s", len(list), size(sum.Size), how)})
			return nil
		},
	}
}

// asNotarized checks a list of documents against the root the seller signed.
func (s *script) asNotarized(ctx context.Context, list []node.DocumentInfo) error {
	p, err := s.party(s.Seller).Progress(ctx, s.id, "")
	if err != nil || p == nil {
		return err
	}
	if root(list) != p.Value("documents", "notarize", "root").Commitment() {
		return unexpected("the documents listed are not those that were notarized")
	}
	return nil
}

// asSold checks a list of documents against the root that both signed: of the
// title, or of the part of it that they agreed on.
func (s *script) asSold(ctx context.Context, list []node.DocumentInfo) error {
	p, err := s.party(s.Seller).Progress(ctx, s.id, "")
	if err != nil || p == nil {
		return err
	}
	if root(list) != p.Perimeter() {
		return unexpected("the documents listed are not those that were sold")
	}
	return nil
}

// root returns the Merkle root over the salted leaves of a list.
func root(list []node.DocumentInfo) deal.Commitment {
	list = slices.Clone(list) // a data room lists them by their numbers
	slices.SortFunc(list, func(a, b node.DocumentInfo) int { return cmp.Compare(a.Index, b.Index) })
	leaves := make([]deal.Commitment, len(list))
	for i, d := range list {
		leaves[i] = d.Leaf
	}
	return vault.Root(chain.Keccak, leaves)
}

func hashOf(content io.ReadCloser, err error) (vault.Sum, error) {
	if err != nil {
		return vault.Sum{}, err
	}
	defer content.Close()
	return vault.Hash(content)
}

// perimeter has the seller take the last document out of the portfolio.
func (s *script) perimeter(bidder deal.PartyID) step {
	return s.act(move{
		party: s.Seller, room: bidder, step: "perimeter", action: "propose",
		fields: func(ctx context.Context) (Fields, error) {
			count, kept, err := s.kept(ctx)
			if err != nil {
				return nil, err
			}
			return Fields{"face": s.money(face / int64(count) * int64(len(kept)))}, nil
		},
		documents: func(ctx context.Context) ([]uint64, error) {
			_, kept, err := s.kept(ctx)
			return kept, err
		},
	})
}

// kept counts the seller's documents and returns the indexes of those that
// remain without the last.
func (s *script) kept(ctx context.Context) (count int, indexes []uint64, err error) {
	api, err := s.party(s.Seller).node()
	if err != nil {
		return 0, nil, err
	}
	list, err := api.Documents(ctx, s.id)
	if err != nil {
		return 0, nil, err
	}
	if len(list) == 0 {
		return 0, nil, errNotYet
	}
	for _, d := range list[:max(1, len(list)-1)] {
		indexes = append(indexes, d.Index)
	}
	return len(list), indexes, nil
}

// deliver waits until a text of a room is at a party's node.
func (s *script) deliver(bidder deal.PartyID, field string, at deal.PartyID, text string) step {
	return step{
		name: string(bidder) + "/" + field, party: at,
		look: func(ctx context.Context) (*Event, error) {
			// the bidder's node exchanges texts with the seller's when asked
			for _, party := range []deal.PartyID{bidder, at} {
				api, err := s.party(party).node()
				if err != nil {
					return nil, err
				}
				list, err := api.Messages(ctx, s.id, bidder)
				if err != nil {
					return nil, err
				}
				for _, m := range list {
					if party == at && m.Field == field && m.Text == text {
						return &Event{Kind: Moved, Party: at, Role: s.role(at), Room: bidder, Text: "Reads the " + field + ": “" + text + "”"}, nil
					}
				}
			}
			return nil, nil
		},
		do: func(context.Context) error { return nil }, // looking is the exchange
	}
}

func (s *script) role(party deal.PartyID) deal.Role {
	if party == s.Seller {
		return deal.Seller
	}
	return deal.BidderAs
}

// transfer waits for the buyer's node to pull and verify the documents.
func (s *script) transfer(buyer deal.PartyID) step {
	return step{
		name: "transfer", party: buyer,
		look: func(ctx context.Context) (*Event, error) {
			api, err := s.party(buyer).node()
			if err != nil {
				return nil, err
			}
			list, err := api.Handover(ctx, s.id)
			if err != nil {
				return nil, err
			}
			for _, t := range list {
				if t.Verified {
					return &Event{Kind: Moved, Role: deal.Buyer, Text: fmt.Sprintf(
						"Receives %s (%s) from the seller's node, every chunk verified", plural(int(t.Count), "document"), size(int64(t.Bytes)))}, nil
				}
			}
			return nil, nil
		},
		do: func(context.Context) error { return nil }, // the nodes do it between themselves
	}
}
