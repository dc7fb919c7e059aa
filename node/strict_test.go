package node

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"cession/deal"
)

func TestStrict(t *testing.T) {
	for name, body := range map[string]string{
		"an object": `{"a":1,"b":{"a":[1,-9223372036854775808,9223372036854775807]},"c":[{"a":"ü"},{"a":null}]}`,
		"a list":    `[]`, "half a pair of each kind": `{"a":"\ud83d\ude00"}`,
	} {
		if err := strict([]byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for words, body := range map[string]string{
		"a member twice":                        `{"a":1,"b":{"c":1,"c":1}}`,
		"a member twice:":                       `{"deal":1,"DEAL":2}`,
		"a number that needs more than 64 bits": `{"a":9223372036854775808}`,
		"a number that is not whole":            `[1e400]`,
		"a number that is not whole:":           `[1.5]`,
		"text that is not UTF-8":                "{\"a\":\"\xff\"}",
		"a character that cannot be read":       `{"a":"\ud83d"}`,
		"more than 32 levels":                   strings.Repeat("[", 33) + strings.Repeat("]", 33),
		"what is no JSON":                       `{"a":`,
		"what is no JSON:":                      ``,
		"something after its end":               `{}{}`,
	} {
		err := strict([]byte(body))
		if deal.KindOf(err) != deal.Invalid || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: have %v, want %q", body, err, words)
		}
	}
}

// An act that reads in two ways is not signed, whoever asks for it.
func TestAmbiguousRequest(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	acts := w.desk.acts
	body := `{"deal":"` + string(id) + `","step":"cancellation","action":"cancel","step":"rules","fields":{}}`
	c := w.members[seller].client
	r, err := c.request(context.Background(), http.MethodPost, "/v1/acts", bytes.NewReader([]byte(body)))
	check(t, err)
	resp, err := c.http.Do(r)
	check(t, err)
	defer resp.Body.Close()
	var p Problem
	check(t, json.NewDecoder(resp.Body).Decode(&p))
	if resp.StatusCode != http.StatusUnprocessableEntity || p.Kind != deal.Invalid || w.desk.acts != acts {
		t.Errorf("have %d %s, %d acts more", resp.StatusCode, p.Kind, w.desk.acts-acts)
	}
}
