package main

import (
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/desk"
)

// While the documents are on their way, deal show says how far they are.
func TestDealShowsHandover(t *testing.T) {
	notarized := deal.Record{Act: deal.Act{Step: "documents", Action: "notarize", Fields: map[string]deal.Value{"count": deal.Number(8)}}, At: time.Unix(0, 0)}
	p := &deal.Progress{Scope: deal.PerDeal, Records: []deal.Record{notarized}}
	for name, c := range map[string]struct {
		moving *desk.Moving
		want   string
	}{
		"at rest":       {nil, ""},
		"under way":     {&desk.Moving{Documents: 3, Bytes: 4096, Attempt: 1}, "handover    3 of 8 documents verified by the buyer's node, 4096 bytes\n"},
		"taken up anew": {&desk.Moving{Documents: 3, Bytes: 4096, Attempt: 2}, "handover    3 of 8 documents verified by the buyer's node, 4096 bytes, attempt 2\n"},
	} {
		var out strings.Builder
		(&app{out: &out}).showHead(desk.DealView{ID: "d-1", Deal: p, Moving: c.moving})
		if have := out.String(); (c.want == "") == strings.Contains(have, "handover") || !strings.Contains(have, c.want) {
			t.Errorf("%s: %q, want %q in it", name, have, c.want)
		}
	}
}
