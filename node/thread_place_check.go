package node

import (
	"context"
	"fmt"
	"io"
	"slices"

	"cession/deal"
)

// completePlace completes, at the asker's node, a place by the seller's data
// room: the seller's node says what is in it and how many pages it has.
func (n *Node) completePlace(ctx context.Context, id deal.ID, seller deal.PartyID, p Place) (Place, error) {
	if p.Document == nil {
		return p, nil
	}
	list, err := n.theirRoom(ctx, id, seller)
	if err != nil {
		return p, err
	}
	if p, err = p.among(list); err != nil || p.Page == 0 {
		return p, err
	}
	peer, err := n.peer(ctx, seller)
	if err != nil {
		return p, err
	}
	var pages RoomPages
	err = peer.get(ctx, fmt.Sprintf("/peer/v1/deals/%s/room/documents/%d/pages", id, *p.Document), 4096, &pages)
	return p, p.onPage(pages.Pages, err)
}

// checkPlace refuses, at the seller's node, a place that the bidder may not
// read, or that is not in the form in which a node seals it.
func (n *Node) checkPlace(ctx context.Context, id deal.ID, bidder deal.PartyID, text string) error {
	given, err := readPlace(text)
	if err != nil {
		return refuse(WrongPlace, "the place of the question is malformed")
	}
	if given.Document == nil && given.String() == text {
		return nil
	}
	docs, err := n.roomPart(ctx, id, bidder)
	if err != nil {
		return err
	}
	list, err := n.roomListing(ctx, id, docs)
	if err != nil {
		return err
	}
	full, err := given.among(list)
	if err != nil {
		return err
	}
	if full.String() != text {
		return refuse(WrongPlace, "the place of the question is incomplete, or not in its canonical form")
	}
	if full.Page == 0 {
		return nil
	}
	i := slices.IndexFunc(docs, func(d document) bool { return d.Index == *full.Document })
	return full.onPage(n.pages(ctx, docs[i]))
}

// pages counts the pages of a document.
func (n *Node) pages(ctx context.Context, d document) (pages int, err error) {
	err = n.rendering(ctx, d, func(src io.ReadSeeker) error {
		pages, err = n.renderer.Pages(ctx, src, d.version.Manifest.MediaType)
		return err
	})
	return pages, err
}

// onPage refuses a page that the document does not have. Where pages cannot be
// counted, the page is taken as it is.
func (p Place) onPage(pages int, failed error) error {
	switch {
	case reasonOf(failed) == NoRenderer, deal.KindOf(failed) == deal.NotFound:
		return nil
	case deal.KindOf(failed) == deal.Invalid:
		return refuse(WrongPlace, "the document that the question is about has no pages")
	case failed != nil:
		return failed
	case p.Page > uint64(pages):
		return refuse(WrongPlace, fmt.Sprintf("the document that the question is about has %d pages", pages))
	}
	return nil
}

// roomOf lists what a bidder sees in this seller's data room.
func (n *Node) roomOf(ctx context.Context, id deal.ID, bidder deal.PartyID) ([]DocumentInfo, error) {
	docs, err := n.roomPart(ctx, id, bidder)
	if err != nil {
		return nil, err
	}
	return n.roomListing(ctx, id, docs)
}

// theirRoom lists what this bidder sees in the seller's data room.
func (n *Node) theirRoom(ctx context.Context, id deal.ID, seller deal.PartyID) (list []DocumentInfo, err error) {
	peer, err := n.peer(ctx, seller)
	if err != nil {
		return nil, err
	}
	return list, peer.get(ctx, "/peer/v1/deals/"+string(id)+"/room/documents", maxListing, &list)
}
