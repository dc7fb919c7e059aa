package policies

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// answer is what one rule says.
type answer struct {
	result     deal.RuleResult // without id, title and citation
	obligation string
	need       *need
}

// The keys of an answer.
var (
	keyState      = ast.StringTerm("state")
	keyActual     = ast.StringTerm("actual")
	keyThreshold  = ast.StringTerm("threshold")
	keyObligation = ast.StringTerm("obligation")
	keyNeed       = ast.StringTerm("need")
)

// read reads the answer of a rule. Anything but a plain pass or fail, or an
// obligation or a need that cannot be read, is not evaluated.
func read(term *ast.Term, wordings []wording) (a answer) {
	if term == nil {
		return a
	}
	if list, ok := term.Value.(*ast.Array); ok {
		return unfold(list, wordings)
	}
	o, ok := term.Value.(ast.Object)
	if !ok {
		return a
	}
	a.result.Actual, a.result.Threshold = shown(o.Get(keyActual)), shown(o.Get(keyThreshold))
	switch stringOf(o.Get(keyState)) {
	case string(deal.Pass):
		a.result.State = deal.Pass
	case string(deal.Fail):
		a.result.State = deal.Fail
	}
	if given := o.Get(keyObligation); given != nil {
		if a.obligation = stringOf(given); a.obligation == "" {
			a.result.State = deal.NotEvaluated
		}
	}
	if given := o.Get(keyNeed); given != nil {
		if a.need = readNeed(given); a.need == nil {
			a.result.State = deal.NotEvaluated
		}
	}
	return a
}

func stringOf(term *ast.Term) string {
	if term == nil {
		return ""
	}
	s, _ := term.Value.(ast.String)
	return string(s)
}

// shown writes a figure, within bounds.
func shown(term *ast.Term) string {
	if term == nil {
		return ""
	}
	var b strings.Builder
	if !figure(&b, term.Value) || b.Len() > maxFigure {
		return withheld
	}
	return b.String()
}

// figure writes what a rule shows as people read it, which the engine would
// take long for: texts and numbers as they are, a list one after the other, an
// amount as {"minor", "currency"}, a time as {"ms"}, a commitment's first bytes
// as {"short"}, a list with something between as {"join", "with"}, a field of an
// act by its value, and a screening by what it found.
func figure(b *strings.Builder, v ast.Value) bool {
	switch v := v.(type) {
	case ast.String:
		b.WriteString(string(v))
	case ast.Number:
		b.WriteString(string(v))
	case ast.Boolean:
		b.WriteString(strconv.FormatBool(bool(v)))
	case *ast.Array:
		return list(b, v, "")
	case ast.Object:
		return compound(b, v)
	default:
		return false
	}
	return true
}

func list(b *strings.Builder, v *ast.Array, between string) bool {
	for i := range v.Len() {
		if i > 0 {
			b.WriteString(between)
		}
		if b.Len() > maxFigure || !figure(b, v.Elem(i).Value) {
			return false
		}
	}
	return true
}

var (
	keyMinor    = ast.StringTerm("minor")
	keyCurrency = ast.StringTerm("currency")
	keyMS       = ast.StringTerm("ms")
	keyShort    = ast.StringTerm("short")
	keyJoin     = ast.StringTerm("join")
	keyWith     = ast.StringTerm("with")
	keyValue    = ast.StringTerm("value")
	keyEntry    = ast.StringTerm("entry")
	keyScore    = ast.StringTerm("score")
	keyMatch    = ast.StringTerm("match")
)

func compound(b *strings.Builder, o ast.Object) bool {
	if kind, value := o.Get(keyKind), o.Get(keyValue); kind != nil && value != nil {
		return writeValue(b, stringOf(kind), stringOf(value))
	}
	if minor, currency := o.Get(keyMinor), o.Get(keyCurrency); minor != nil && currency != nil {
		return writeAmount(b, minor, currency)
	}
	if entry, score, match := o.Get(keyEntry), o.Get(keyScore), o.Get(keyMatch); entry != nil && score != nil && match != nil {
		return writeScreening(b, entry, score, match)
	}
	if ms := o.Get(keyMS); ms != nil {
		return writeTime(b, ms)
	}
	if short := o.Get(keyShort); short != nil {
		return writeShort(b, short)
	}
	if join := o.Get(keyJoin); join != nil {
		return writeJoin(b, join, stringOf(o.Get(keyWith)))
	}
	return false
}

// writeValue shows a field of an act: commitments by their first bytes, keys by
// those of their digest, signatures not at all.
func writeValue(b *strings.Builder, kind, value string) bool {
	switch deal.ValueKind(kind) {
	case deal.KindCommitment, deal.KindSealed, deal.KindAct:
		b.WriteString(value[:min(short, len(value))])
	case deal.KindKey:
		sum := sha256.Sum256([]byte(value))
		b.WriteString(hex.EncodeToString(sum[:4]))
	case deal.KindSignature:
		return false
	default:
		b.WriteString(value)
	}
	return value != ""
}

func writeAmount(b *strings.Builder, minor, currency *ast.Term) bool {
	ok := figure(b, minor.Value)
	b.WriteByte(' ')
	return ok && figure(b, currency.Value)
}

func writeScreening(b *strings.Builder, entry, score, match *ast.Term) bool {
	if stringOf(match) == string(MatchNone) {
		b.WriteString("no entry, score 0")
		return true
	}
	b.WriteString("entry ")
	ok := figure(b, entry.Value)
	b.WriteString(", score ")
	ok = figure(b, score.Value) && ok
	b.WriteString(", ")
	return figure(b, match.Value) && ok
}

func writeTime(b *strings.Builder, ms *ast.Term) bool {
	n, ok := whole(ms)
	b.WriteString(timeFigure(moment(n).time()))
	return ok
}

// short is how many characters of a commitment are shown.
const short = 10

func writeShort(b *strings.Builder, term *ast.Term) bool {
	s := stringOf(term)
	b.WriteString(s[:min(short, len(s))])
	return s != ""
}

func writeJoin(b *strings.Builder, join *ast.Term, with string) bool {
	switch items := join.Value.(type) {
	case *ast.Array:
		return list(b, items, with)
	case ast.Set:
		return list(b, ast.NewArray(items.Slice()...), with)
	}
	return false
}

// timeFigure writes a time as rules show it: RFC 3339, to the millisecond.
func timeFigure(t time.Time) string {
	if t.Equal(noEnd.time()) {
		return "further notice"
	}
	return t.UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

func (m moment) time() time.Time { return time.UnixMilli(int64(m)).UTC() }

func whole(term *ast.Term) (int64, bool) {
	if term == nil {
		return 0, false
	}
	number, ok := term.Value.(ast.Number)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	return n, err == nil
}
