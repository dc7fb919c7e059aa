package packs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"cession/deal"
)

// maxDepth of JSON that is read here.
const maxDepth = 16

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
// ways: no key twice or in another case, none that is not known, valid UTF-8,
// nothing behind its end.
func strictJSON(text []byte, into any) error {
	if !utf8.Valid(text) {
		return errors.New("not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := uniqueKeys(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the end")
	}
	d = json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// uniqueKeys reads one value. Keys are compared as encoding/json matches them
// with fields: without regard to case.
func uniqueKeys(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	open, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	if depth == maxDepth {
		return errors.New("nested too deeply")
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			folded := strings.ToLower(strings.ToUpper(name))
			if seen[folded] {
				return fmt.Errorf("the key %.40q stands there twice", name)
			}
			seen[folded] = true
		}
		if err := uniqueKeys(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token() // the closing one
	return err
}
