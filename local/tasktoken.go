package local

import (
	"crypto/hmac"
	"crypto/sha256"

	"google.golang.org/protobuf/encoding/protowire"

	"cession/deal"
)

// tokenSealer binds an activity's task token to the party that polled it.
//
// A Temporal task token is a protobuf message without any authentication:
// whoever knows a workflow's ids can write one and complete another's activity.
// The seal is HMAC-SHA256 over party, 0 and token, appended as a protobuf field
// the server does not know. So the sealed token still parses in the server's
// interceptors that read it before ours run. The party's characters exclude 0.
type tokenSealer struct{ key []byte }

// sealField is a field number far from those the token uses (1 to 15).
const sealField protowire.Number = 4095

var sealHeader = protowire.AppendVarint(protowire.AppendTag(nil, sealField, protowire.BytesType), sha256.Size)

// newTokenSealer derives its key from the operator's, so that a node can answer
// after the server restarted.
func newTokenSealer(operatorKey string) tokenSealer {
	mac := hmac.New(sha256.New, []byte(operatorKey))
	mac.Write([]byte("cession task token v1"))
	return tokenSealer{key: mac.Sum(nil)}
}

func (s tokenSealer) seal(party deal.PartyID, token []byte) []byte {
	sealed := append(append([]byte(nil), token...), sealHeader...)
	return append(sealed, s.mac(party, token)...)
}

// verify reports whether seal made the token for this party. The seal has to be
// at the very end: protobuf lets later fields override earlier ones.
func (s tokenSealer) verify(party deal.PartyID, sealed []byte) bool {
	n := len(sealed) - len(sealHeader) - sha256.Size
	if n <= 0 || string(sealed[n:n+len(sealHeader)]) != string(sealHeader) {
		return false
	}
	return hmac.Equal(sealed[n+len(sealHeader):], s.mac(party, sealed[:n]))
}

func (s tokenSealer) mac(party deal.PartyID, token []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(party))
	mac.Write([]byte{0})
	mac.Write(token)
	return mac.Sum(nil)
}
