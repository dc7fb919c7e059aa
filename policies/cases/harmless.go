package cases

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// Harmless is a mutation that is right to allow, and why: most often what is
// taken away is itself the reason for the refusal.
type Harmless struct {
	Mutation
	Reason string
	File   string
	Line   int
}

func (h Harmless) where() string { return fmt.Sprintf("%s:%d", h.File, h.Line) }

// readHarmless gives each case its entries of cases/harmless.yaml, a list of
//
//   - case: guidance above the face amount
//     mutation: drop act.fields.guidance
//     reason: Guidance is optional, so none is better than a wrong one.
//
// A pack without the file has none.
func readHarmless(fsys fs.FS, all []Case) error {
	file := path.Join(Folder, harmlessFile)
	b, err := readFile(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	items, err := sequence(file, b)
	if err != nil {
		return err
	}
	var errs []error
	for _, item := range items {
		h := Harmless{File: file, Line: item.Line}
		name, err := h.read(item)
		i := slices.IndexFunc(all, func(c Case) bool { return c.Name == name })
		switch {
		case err != nil:
			errs = append(errs, fault(file, item.Line, "%w", err))
		case i < 0:
			errs = append(errs, fault(file, item.Line, "there is no case %.60q", name))
		default:
			all[i].Harmless = append(all[i].Harmless, h)
		}
	}
	return errors.Join(errs...)
}

func (h *Harmless) read(item *yaml.Node) (name string, err error) {
	entries, err := entriesOf(item)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		switch e.key {
		case "case":
			name, err = word(e.value)
		case "reason":
			h.Reason, err = word(e.value)
		case "mutation":
			err = h.mutation(e.value)
		default:
			err = deal.Errorf(deal.Invalid, "want case, mutation and reason, have %.40q", e.key)
		}
		if err != nil {
			return "", err
		}
	}
	if name == "" || h.Path == "" || h.Reason == "" {
		return "", deal.Errorf(deal.Invalid, "want case, mutation and reason")
	}
	return name, nil
}

// mutation reads "drop element done.escrow.deposit".
func (h *Harmless) mutation(n *yaml.Node) error {
	text, err := word(n)
	if err != nil {
		return err
	}
	i := strings.LastIndex(text, " ")
	h.Kind, h.Path = MutationKind(text[:max(0, i)]), text[i+1:]
	if !slices.Contains([]MutationKind{Dropped, Emptied, Retyped, Shortens}, h.Kind) {
		return deal.Errorf(deal.Invalid, "mutation %.60q: want drop, null, retype or drop element, and a path", text)
	}
	return nil
}
