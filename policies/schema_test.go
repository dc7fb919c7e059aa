package policies

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write schemas/*.schema.json anew")

func TestCommittedSchemasAreCurrent(t *testing.T) {
	for file, want := range map[string][]byte{"schemas/input.schema.json": InputSchema(), "schemas/operation.schema.json": OperationSchema()} {
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not what the Go types say: go test ./policies -run Schema -update", file)
		}
	}
}
