package chain

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/deal"
)

// mail is the example of EIP-712, with its results.
const mail = `{
	"types": {
		"EIP712Domain": [{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
		"Person": [{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
		"Mail": [{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]
	},
	"primaryType": "Mail",
	"domain": {"name":"Ether Mail","version":"1","chainId":1,"verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
	"message": {
		"from": {"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
		"to": {"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
		"contents": "Hello, Bob!"
	}
}`

func TestMailOfEIP712(t *testing.T) {
	var message deal.TypedData
	if err := json.Unmarshal([]byte(mail), &message); err != nil {
		t.Fatal(err)
	}
	hash, err := StructHash(message)
	if want := "0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e"; err != nil || hash.String() != want {
		t.Errorf("struct hash %s, %v; want %s", hash, err, want)
	}
	digest, err := Digest(message)
	if want := "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"; err != nil || digest.String() != want {
		t.Errorf("digest %s, %v; want %s", digest, err, want)
	}
	cow := party(t, "cow")
	sig, err := cow.SignTypedData(message)
	want := "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c"
	if err != nil || sig.String() != want {
		t.Errorf("signature %s, %v; want %s", sig, err, want)
	}
	if by, err := Recover(digest, sig); err != nil || by != cow.Address() {
		t.Errorf("recovered %s, %v; want %s", by, err, cow.Address())
	}
}

// TestMembers compares each type of member with its encoding as EIP-712 words it.
func TestMembers(t *testing.T) {
	word := func(b ...byte) []byte { return common.LeftPadBytes(b, 32) }
	for _, tt := range []struct {
		solidity string
		value    any
		want     []byte
	}{
		{"string", "", crypto.Keccak256()},
		{"string", "0x12", crypto.Keccak256([]byte("0x12"))},
		{"string", "Zürich", crypto.Keccak256([]byte("Zürich"))},
		{"bytes", "0x", crypto.Keccak256()},
		{"bytes", "0x0102", crypto.Keccak256([]byte{1, 2})},
		{"bytes3", "0x455552", common.RightPadBytes([]byte("EUR"), 32)},
		{"bytes32", deal.Commitment{31: 7}.String(), word(7)},
		{"uint64", "0", word()},
		{"uint64", "18446744073709551615", word(255, 255, 255, 255, 255, 255, 255, 255)},
		{"uint128", "256", word(1, 0)},
		{"uint256", "115792089237316195423570985008687907853269984665640564039457584007913129639935", common.Hash(common.MaxHash).Bytes()},
		{"address", deal.Address{19: 9}.String(), word(9)},
	} {
		t.Run(tt.solidity, func(t *testing.T) {
			typeHash := crypto.Keccak256([]byte("Thing(" + tt.solidity + " it)"))
			want := Keccak(typeHash, tt.want)
			have, err := StructHash(thing(tt.solidity, tt.value))
			if err != nil || have != want {
				t.Errorf("%s %v: hash %s, %v; want %s", tt.solidity, tt.value, have, err, deal.Commitment(want))
			}
		})
	}
}

// thing is a message with one member.
func thing(solidity string, value any) deal.TypedData {
	message := deal.MintTerms{}.TypedData(deal.Market{ChainID: 1})
	message.Types = maps.Clone(message.Types)
	message.Types["Thing"] = []deal.Member{{Name: "it", Type: solidity}}
	message.PrimaryType, message.Message = "Thing", map[string]any{"it": value}
	return message
}

func TestUnfitMessages(t *testing.T) {
	twice := thing("uint8", "1")
	twice.Types["Thing"] = append(twice.Types["Thing"], twice.Types["Thing"][0])
	extra := thing("uint8", "1")
	extra.Message["more"] = "1"
	missing := thing("uint8", "1")
	missing.Message = map[string]any{}
	nameless := thing("uint8", "1")
	nameless.PrimaryType = "Other"
	domain := thing("uint8", "1")
	domain.Domain = maps.Clone(domain.Domain)
	domain.Domain["more"] = "1"
	for name, message := range map[string]deal.TypedData{
		"too large":        thing("uint8", "256"),
		"negative":         thing("uint64", "-1"),
		"no number":        thing("uint64", "one"),
		"fraction":         thing("uint64", 1.5),
		"four for three":   thing("bytes3", "0x45555200"),
		"short address":    thing("address", "0x01"),
		"no hex":           thing("bytes", "hello"),
		"number as string": thing("string", 1),
		"unknown type":     thing("money", "1"),
		"no type":          thing("", "1"),
		"member twice":     twice,
		"extra member":     extra,
		"missing member":   missing,
		"unknown primary":  nameless,
		"unknown domain":   domain,
		"nothing":          {},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Digest(message); deal.KindOf(err) != deal.Invalid {
				t.Errorf("digest: %v, want kind invalid", err)
			}
		})
	}
}

// TestDigestSurvivesJSON: what a browser sends back is what was signed.
func TestDigestSurvivesJSON(t *testing.T) {
	terms := deal.MintTerms{Count: 3, Face: deal.Amount{Minor: 1 << 60, Currency: "EUR"}, Due: time.Unix(1_800_000_000, 0)}
	message := terms.TypedData(deal.Market{ChainID: 1})
	want, err := Digest(message)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var again deal.TypedData
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if have, err := Digest(again); err != nil || have != want {
		t.Errorf("digest after JSON %s, %v; want %s", have, err, want)
	}
}
