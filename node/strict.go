package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"cession/deal"
)

// maxNesting is how deep a request body may be.
const maxNesting = 32

// strict refuses JSON that two readers could understand differently. Each thing
// has its own words, which repeat nothing of the body.
func strict(body []byte) error {
	if !utf8.Valid(body) {
		return unreadable("text that is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := strictValue(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return unreadable("something after its end")
	}
	return nil
}

func unreadable(what string) error {
	return deal.Errorf(deal.Invalid, "request body has %s: want one JSON value of the documented form", what)
}

func strictValue(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return unreadable("what is no JSON")
	}
	switch t := t.(type) {
	case json.Number:
		return wholeNumber(t)
	case string:
		return readable(t)
	case json.Delim:
		if depth == maxNesting {
			return unreadable("more than " + strconv.Itoa(maxNesting) + " levels")
		}
		return strictMembers(d, t == '{', depth+1)
	}
	return nil
}

// strictMembers reads what is in an object or list, and its end.
func strictMembers(d *json.Decoder, object bool, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		if object {
			t, err := d.Token()
			if err != nil {
				return unreadable("what is no JSON")
			}
			name, _ := t.(string)
			if err := readable(name); err != nil {
				return err
			}
			if name = strings.ToLower(name); seen[name] { // encoding/json does not tell them apart
				return unreadable("a member twice")
			}
			seen[name] = true
		}
		if err := strictValue(d, depth); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return unreadable("what is no JSON")
	}
	return nil
}

func wholeNumber(n json.Number) error {
	_, err := strconv.ParseInt(n.String(), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return unreadable("a number that needs more than 64 bits")
	case err != nil:
		return unreadable("a number that is not whole")
	}
	return nil
}

// readable refuses what a reader puts in the place of half a character.
func readable(text string) error {
	if strings.ContainsRune(text, utf8.RuneError) {
		return unreadable("a character that cannot be read")
	}
	return nil
}
