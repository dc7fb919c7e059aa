package node

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/render"
)

// A copy that goes out says on every page who read it and when, and each read
// has an entry of its own in the log.
func TestRoomSendsMarkedCopies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.openRoom()
	ctx, b := context.Background(), w.members[buyer].client
	seen := map[string]bool{}
	for range 2 {
		content, err := b.RoomContent(ctx, id, invoicePDF)
		pages := extracted(t, read(t, content, err))
		entry := w.last(id, "room.read", invoicePDF, 0, "ok")
		if len(pages) != 2 || seen[entry.Note] || len(entry.Note) != 8 {
			t.Errorf("%d pages, read %q; want 2, and a read of its own", len(pages), entry.Note)
		}
		seen[entry.Note] = true
		for i, text := range pages {
			for _, word := range []string{string(buyer), string(id), entry.Note, w.clock.Now().Format(time.RFC3339)} {
				if !strings.Contains(text, word) {
					t.Errorf("page %d lacks %q", i+1, word)
				}
			}
		}
	}
	content, err := b.RoomContent(ctx, id, scanPNG)
	if raw := read(t, content, err); bytes.Equal(raw, exhibits(t)[scanPNG].body) {
		t.Error("the image went out without a mark")
	}
	content, err = b.RoomContent(ctx, id, ledgerText)
	if raw := read(t, content, err); !bytes.Equal(raw, exhibits(t)[ledgerText].body) {
		t.Error("the text is not what it was")
	}
}

// What is view-only has page images, each logged, and no download.
func TestRoomViewOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.openRoom()
	ctx, b := context.Background(), w.members[buyer].client
	for _, index := range []uint64{contractPDF, salariesText} {
		_, err := b.RoomContent(ctx, id, index)
		wantReason(t, err, ViewOnly)
		w.last(id, "room.read", index, 0, string(ViewOnly))
	}
	pages, err := b.RoomPages(ctx, id, contractPDF)
	if err != nil || pages != 3 {
		t.Fatalf("%d pages, %v; want 3", pages, err)
	}
	w.last(id, "room.pages", contractPDF, 0, "ok")
	for page := uint64(1); page <= 3; page++ {
		image, err := b.RoomPage(ctx, id, contractPDF, page, 60)
		if m, err := png.Decode(bytes.NewReader(read(t, image, err))); err != nil || m.Bounds().Dx() < 400 {
			t.Errorf("page %d: %v", page, err)
		}
		w.last(id, "room.page", contractPDF, page, "ok")
	}
	_, err = b.RoomPage(ctx, id, contractPDF, 4, 0)
	wantKind(t, err, deal.NotFound)
	w.last(id, "room.page", contractPDF, 4, string(deal.NotFound))
	_, err = b.RoomPage(ctx, id, salariesText, 1, 0)
	wantKind(t, err, deal.Invalid)
	_, err = b.RoomPages(ctx, id, 99)
	wantReason(t, err, NotInRoom)
	w.last(id, "room.pages", 99, 0, string(NotInRoom))
	_, err = b.RoomPage(ctx, id, contractPDF, 1, 10_000)
	wantKind(t, err, deal.Invalid)
	_, err = b.RoomPage(ctx, id, contractPDF, 0, 0)
	wantKind(t, err, deal.Invalid)
}

// Whoever may not read is refused at every route of the room, and logged.
func TestRoomGateOfEveryRoute(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*world, deal.ID)
		want   Reason
	}{
		"no grant": {func(*world, deal.ID) {}, NoGrant},
		"expired":  {func(w *world, id deal.ID) { w.invited(id, loser); w.clock.add(201 * time.Hour) }, GrantExpired},
		"revoked": {func(w *world, id deal.ID) {
			w.invited(id, loser)
			w.act(seller, id, loser, "leave.revoke")
		}, GrantRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.start(loser)
			w.invitedLate(loser)
			id := w.exhibited()
			w.invited(id, buyer)
			c.before(w, id)
			for what, path := range map[string]string{
				"room.list": roomPath(id), "room.read": roomPath(id, "/0"), "room.pages": roomPath(id, "/2/pages"), "room.page": roomPath(id, "/2/pages/1"),
			} {
				wantReason(t, w.ask(loser, path), c.want)
				if !w.logged(seller, what, string(c.want)) {
					t.Errorf("%s: %s is not in the seller's log", what, c.want)
				}
			}
		})
	}
}

// revoking is a reader that loses its rights after the first bytes.
type revoking struct {
	*httptest.ResponseRecorder
	revoke func()
}

func (r *revoking) Write(b []byte) (int, error) {
	if r.revoke != nil {
		r.revoke()
		r.revoke = nil
	}
	return r.ResponseRecorder.Write(b)
}

// Rights that end in the middle of a long body end the body.
func TestRevocationStopsABody(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*world, deal.ID)
		want Reason
	}{
		"revoked": {func(w *world, id deal.ID) {
			check(w.t, w.members[seller].node.Revoke(context.Background(), id, buyer))
		}, GrantRevoked},
		"run out": {func(w *world, _ deal.ID) { w.clock.add(201 * time.Hour) }, GrantExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.openRoom()
			r := httptest.NewRequest(http.MethodGet, roomPath(id, "/", ledgerText), nil)
			r.SetPathValue("id", string(id))
			r.SetPathValue("index", strconv.Itoa(ledgerText))
			out := &revoking{httptest.NewRecorder(), func() { c.end(w, id) }}
			func() {
				defer func() {
					if broken := recover(); broken != http.ErrAbortHandler {
						t.Errorf("the body ended with %v, want a broken connection", broken)
					}
				}()
				err := w.members[seller].node.peerRoomRead(out, r, buyer)
				t.Errorf("the whole body went out: %v", err)
			}()
			if sent, all := out.Body.Len(), len(exhibits(t)[ledgerText].body); sent > checkEvery || sent >= all {
				t.Errorf("%d of %d bytes went out after the end", sent, all)
			}
			w.last(id, "room.read", ledgerText, 0, string(c.want))
			wantReason(t, w.ask(buyer, roomPath(id)), c.want)
		})
	}
}

// Nothing of the room may be kept by whatever lies between.
func TestRoomAnswersAreNotCached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.openRoom()
	ctx, c := context.Background(), w.members[buyer].client
	for _, rest := range []string{"", "/0", "/3", "/2/pages", "/2/pages/1"} {
		r, err := c.request(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/room/documents"+rest, nil)
		check(t, err)
		resp, err := c.http.Do(r)
		check(t, err)
		read(t, resp.Body, nil)
		if h := resp.Header; resp.StatusCode != http.StatusOK || h.Get("Cache-Control") != "no-store" || h.Get("ETag") != "" || h.Get("Last-Modified") != "" {
			t.Errorf("%s: %s with %v", rest, resp.Status, h)
		}
	}
}

// Only some documents are rendered at once; others are told when to come back.
func TestRoomIsBusy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.openRoom()
	w.members[seller].node.renderer = render.New(0, time.Millisecond)
	_, err := w.members[buyer].client.RoomContent(context.Background(), id, invoicePDF)
	var later *TooManyError
	if !errors.As(err, &later) || later.RetryAfter != renderAgain {
		t.Errorf("have %v, want to be told to come back in %v", err, renderAgain)
	}
	w.last(id, "room.read", invoicePDF, 0, string(deal.Lost))
	check(t, w.ask(buyer, roomPath(id))) // the list takes no rendering
}

// Without the program that draws pages copies still go out, images of PDF pages do not.
func TestRoomWithoutPageTool(t *testing.T) {
	w := newWorld(t)
	id := w.openRoom()
	ctx, b := context.Background(), w.members[buyer].client
	t.Setenv("PATH", t.TempDir())
	_, err := b.RoomPage(ctx, id, contractPDF, 1, 0)
	wantReason(t, err, NoRenderer)
	w.last(id, "room.page", contractPDF, 1, string(NoRenderer))
	content, err := b.RoomContent(ctx, id, invoicePDF)
	read(t, content, err)
}

// What cannot be logged does not go out.
func TestRoomUnloggedIsUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.openRoom()
	n := w.members[seller].node
	check(t, n.state.exec(context.Background(), "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'full'); END"))
	for _, path := range []string{"", "/0", "/3", "/2/pages", "/2/pages/1"} {
		if err := w.ask(buyer, roomPath(id, path)); err == nil || errors.Is(err, AlteredManifest) {
			t.Errorf("%q: went out unlogged: %v", path, err)
		}
	}
}

// The list is in the order of the index numbers, as people count.
func TestRoomOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.openRoom()
	list, err := w.members[buyer].client.RoomDocuments(context.Background(), id)
	check(t, err)
	var order []uint64
	for _, d := range list {
		order = append(order, d.Index)
	}
	if want := []uint64{contractPDF, scanPNG, invoicePDF, ledgerText, salariesText}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	if !list[0].ViewOnly || list[0].Folder != "Contracts" || list[0].Version != 1 || !list[0].Latest {
		t.Errorf("described as %+v", list[0])
	}
}

func TestCompareNumbers(t *testing.T) {
	sorted := []string{"1", "1.1", "1.1.1", "1.2", "1.10", "2", "2.9", "2.10", "10", "99999", ""}
	for i, a := range sorted {
		for j, b := range sorted {
			if have := compareNumbers(a, b); (have < 0) != (i < j) || (have == 0) != (i == j) {
				t.Errorf("%q and %q compare as %d", a, b, have)
			}
		}
	}
}

// Once a part was agreed on, the room has that part only; what is out is
// refused as if it were not there.
func TestRoomShowsWhatIsSold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.narrowed() // documents 0 and 2 of 3
	ctx, b := context.Background(), w.members[buyer].client
	_, err := w.members[seller].client.Deal(ctx, id) // the seller's node looks
	check(t, err)
	list, err := b.RoomDocuments(ctx, id)
	check(t, err)
	if len(list) != 2 || list[0].Index == 1 || list[1].Index == 1 {
		t.Errorf("the room has %+v", list)
	}
	_, err = b.RoomContent(ctx, id, 1)
	wantReason(t, err, NotInRoom)
	w.last(id, "room.read", 1, 0, string(NotInRoom))
	content, err := b.RoomContent(ctx, id, 2)
	if raw := read(t, content, err); !bytes.Equal(raw, files()[2].body) {
		t.Error("a document that is sold cannot be read")
	}
}

// Where a row was taken out, the room has the tape without it in the place of
// the tape.
func TestRoomShowsTheExcerpt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.tapeListed()
	w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	w.act(buyer, id, buyer, "perimeter.agree")
	ctx, b := context.Background(), w.members[buyer].client
	_, err := w.members[seller].client.Deal(ctx, id) // the seller's node looks
	check(t, err)
	list, err := b.RoomDocuments(ctx, id)
	check(t, err)
	if len(list) != 2 {
		t.Fatalf("the room has %+v, want the invoice and the excerpt", list)
	}
	_, err = b.RoomContent(ctx, id, 0)
	wantReason(t, err, NotInRoom)
	for _, d := range list {
		content, err := b.RoomContent(ctx, id, d.Index)
		if raw := read(t, content, err); int64(len(raw)) != d.Size || bytes.Contains(raw, []byte(goneName)) {
			t.Errorf("document %d has %d bytes, or the row that was taken out", d.Index, len(raw))
		}
	}
}
