package node

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"cession/deal"
)

// Of a problem that a peer's node answers with, nothing gets into errors but a
// kind and a code as nodes have them, and a few words.
func TestProblemTamed(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		kind deal.Kind
		code Reason
	}{
		"as nodes write it": {`{"kind":"refused","code":"ticket_used","detail":"ticket_used"}`, deal.Refused, TicketUsed},
		"a newer code":      {`{"kind":"refused","code":"moon_phase","detail":"moon_phase"}`, deal.Refused, "moon_phase"},
		"a novel as code":   {`{"kind":"refused","code":"` + strings.Repeat("x", 60_000) + `"}`, deal.Refused, ""},
		"words as code":     {`{"kind":"refused","code":"Call me!"}`, deal.Refused, ""},
		"a kind of its own": {`{"kind":"Call me!","code":"ticket_used"}`, "", ""},
		"a novel as words":  {`{"kind":"invalid","detail":"` + strings.Repeat("ü", 30_000) + `"}`, deal.Invalid, ""},
		"a novel as title":  {`{"title":"` + strings.Repeat("x", 60_000) + `"}`, "", ""},
		"nothing":           {``, "", ""},
	} {
		err := checkStatus(&http.Response{StatusCode: 403, Status: "403 Forbidden", Body: io.NopCloser(strings.NewReader(c.body))})
		if err == nil || deal.KindOf(err) != c.kind || reasonOf(err) != c.code || len(err.Error()) > 2*maxDetail+100 {
			t.Errorf("%s: kind %q, code %q, %d bytes", name, deal.KindOf(err), reasonOf(err), len(err.Error()))
		}
	}
}
