package node

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"cession/deal"
	"cession/deal/strict"
)

// Place says what a question is about. It is a sealed text: of its document,
// others see neither name nor number, nor that there is one.
type Place struct {
	// In the order of their JSON names, which is the canonical form (RFC 8785).
	Document *uint64         `json:"document,omitempty"` // its index, from 0
	Leaf     deal.Commitment `json:"leaf,omitzero"`      // of that document, as it was notarized
	Page     uint64          `json:"page,omitempty"`     // from 1
	Topic    string          `json:"topic,omitempty"`    // one line
	Version  int             `json:"version,omitempty"`  // of the document, from 1
}

const (
	maxTopic = 200 // bytes
	maxPage  = 1_000_000
)

// String returns the canonical text, which is what is sealed.
func (p Place) String() string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		panic("node: a place that has no JSON: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// readPlace reads a place as a customer gives it: without leaf and version, or
// with the right ones.
func readPlace(text string) (p Place, err error) {
	malformed := deal.Errorf(deal.Invalid, `field place: want JSON like {"document":3,"page":12,"topic":"collateral"}, a document or a topic at least`)
	if strict.Check([]byte(text), 0) != nil {
		return p, malformed
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(&p) != nil || p.Page > maxPage || p.Version < 0 || !oneLine(p.Topic) {
		return p, malformed
	}
	if p.Document == nil && (p.Topic == "" || p.Page != 0 || p.Version != 0 || !p.Leaf.IsZero()) {
		return p, malformed
	}
	return p, nil
}

func oneLine(topic string) bool {
	return len(topic) <= maxTopic && utf8.ValidString(topic) && !strings.ContainsFunc(topic, func(r rune) bool { return !unicode.IsPrint(r) })
}

// among completes a place from the documents that the asker may read, or
// refuses one that is not among them as the place says.
func (p Place) among(list []DocumentInfo) (Place, error) {
	if p.Document == nil {
		return p, nil
	}
	for _, d := range list {
		if d.Index != *p.Document {
			continue
		}
		if (!p.Leaf.IsZero() && p.Leaf != d.Leaf) || (p.Version != 0 && p.Version != d.Version) {
			return p, refuse(WrongPlace, "the document is another one, or another version, than the question says")
		}
		p.Leaf, p.Version = d.Leaf, d.Version
		return p, nil
	}
	return p, refuse(WrongPlace, "the question is about a document that is not in the data room of who asks")
}
