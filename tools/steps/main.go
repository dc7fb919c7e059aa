// Command steps writes the standard plan in words, made from the plan itself:
// docs/steps.md, and the life of a deal in README.md. It runs in the root of
// the project.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cession/deal"
)

func main() {
	if err := generate(".", deal.Standard()); err != nil {
		fmt.Fprintln(os.Stderr, "steps:", err)
		os.Exit(1)
	}
}

func generate(root string, p deal.Plan) error {
	var steps strings.Builder
	write(&steps, p)
	if err := os.WriteFile(filepath.Join(root, "docs", "steps.md"), []byte(steps.String()), 0o644); err != nil {
		return err
	}
	readme := filepath.Join(root, "README.md")
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	renewed, err := replaceLife(string(text), life(p))
	if err != nil {
		return err
	}
	return os.WriteFile(readme, []byte(renewed), 0o644)
}

// The life of a deal stands between these lines of README.md.
const lifeBegins, lifeEnds = "<!-- life of a deal: generated -->\n", "<!-- end -->\n"

func replaceLife(readme, life string) (string, error) {
	before, rest, ok := strings.Cut(readme, lifeBegins)
	_, after, ok2 := strings.Cut(rest, lifeEnds)
	if !ok || !ok2 {
		return "", errors.New("README.md lacks the lines between which the life of a deal stands")
	}
	return before + lifeBegins + life + lifeEnds + after, nil
}

// life lists the steps, a line each, with what can be done in them.
func life(p deal.Plan) string {
	var b strings.Builder
	b.WriteString("| | step | who does what |\n|---|---|---|\n")
	for _, s := range p.Steps {
		var acts []string
		for _, a := range s.Actions {
			acts = append(acts, roles(a.By)+" `"+a.ID+"`")
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s.Scope, s.Title, strings.Join(acts, ", "))
	}
	return b.String()
}

func write(w io.Writer, p deal.Plan) {
	fmt.Fprintf(w, "# The steps of the %s plan, version %d\n\nGenerated from `deal/` by `make generate`. A deal keeps the plan it was opened with.\n", p.Name, p.Version)
	for _, s := range p.Steps {
		fmt.Fprintf(w, "\n## %s (`%s`)\n\n%s\n\n%s\n\n", s.Title, s.ID, s.Doc, place(s))
		fmt.Fprintln(w, "| action | who | what | fields | then |\n|---|---|---|---|---|")
		for _, a := range s.Actions {
			fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s |\n", a.ID, roles(a.By), a.Title, fields(a.Fields), then(a))
		}
	}
}

// place says where the step stands in the plan.
func place(s deal.Step) string {
	words := []string{"Once per " + string(s.Scope) + "."}
	if len(s.After) > 0 {
		words = append(words, "After `"+strings.Join(s.After, "`, `")+"`.")
	}
	if len(s.Until) > 0 {
		words = append(words, "Until `"+strings.Join(s.Until, "`, `")+"`.")
	}
	if s.Reaches != "" {
		words = append(words, "Reaches *"+string(s.Reaches)+"*.")
	}
	if s.Deadline > 0 {
		words = append(words, fmt.Sprintf("%d days, then *%s*.", s.Deadline/(24*time.Hour), s.Expires.State))
	}
	if s.DueBy != "" {
		words = append(words, "Due by `"+s.DueBy+"`, then *"+string(s.Expires.State)+"*.")
	}
	return strings.Join(words, " ")
}

func roles(by []deal.Role) string {
	words := make([]string, len(by))
	for i, r := range by {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

func fields(list []deal.Field) string {
	words := make([]string, len(list))
	for i, f := range list {
		words[i] = "`" + f.ID + "` " + string(f.Kind)
		if f.Optional {
			words[i] += "?"
		}
	}
	return strings.Join(words, "<br>")
}

func then(a deal.Action) string {
	var words []string
	if a.Effect != "" {
		words = append(words, "effect `"+a.Effect+"`")
	}
	if a.Record {
		words = append(words, "notarized")
	}
	if a.Repeat {
		words = append(words, "repeatable")
	}
	if a.Closes {
		words = append(words, "step done")
	}
	if a.Ends != "" {
		words = append(words, "ends *"+string(a.Ends)+"*")
	}
	return strings.Join(words, ", ")
}
