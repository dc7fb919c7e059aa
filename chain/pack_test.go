package chain

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/deal"
)

func calls(call json.RawMessage, data []byte) bool {
	return bytes.Contains(call, []byte(hex.EncodeToString(data)))
}

func TestPackRefuses(t *testing.T) {
	mint := deal.MintTerms{Root: deal.Commitment{1}, Count: 1, Face: deal.Amount{Minor: 1, Currency: "EUR"}}
	badMint := func(change func(*deal.MintTerms)) deal.Call {
		terms := mint
		change(&terms)
		return deal.Call{Mint: &deal.Mint{Terms: terms}}
	}
	price := func(s string) deal.Call { return deal.Call{Refund: &deal.EscrowEnd{Terms: deal.EscrowTerms{Price: s}}} }
	for name, tt := range map[string]struct {
		call deal.Call
		want deal.Kind
	}{
		"mint":                {deal.Call{Mint: &deal.Mint{Terms: mint}}, ""},
		"refund":              {price("1"), ""},
		"nothing":             {deal.Call{}, deal.Invalid},
		"anchor of nothing":   {deal.Call{Anchor: &deal.Anchor{Count: 1}}, deal.Invalid},
		"anchor of none":      {deal.Call{Anchor: &deal.Anchor{Root: deal.Commitment{1}}}, deal.Invalid},
		"anchor of too many":  {deal.Call{Anchor: &deal.Anchor{Root: deal.Commitment{1}, Count: math.MaxUint32 + 1}}, deal.Invalid},
		"mint without root":   {badMint(func(t *deal.MintTerms) { t.Root = deal.Commitment{} }), deal.Invalid},
		"mint of none":        {badMint(func(t *deal.MintTerms) { t.Count = 0 }), deal.Invalid},
		"mint of too many":    {badMint(func(t *deal.MintTerms) { t.Count = math.MaxUint32 + 1 }), deal.Invalid},
		"mint of a debt":      {badMint(func(t *deal.MintTerms) { t.Face.Minor = -1 }), deal.Invalid},
		"mint in no currency": {badMint(func(t *deal.MintTerms) { t.Face.Currency = "EURO" }), deal.Invalid},
		"append":              {deal.Call{Append: &deal.Append{New: deal.Commitment{1}, Count: 1}}, ""},
		"append of nothing":   {deal.Call{Append: &deal.Append{Count: 1}}, deal.Invalid},
		"append of none":      {deal.Call{Append: &deal.Append{New: deal.Commitment{1}}}, deal.Invalid},
		"append of too many":  {deal.Call{Append: &deal.Append{New: deal.Commitment{1}, Count: math.MaxUint32 + 1}}, deal.Invalid},
		"price 0":             {price("0"), deal.Invalid},
		"price -1":            {price("-1"), deal.Invalid},
		"price in hex":        {price("0x10"), deal.Invalid},
		"price with zeros":    {price("010"), deal.Invalid},
		"price in words":      {price("ten"), deal.Invalid},
		"no price":            {price(""), deal.Invalid},
		"price of 257 bits":   {price(new(big.Int).Lsh(big.NewInt(1), 256).String()), deal.Invalid},
		"permit of 64 bytes": {deal.Call{Fund: &deal.EscrowFund{
			Terms: deal.EscrowTerms{Price: "1"}, Permit: deal.Permit{Signature: make(deal.Bytes, 64)},
		}}, deal.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Pack(tt.call, testMarket())
			if deal.KindOf(err) != tt.want || (tt.want == "") != (err == nil) {
				t.Errorf("pack: %v, want kind %q", err, tt.want)
			}
		})
	}
}

// TestRevertReason: every error of the contracts has its name, and foreign
// texts cannot do harm where they are shown.
func TestRevertReason(t *testing.T) {
	selector := func(signature string) []byte { return crypto.Keccak256([]byte(signature))[:4] }
	text := func(s string) []byte {
		data := append([]byte{}, errorSelector...)
		data = append(data, common.BigToHash(big.NewInt(32)).Bytes()...)
		data = append(data, common.BigToHash(big.NewInt(int64(len(s)))).Bytes()...)
		return append(data, common.RightPadBytes([]byte(s), (len(s)+31)/32*32)...)
	}
	for _, tt := range []struct {
		data []byte
		want string
	}{
		{nil, "Reverted"},
		{[]byte{1, 2, 3}, "Reverted"},
		{selector("AlreadyMinted(uint256)"), "AlreadyMinted"},
		{selector("AlreadySettled(bytes32)"), "AlreadySettled"},
		{selector("EmptyAnchor()"), "EmptyAnchor"},
		{selector("ERC20InsufficientBalance(address,uint256,uint256)"), "ERC20InsufficientBalance"},
		{selector("ERC721NonexistentToken(uint256)"), "ERC721NonexistentToken"},
		{selector("Nobody(uint256)"), "0x" + hex.EncodeToString(selector("Nobody(uint256)"))},
		{text("paused"), "Error(paused)"},
		{text("\x1b[31mred\n\x00é"), "Error([31mred)"},
		{text(strings.Repeat("long ", 100)), "Error(" + strings.Repeat("long ", 16) + ")"},
		{errorSelector, "Error()"},
		{append(append([]byte{}, panicSelector...), common.LeftPadBytes([]byte{0x11}, 32)...), "Panic(0x11)"},
		{panicSelector, "0x4e487b71"},
	} {
		if have := RevertReason(tt.data); have != tt.want {
			t.Errorf("reason of %x: %q, want %q", tt.data, have, tt.want)
		}
	}
}

func TestDecodeWithoutEffect(t *testing.T) {
	m := testMarket()
	root := deal.Commitment{1}
	call := deal.Call{Anchor: &deal.Anchor{Root: root, Count: 1}}
	e, err := effectOf(call, m)
	if err != nil {
		t.Fatal(err)
	}
	block := Block{Number: 7, Hash: common.Hash{7}, Time: time.Unix(1_800_000_000, 0).UTC()}
	done := func() types.Log { return types.Log{Address: e.contract, Topics: e.topics, Index: 4} }
	for name, tt := range map[string]struct {
		change func(*types.Receipt, *types.Log)
		ok     bool
		reason string
		kind   deal.Kind
	}{
		"done":             {func(*types.Receipt, *types.Log) {}, true, "", ""},
		"reverted":         {func(r *types.Receipt, _ *types.Log) { r.Status = 0 }, false, ReasonReverted, ""},
		"no event":         {func(r *types.Receipt, _ *types.Log) { r.Logs = nil }, false, ReasonNoEffect, ""},
		"another contract": {func(_ *types.Receipt, l *types.Log) { l.Address = common.Address{9} }, false, ReasonNoEffect, ""},
		"another root":     {func(_ *types.Receipt, l *types.Log) { l.Topics = []common.Hash{l.Topics[0], {9}} }, false, ReasonNoEffect, ""},
		"another event":    {func(_ *types.Receipt, l *types.Log) { l.Topics = []common.Hash{{9}, l.Topics[1]} }, false, ReasonNoEffect, ""},
		"anonymous event":  {func(_ *types.Receipt, l *types.Log) { l.Topics = nil }, false, ReasonNoEffect, ""},
		"removed":          {func(_ *types.Receipt, l *types.Log) { l.Removed = true }, false, ReasonNoEffect, ""},
		"another block":    {func(r *types.Receipt, _ *types.Log) { r.BlockHash = common.Hash{9} }, false, "", deal.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			log := done()
			r := &types.Receipt{Status: 1, BlockHash: block.Hash, TxHash: common.Hash{3}, GasUsed: 5, EffectiveGasPrice: big.NewInt(6), Logs: []*types.Log{{}, &log}}
			tt.change(r, &log)
			have, err := Decode(call, m, r, block)
			if have.OK != tt.ok || have.Reason != tt.reason || deal.KindOf(err) != tt.kind {
				t.Errorf("decoded %+v, %v; want ok %v, reason %q, kind %q", have, err, tt.ok, tt.reason, tt.kind)
			}
			want := deal.Receipt{
				Call: "notary.anchor", OK: true, Tx: deal.Commitment{3}, Block: 7, Time: block.Time,
				LogIndex: 4, Gas: 5, GasPrice: 6, Result: root,
			}
			if tt.ok && have != want {
				t.Errorf("decoded %+v, want %+v", have, want)
			}
		})
	}
}
