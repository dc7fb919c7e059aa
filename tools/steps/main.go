// Command steps writes docs/steps.md: the standard plan in words, made from the
// plan itself.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"cession/deal"
)

func main() { write(os.Stdout, deal.Standard()) }

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
