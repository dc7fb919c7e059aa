package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"cession/deal"
)

// silence is how long a stream may say nothing, heartbeats included, before the
// connection counts as dead.
const silence = 3 * heartbeat

// Events follows a deal, or with id "" everything the caller may see, and calls
// each for every entry after the given one: "" is from now on, "start" from the
// beginning. A stream that breaks is taken up where it was. Events returns when
// the context ends, when each fails, or when the desk says no.
func (c *Client) Events(ctx context.Context, id deal.ID, after string, each func(Entry) error) error {
	path := "/v1/events"
	if id != "" {
		path = dealPath(id) + "/events"
	}
	for try := 1; ; try++ {
		var failed error
		last, err := c.stream(ctx, path, after, func(e Entry) error {
			failed = each(e)
			return failed
		})
		if last != after {
			after, try = last, 1
		}
		if failed != nil {
			return failed
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && deal.KindOf(err) != deal.Lost {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pauseAfter(min(try, tries), err)):
		}
	}
}

// stream reads one connection and returns the id of the last entry that each
// has taken.
func (c *Client) stream(ctx context.Context, path, after string, each func(Entry) error) (last string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(silence, cancel)
	defer watchdog.Stop()
	res, err := c.send(ctx, request{method: http.MethodGet, path: path + query{"after": after}.String()}, nil)
	if err != nil {
		return after, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		data, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
		return after, errorOf(res, data)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 4<<20)
	for last = after; lines.Scan(); {
		watchdog.Reset(silence)
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue // the entry carries its own id
		}
		var e Entry
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			return last, deal.Errorf(deal.Lost, "read event: %w", err)
		}
		if err := each(e); err != nil {
			return last, err
		}
		last = e.ID
	}
	if err := lines.Err(); err != nil {
		return last, deal.Errorf(deal.Lost, "read events: %w", err)
	}
	return last, nil
}
