package policies

import (
	"io/fs"

	"cession/deal"
)

// Missing names the files of the standard pack that a plan still wants: for
// each step its rule file and the test of that, for each action its gate, and
// the same for the commands of operators. The names are relative to the
// repository.
func Missing(plan deal.Plan) []string {
	return missing(StandardFS(), "policies/standard/", plan)
}

func missing(fsys fs.FS, prefix string, plan deal.Plan) (files []string) {
	// A manifest that cannot be read has no gates.
	m, _ := readManifest(fsys)
	need := func(file string) {
		if _, err := fs.Stat(fsys, file); err != nil {
			files = append(files, prefix+file)
		}
	}
	for _, step := range plan.Steps {
		need(step.ID + ".rego")
		need(step.ID + "_test.rego")
		for _, action := range step.Actions {
			if name := step.ID + "." + action.ID; len(m.Gates[name].Rules) == 0 {
				files = append(files, prefix+manifestFile+": gate "+name)
			}
		}
	}
	need("operation.rego")
	need("operation_test.rego")
	for _, verb := range verbs {
		if len(m.Operations[verb].Rules) == 0 {
			files = append(files, prefix+manifestFile+": operation "+verb)
		}
	}
	return files
}
