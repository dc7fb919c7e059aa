package desk

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// detail adds to a transaction what its lane knows of it. A lane that does not
// answer leaves that out and is named.
func (s *Server) detail(ctx context.Context, t Transaction, lists []lane.Listing) TransactionDetail {
	d := TransactionDetail{Transaction: t, Blocks: blockedBy(t, lists)}
	if t.Deal != "" {
		d.Links = []string{"/v1/deals/" + string(t.Deal), "/v1/transactions?deal=" + string(t.Deal)}
	}
	d.Links = append(d.Links, "/v1/operations?intent="+t.Intent.String())
	if !t.Live {
		return d
	}
	r, err := s.lanes.Record(ctx, t.Lane, t.Intent)
	if deal.KindOf(err) == deal.NotFound {
		return d // forgotten since
	}
	if err != nil {
		s.log.WarnContext(ctx, "record not shown", slog.String("lane", t.Lane), slog.String("error", err.Error()))
		d.Silent = append(d.Silent, t.Lane)
		return d
	}
	d.Arguments = arguments(r.Intent.Call)
	// What is signed is the lane's to send; what the parties signed is no concern here.
	r.Intent.Call, r.Attempts = deal.Call{}, slices.Clone(r.Attempts)
	for i := range r.Attempts {
		r.Attempts[i].Raw = nil
	}
	d.Record = &r
	return d
}

// blockedBy returns the open intents that cannot end before t does: those
// behind its nonce, and of its deal those that came after it.
func blockedBy(t Transaction, lists []lane.Listing) (list []Blocked) {
	if !t.Live || finished(t.Item) || t.Status == lane.Moved {
		return nil
	}
	for _, l := range lists {
		for _, it := range l.Items {
			if it.Intent == t.Intent || finished(it) || it.Status == lane.Moved {
				continue
			}
			behind := l.Lane == t.Lane && holdsNonce(t.Item) && holdsNonce(it) && *it.Nonce > *t.Nonce
			after := t.Deal != "" && it.Deal == t.Deal && it.Status == lane.Queued && it.Submitted.After(t.Submitted)
			if behind || after {
				list = append(list, Blocked{it.Intent, it.Deal, it.Step, it.Call, it.Status, it.Nonce})
			}
		}
	}
	return list
}

// holdsNonce reports whether the item holds a nonce that is not mined.
func holdsNonce(it lane.Item) bool {
	return it.Nonce != nil && (it.Status == lane.Signed || it.Status == lane.Sent)
}

// arguments lists what a call is called with, by the names of its JSON form.
func arguments(c deal.Call) (list []Argument) {
	members := reflect.ValueOf(c)
	for i := range members.NumField() {
		if m := members.Field(i); !m.IsNil() {
			walk(m.Elem(), "", func(name, value string) { list = append(list, Argument{name, value}) })
		}
	}
	return list
}

// walk visits the members that are set. Calls are made of values of a fixed
// form; nothing in them is anybody's text.
func walk(v reflect.Value, name string, visit func(name, value string)) {
	if v.IsZero() {
		return
	}
	switch x := v.Interface().(type) {
	case time.Time:
		visit(name, x.UTC().Format(time.RFC3339))
	case deal.Bytes:
		visit(name, strconv.Itoa(len(x))+" bytes")
	case fmt.Stringer: // commitments, addresses, amounts
		visit(name, x.String())
	case string:
		visit(name, x)
	case uint64:
		visit(name, strconv.FormatUint(x, 10))
	default:
		walkMembers(v, name, visit)
	}
}

func walkMembers(v reflect.Value, name string, visit func(name, value string)) {
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		member, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name != "" {
			member = name + "." + member
		}
		walk(v.Field(i), member, visit)
	}
}
