package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	yaml "go.yaml.in/yaml/v3"
)

// settingsFrom reads settings from a file's text, an environment and flags.
func settingsFrom(t *testing.T, file string, environ []string, args ...string) (configured, error) {
	t.Helper()
	name := ""
	if file != "" {
		name = filepath.Join(t.TempDir(), "node.yaml")
		if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := &cobra.Command{}
	addNodeFlags(c)
	c.Flags().String("home", "", "")
	if err := c.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return loadSettings(c.Flags(), name, environ)
}

func TestSettingsPrecedence(t *testing.T) {
	file := "party: of-file\nlisten: 10.0.0.1:1\ntransfer-limit: 20MiB\ns3-tls: false\npolicy-source: [one, two]\nlog-level: warn\n"
	environ := []string{"CESSION_NODE_LISTEN=10.0.0.2:2", "CESSION_NODE_READ_RATE=1.5", "CESSION_NODE_DESK=https://desk.example", "CESSION_HOME=/of/all", "OTHER=1"}
	c, err := settingsFrom(t, file, environ, "--listen", "10.0.0.3:3", "--confirmations=7")
	if err != nil {
		t.Fatal(err)
	}
	if c.Party != "of-file" || c.Listen != "10.0.0.3:3" || c.ReadRate != 1.5 || c.Depth != 7 || c.TransferLimit != 20<<20 || c.S3TLS ||
		strings.Join(c.PolicySource, " ") != "one two" || c.LogLevel.String() != "warn" || c.Home != "/of/all" || c.S3Bucket != "cession" || c.TransferParallel != 3 {
		t.Errorf("have %+v", c.nodeSettings)
	}
	for key, want := range map[string]string{
		"listen": "flag --listen", "read-rate": "environment CESSION_NODE_READ_RATE", "home": "environment CESSION_HOME",
		"s3-bucket": "default", "market": "",
	} {
		if c.from[key] != want {
			t.Errorf("%s is from %q, want %q", key, c.from[key], want)
		}
	}
	if !strings.HasPrefix(c.from["party"], "file ") {
		t.Errorf("party is from %q, want the file", c.from["party"])
	}
	if err := c.complete(); err == nil || !strings.Contains(err.Error(), "temporal-address, rpc-url") {
		t.Errorf("have %v, want what is missing", err)
	}
}

// TestSettingsErrors: each names the key and the source, and none the value,
// which may be a secret in the wrong place.
func TestSettingsErrors(t *testing.T) {
	const canary = "hunter2"
	for name, c := range map[string]struct {
		file    string
		environ []string
		args    []string
		want    []string
	}{
		"unknown in file":       {file: "s3-secret-key: " + canary, want: []string{"node.yaml", "s3-secret-key", "unknown"}},
		"nested in file":        {file: "s3:\n  key: " + canary, want: []string{"node.yaml", `"s3"`, "unknown"}},
		"unknown in environ":    {environ: []string{"CESSION_NODE_PARTI=" + canary}, want: []string{"CESSION_NODE_PARTI", "unknown"}},
		"not YAML":              {file: "party: [" + canary, want: []string{"node.yaml", "YAML"}},
		"twice":                 {file: "party: a\nparty: " + canary, want: []string{"node.yaml", "once"}},
		"number for text":       {file: "party: 5", want: []string{"node.yaml", "party", "a text"}},
		"text for a number":     {file: "transfer-parallel: " + canary, want: []string{"node.yaml", "transfer-parallel", "whole number"}},
		"text for a bool":       {environ: []string{"CESSION_NODE_S3_TLS=" + canary}, want: []string{"CESSION_NODE_S3_TLS", "s3-tls", "true or false"}},
		"nothing for a number":  {environ: []string{"CESSION_NODE_CONFIRMATIONS="}, want: []string{"CESSION_NODE_CONFIRMATIONS", "whole number"}},
		"negative":              {args: []string{"--read-rate=-1"}, want: []string{"--read-rate", "from 0"}},
		"too many":              {args: []string{"--transfer-parallel=17"}, want: []string{"--transfer-parallel", "1 to 16"}},
		"not a size":            {args: []string{"--transfer-limit", canary}, want: []string{"--transfer-limit", "20MiB"}},
		"not a duration":        {args: []string{"--maximum-lag", canary}, want: []string{"--maximum-lag", "duration"}},
		"not a URL":             {args: []string{"--desk", canary}, want: []string{"--desk", "URL"}},
		"not an address":        {args: []string{"--listen", canary}, want: []string{"--listen", "host:port"}},
		"not a level":           {args: []string{"--log-level", canary}, want: []string{"--log-level", "debug"}},
		"two errors, both told": {file: "party: 5", args: []string{"--read-rate=x"}, want: []string{"party", "--read-rate"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := settingsFrom(t, c.file, c.environ, c.args...)
			if err == nil || exitCode(err) != exitUsage {
				t.Fatalf("have error %v, exit code %d", err, exitCode(err))
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v does not tell %q", err, want)
				}
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("%v repeats the value", err)
			}
		})
	}
	if _, err := loadSettings(nil, filepath.Join(t.TempDir(), "none.yaml"), nil); err == nil || exitCode(err) != exitUsage {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestExampleSettings: the example can be read, and with the comment signs taken
// away it has every setting, with the default where there is one.
func TestExampleSettings(t *testing.T) {
	var b bytes.Buffer
	if err := writeExample(&b); err != nil {
		t.Fatal(err)
	}
	c, err := settingsFrom(t, b.String(), nil)
	if err != nil || c.complete() != nil {
		t.Errorf("as it is: %v, %v", err, c.complete())
	}
	var all strings.Builder
	for line := range strings.Lines(b.String()) {
		if bare, ok := strings.CutPrefix(line, "# "); ok {
			for _, s := range nodeKeysOf {
				if strings.HasPrefix(bare, s.key+": ") {
					line = bare
				}
			}
		}
		all.WriteString(line)
	}
	if _, err := settingsFrom(t, all.String(), nil); err != nil {
		t.Errorf("in full: %v", err)
	}
	var keys map[string]any
	if err := yaml.Unmarshal([]byte(all.String()), &keys); err != nil || len(keys) != len(nodeKeysOf) {
		t.Errorf("%v: %d settings, want %d", err, len(keys), len(nodeKeysOf))
	}
}

// TestSettingsShown: nothing that may be a key of an account is shown.
func TestSettingsShown(t *testing.T) {
	const canary = "0123456789abcdef"
	for _, url := range []string{
		"https://rpc.example/v3/" + canary, "https://user:" + canary + "@rpc.example", "https://rpc.example?key=" + canary, "rpc.example/" + canary,
		"https://rpc.example/v3/" + canary + ",https://other.example/" + canary,
	} {
		c, err := settingsFrom(t, "", []string{"CESSION_NODE_RPC_URL=" + url})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := (&app{out: &out}).showSettings(c); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), canary) || !strings.Contains(out.String(), "rpc-url") {
			t.Errorf("%s: %s", url, out.String())
		}
	}
}
