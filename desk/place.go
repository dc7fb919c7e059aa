package desk

import (
	"encoding/base64"
	"encoding/json"
)

// place is where a row stands in a list of transactions or operations. The
// operator alone sees such lists, so it need not be sealed.
type place struct {
	Group uint64 `json:"g"`           // of transactions: stuck, open, ended; of operations: the number in the lane
	At    int64  `json:"t"`           // Unix milliseconds
	Nanos int    `json:"n,omitempty"` // of the millisecond; what the store has is kept without them
	Ref   string `json:"i"`           // intent or command
}

func (p place) String() string {
	b, _ := json.Marshal(p) // two numbers and a string
	return base64.RawURLEncoding.EncodeToString(b)
}

// parsePlace returns nil for "".
func parsePlace(s string) (*place, error) {
	if s == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 200 {
		return nil, errCursor
	}
	p := &place{}
	if err := json.Unmarshal(b, p); err != nil || p.Group > 1<<62 {
		return nil, errCursor
	}
	return p, nil
}
