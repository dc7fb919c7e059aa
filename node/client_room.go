package node

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"cession/deal"
)

// RoomPages returns how many pages a document in the seller's data room has.
func (c *Client) RoomPages(ctx context.Context, id deal.ID, index uint64) (int, error) {
	var p RoomPages
	err := c.call(ctx, http.MethodGet, fmt.Sprintf("/v1/deals/%s/room/documents/%d/pages", id, index), nil, &p)
	return p.Pages, err
}

// RoomPage opens the image of a page, from 1, of a document in the seller's data
// room, as PNG; dpi 0 is the seller's default. The caller closes it.
func (c *Client) RoomPage(ctx context.Context, id deal.ID, index, page uint64, dpi int) (io.ReadCloser, error) {
	path := fmt.Sprintf("/v1/deals/%s/room/documents/%d/pages/%d", id, index, page)
	if dpi != 0 {
		path += fmt.Sprint("?dpi=", dpi)
	}
	return c.open(ctx, path)
}

// RoomViews returns who read what in this party's data room, newest first.
func (c *Client) RoomViews(ctx context.Context, id deal.ID, f ViewFilter) (list []ViewEntry, err error) {
	query := url.Values{"bidder": {string(f.Bidder)}, "read": {f.Read}}
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/room/views?"+query.Encode(), nil, &list)
}

// RoomClose takes a bidder's reading rights in this party's data room back at
// once; the desk is not asked.
func (c *Client) RoomClose(ctx context.Context, id deal.ID, bidder deal.PartyID) error {
	return c.call(ctx, http.MethodDelete, "/v1/deals/"+string(id)+"/room/grants/"+url.PathEscape(string(bidder)), nil, nil)
}

// Teaser returns the seller's description of what is for sale in a deal.
func (c *Client) Teaser(ctx context.Context, id deal.ID) (t Teaser, err error) {
	return t, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/teaser", nil, &t)
}
