package policies

import (
	"io/fs"

	"cession/deal"
)

// Missing names the files of the standard pack that a plan still wants: for
// each step its rule file and the test of that, and for each action its gate.
// The names are relative to the repository.
func Missing(plan deal.Plan) []string {
	return missing(StandardFS(), "policies/standard/", plan)
}

func missing(fsys fs.FS, prefix string, plan deal.Plan) (files []string) {
	// A manifest that cannot be read has no gates.
	m, _ := readManifest(fsys)
	for _, step := range plan.Steps {
		for _, file := range []string{step.ID + ".rego", step.ID + "_test.rego"} {
			if _, err := fs.Stat(fsys, file); err != nil {
				files = append(files, prefix+file)
			}
		}
		for _, action := range step.Actions {
			if name := step.ID + "." + action.ID; len(m.Gates[name].Rules) == 0 {
				files = append(files, prefix+manifestFile+": gate "+name)
			}
		}
	}
	return files
}
