package packs

import (
	"bytes"
	"encoding/json"
	"fmt"

	"cession/deal"
	"cession/deal/strict"
)

// refusal words why something is refused; the reason can be asked for with
// [errors.Is].
func refusal(reason error, format string, args ...any) error {
	return deal.Errorf(deal.Refused, "%w: %s", reason, fmt.Sprintf(format, args...))
}

// invalid is [refusal] of what is malformed.
func invalid(reason error, format string, args ...any) error {
	return deal.Errorf(deal.Invalid, "%w: %s", reason, fmt.Sprintf(format, args...))
}

// strictJSON reads one JSON text that two readers cannot understand in two
// ways, and that has no member that is not known.
func strictJSON(text []byte, into any) error {
	if err := strict.Check(text, 0); err != nil {
		return fmt.Errorf("it has %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
