package desk

import (
	"strconv"
	"strings"
	"testing"

	"cession/deal"
	"cession/deal/strict"
)

// hostile are bodies that two readers could understand differently, or that are
// none; deal/strict has all of them.
var hostile = map[string]string{
	"member twice": `{"id":"d-a","id":"d-b"}`, "in another case": `{"id":"d-a","ID":"d-b"}`, "number beyond 64 bits": `{"sequence":9223372036854775808}`,
	"fraction": `{"sequence":1.5}`, "invalid UTF-8": "{\"id\":\"\xff\"}", "half a character": `["\ud800"]`,
	"nesting": strings.Repeat("[", strict.MaxDepth+1) + strings.Repeat("]", strict.MaxDepth+1), "values": "[" + strings.Repeat("0,", maxValues) + "0]",
	"two values": `{} {}`, "unfinished": `{"a":`,
}

// Every route that takes a body refuses them, before it does anything.
func TestHostileBodies(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Limits = Limits{Burst: 10_000} })
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if method == "GET" {
			continue
		}
		path = strings.NewReplacer("{id}", string(seller), "{address}", address(1).String()).Replace(path)
		for name, body := range hostile {
			a := h.send("", method, path, body, "Idempotency-Key: k-"+strconv.Itoa(len(name)))
			if p := a.problem(t); a.status != 400 || p.Kind != deal.Invalid {
				t.Errorf("%s, %s: status %d, %s", route, name, a.status, p.Detail)
			}
		}
	}
	if h.deals.opened+h.deals.did != 0 {
		t.Error("something was done")
	}
}
