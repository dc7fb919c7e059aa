package packs

import (
	"bytes"
	"crypto/ecdsa"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// Role is what an officer may sign.
type Role string

// The roles. Somebody may have both; nobody may use both on the same pack.
const (
	Maker   Role = "maker"   // signs bundles
	Checker Role = "checker" // signs activations
)

// Officer is a key and the person who holds it. A person may be several
// officers, with a key each, and still counts once.
type Officer struct {
	ID           string     `yaml:"id"`
	Person       string     `yaml:"person"`
	Organization string     `yaml:"organization"`
	Roles        []Role     `yaml:"roles"`
	Key          string     `yaml:"key"` // PKIX, PEM
	From         time.Time  `yaml:"from"`
	Until        time.Time  `yaml:"until"`
	Revoked      *time.Time `yaml:"revoked,omitempty"` // nothing accepted from then on counts; may lie in the past

	public *ecdsa.PublicKey
	human  string // the person, however it is written
}

// Trust says whom to believe. Every desk and node has its own. The zero value
// believes nobody.
type Trust struct {
	Market   string    `yaml:"market"`   // activations are for one market
	Checkers int       `yaml:"checkers"` // how many different persons must sign an activation
	Officers []Officer `yaml:"officers"`
}

// LoadTrust reads a trust file (YAML).
func LoadTrust(file string) (Trust, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return Trust{}, deal.Errorf(deal.NotFound, "read trust file: %w", err)
	}
	return ParseTrust(b)
}

// ParseTrust reads the text of a trust file and checks it.
func ParseTrust(text []byte) (Trust, error) {
	var t Trust
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&t); err != nil {
		return Trust{}, deal.Errorf(deal.Invalid, "read trust file: %w", err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Trust{}, deal.Errorf(deal.Invalid, "read trust file: want one YAML document and nothing after it")
	}
	if err := t.prepare(); err != nil {
		return Trust{}, err
	}
	return t, nil
}

var (
	idForm     = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	marketForm = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._:-]{0,99}$`)
)

func (t *Trust) prepare() error {
	var errs []error
	if !marketForm.MatchString(t.Market) {
		errs = append(errs, deal.Errorf(deal.Invalid, "trust file: want the market's name in letters, digits, points and dashes"))
	}
	persons := map[string]bool{}
	for i := range t.Officers {
		o := &t.Officers[i]
		if err := o.prepare(); err != nil {
			errs = append(errs, deal.Errorf(deal.Invalid, "trust file: officer %.64q: %w", o.ID, err))
			continue
		}
		for _, other := range t.Officers[:i] {
			if other.ID == o.ID || other.public != nil && other.public.Equal(o.public) {
				errs = append(errs, deal.Errorf(deal.Invalid, "trust file: officer %s: the same id or key stands there twice", o.ID))
			}
		}
		if slices.Contains(o.Roles, Checker) {
			persons[o.human] = true
		}
	}
	if t.Checkers < 1 || t.Checkers > len(persons) {
		errs = append(errs, deal.Errorf(deal.Invalid, "trust file: checkers: want 1 up to the %d persons who may check", len(persons)))
	}
	return errors.Join(errs...)
}

func (o *Officer) prepare() (err error) {
	switch {
	case !idForm.MatchString(o.ID):
		return errors.New("want an id of lower-case letters, digits, points and dashes")
	case o.Person == "" || o.Organization == "":
		return errors.New("want the person and the organization")
	case len(o.Roles) == 0 || slices.ContainsFunc(o.Roles, func(r Role) bool { return r != Maker && r != Checker }):
		return errors.New("want roles: maker, checker or both")
	case o.From.IsZero() || !o.Until.After(o.From):
		return errors.New("want from and a later until")
	}
	o.human = strings.ToLower(strings.Join(strings.Fields(o.Person), " "))
	o.public, err = parsePublic(o.Key)
	return err
}

// officer returns who may use a role at a time. What it says of somebody
// unknown is what a stranger's key, the operator's too, gets to hear.
func (t Trust) officer(id string, role Role, at time.Time) (Officer, error) {
	if len(t.Officers) == 0 {
		return Officer{}, refusal(ErrSigner, "there is no trust file, so nobody's signature counts")
	}
	i := slices.IndexFunc(t.Officers, func(o Officer) bool { return o.ID == id })
	if i < 0 {
		return Officer{}, refusal(ErrSigner, "%.64q is nobody the trust file names", id)
	}
	o := t.Officers[i]
	switch {
	case !slices.Contains(o.Roles, role):
		return Officer{}, refusal(ErrSigner, "%s is no %s", id, role)
	case at.Before(o.From) || !at.Before(o.Until):
		return Officer{}, refusal(ErrSigner, "the key of %s counts from %s until %s", id, o.From.UTC().Format(time.RFC3339), o.Until.UTC().Format(time.RFC3339))
	case o.Revoked != nil && !at.Before(*o.Revoked):
		return Officer{}, refusal(ErrSigner, "the key of %s was revoked on %s", id, o.Revoked.UTC().Format(time.RFC3339))
	}
	return o, nil
}
