package policies

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// Again decides on a document as it was recorded. With the pack and the editions
// of its live lists that the recorded decision names, the answer is that
// decision to the last byte, but for Record. The document is read strictly: one
// that is not JSON in UTF-8, has a key twice, a number that is not whole or
// that int64 cannot hold, or a member the schema does not know, is refused as
// invalid. The other error is that ctx has ended.
func (p *Pack) Again(ctx context.Context, document []byte) (deal.Decision, error) {
	value, canonical, err := parseDocument(document)
	if err != nil {
		return deal.Decision{}, err
	}
	e, gate, d := p.entranceOf(value)
	given := e.checked(value)
	if given.fault != nil && given.fault.unknown {
		return deal.Decision{}, deal.Errorf(deal.Invalid, "document: %s has a member the schema does not know", given.fault.place())
	}
	if canonical {
		given.canonical = document
	}
	evaluation, err := p.evaluate(ctx, e, gate, d, given)
	return evaluation.Decision, err
}

// Probe decides on a document that nobody recorded: a tree of maps, slices,
// texts, numbers, booleans and nil. With checked false it does so even if the
// document is not what its schema says. It is for proofs that no damage to an
// input turns a refusal into permission; nothing that decides may use it.
// Whatever is wrong with the tree is in the decision, which never allows then.
func (p *Pack) Probe(ctx context.Context, gate string, tree any, checked bool) (deal.Decision, error) {
	value, err := ast.InterfaceToValue(tree)
	if err != nil {
		return deal.Decision{}, deal.Errorf(deal.Invalid, "document cannot be read: %w", err)
	}
	given := subject{value: ast.NewTerm(value)}
	e, _, d := p.entranceOf(given.value)
	if checked {
		given = e.checked(given.value)
	}
	evaluation, err := p.evaluate(ctx, e, gate, d, given)
	return evaluation.Decision, err
}

// entranceOf finds out where a document belongs, and begins its decision.
func (p *Pack) entranceOf(document *ast.Term) (e *entrance, gate string, d deal.Decision) {
	if find(document, "operation") != nil {
		command, _ := find(document, "operation", "command").(ast.String)
		verb, _ := find(document, "operation", "verb").(ast.String)
		at, _ := find(document, "operation", "at").(ast.String)
		// A time that cannot be read is none, and the schema says so.
		when, _ := time.Parse(time.RFC3339Nano, string(at))
		return &p.operations, string(verb), deal.Decision{Act: sha256.Sum256([]byte(command)), At: when.UTC()}
	}
	name, _ := find(document, "act", "name").(ast.String)
	id, _ := find(document, "act", "id").(ast.String)
	// The same for an id.
	act, _ := deal.ParseCommitment(string(id))
	var at time.Time
	if now := find(document, "now"); now != nil {
		if n, ok := whole(ast.NewTerm(now)); ok {
			at = moment(n).time()
		}
	}
	return &p.acts, string(name), deal.Decision{Act: act, At: at}
}
