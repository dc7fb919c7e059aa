package deal

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// TypedData is an EIP-712 message in the JSON form of eth_signTypedData_v4,
// which every wallet reads.
type TypedData struct {
	Types       map[string][]Member `json:"types"`
	PrimaryType string              `json:"primaryType"`
	Domain      map[string]any      `json:"domain"`
	Message     map[string]any      `json:"message"`
}

// Member is one member of an EIP-712 struct type.
type Member struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// solidity maps a kind of value to the EIP-712 type it is signed as.
var solidity = map[ValueKind]string{
	KindAmount: "uint256", KindTime: "uint64", KindCount: "uint64",
	KindCommitment: "bytes32", KindSealed: "bytes32", KindAct: "bytes32",
	KindAddress: "address", KindParty: "string", KindChoice: "string",
	KindKey: "string", KindSignature: "bytes",
}

// TypedData returns the message the signer signs: one type per action, with the
// action's title as its first member, so that a wallet shows readable words.
// Signature fields are part of it, so nobody can swap an authorization.
func (a Act) TypedData(p Plan, m Market) (TypedData, error) {
	_, action, err := p.Action(a.Step, a.Action)
	if err != nil {
		return TypedData{}, err
	}
	t := newTyped("Cession", m.ChainID, m.Escrow, camel(a.Step)+camel(a.Action))
	t.add("statement", "string", action.Title)
	t.add("deal", "string", string(a.Deal))
	t.add("room", "string", string(a.Room))
	t.add("step", "string", a.Step)
	t.add("action", "string", a.Action)
	t.add("party", "string", string(a.Party))
	for _, f := range action.Fields {
		t.addField(f, a.Fields[f.ID])
	}
	t.add("sequence", "uint64", strconv.FormatUint(a.Sequence, 10))
	t.add("salt", "bytes32", a.Salt.String())
	t.add("deadline", "uint64", seconds(a.Deadline))
	return t.TypedData, nil
}

type typed struct{ TypedData }

// newTyped starts a message under an EIP-712 domain {name, version "1", chainId, verifyingContract}.
func newTyped(name string, chain uint64, contract Address, primary string) typed {
	return typed{TypedData{
		Types: map[string][]Member{"EIP712Domain": {
			{"name", "string"}, {"version", "string"}, {"chainId", "uint256"}, {"verifyingContract", "address"},
		}},
		PrimaryType: primary,
		Domain: map[string]any{
			"name": name, "version": "1",
			"chainId": strconv.FormatUint(chain, 10), "verifyingContract": contract.String(),
		},
		Message: map[string]any{},
	}}
}

func (t *typed) add(name, solidityType string, value any) {
	t.Types[t.PrimaryType] = append(t.Types[t.PrimaryType], Member{name, solidityType})
	t.Message[name] = value
}

func (t *typed) addField(f Field, v Value) {
	name := lowerCamel(f.ID)
	switch {
	case f.Kind == KindAmount:
		a := v.Amount()
		t.add(name, "uint256", strconv.FormatInt(a.Minor, 10))
		t.add(name+"Currency", "string", a.Currency)
	case f.Kind == KindTime:
		t.add(name, "uint64", strconv.FormatInt(max(0, unix(v.Time())), 10))
	case f.Kind == KindCount:
		t.add(name, "uint64", strconv.FormatUint(v.Count(), 10))
	case solidity[f.Kind] == "bytes32":
		t.add(name, "bytes32", v.Commitment().String())
	case f.Kind == KindAddress && v.kind == "":
		t.add(name, "address", Address{}.String())
	case f.Kind == KindSignature:
		t.add(name, "bytes", v.Bytes().String())
	default:
		t.add(name, solidity[f.Kind], v.String())
	}
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// Units converts an amount into the smallest unit of the market's currency.
func (m Market) Units(a Amount) (*big.Int, error) {
	if a.Currency != m.Symbol || m.Decimals < 2 {
		return nil, Errorf(Invalid, "amount in %s: this market pays in %s", a.Currency, m.Symbol)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(m.Decimals)-2), nil)
	return scale.Mul(scale, big.NewInt(a.Minor)), nil
}

// camel turns "best_offer" into "BestOffer".
func camel(s string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(s, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

func lowerCamel(s string) string {
	c := camel(s)
	return strings.ToLower(c[:1]) + c[1:]
}
