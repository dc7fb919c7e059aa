package main

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cession/node"
	"cession/node/translog"
)

// logOf serves a node's log with a head over entries of its own choice.
func logOf(t *testing.T, shown, signed []string) (home string) {
	t.Helper()
	var log translog.Builder
	for _, e := range signed {
		if err := log.Add([]byte(e)); err != nil {
			t.Fatal(err)
		}
	}
	head, err := log.Head()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	answer := func(path string, v func(*http.Request) any) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(v(r))
		})
	}
	answer("/v1/log", func(r *http.Request) any {
		list := []node.LogEntry{}
		for i, e := range shown {
			if fmt.Sprint(i) >= r.URL.Query().Get("from") && len(list) < 2 {
				list = append(list, node.LogEntry{Position: uint64(i), Entry: json.RawMessage(e)})
			}
		}
		return list
	})
	answer("/v1/log/head", func(*http.Request) any {
		return node.HeadAnswer{Head: node.LogHead{Party: "alpine-bank", Size: head.Size, Root: head.Root}}
	})
	answer("/v1/log/peers", func(*http.Request) any {
		return node.LogPeers{Cosigned: []node.CosignedLog{{Known: true}, {}}, Forks: []node.Fork{{Known: node.LogHead{Party: "delta-fund"}}}}
	})
	return homeOf(t, mux)
}

// homeOf is a party's folder whose node is a server of the test's.
func homeOf(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	home := t.TempDir()
	key, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	certificate = append(certificate, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	for name, content := range map[string][]byte{"tls.pem": certificate, "token": []byte(strings.Repeat("t", 40))} {
		if err := os.WriteFile(filepath.Join(home, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeJSON(in(home, nodeName), nodeFile{Party: "alpine-bank", URL: s.URL}); err != nil {
		t.Fatal(err)
	}
	return home
}

// The command computes the root itself: it believes neither the node's hashes
// nor its head.
func TestNodeLogVerify(t *testing.T) {
	entries := []string{`{"what":"grant"}`, `{"what":"room.list"}`, `{"what":"room.read"}`}
	altered := []string{entries[0], `{"what":"grant"}`, entries[2]}
	earlier := func(list []string) string {
		var log translog.Builder
		for _, e := range list {
			if err := log.Add([]byte(e)); err != nil {
				t.Fatal(err)
			}
		}
		head, err := log.Head()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "head.json")
		if err := writeJSON(file, node.LogHead{Party: "alpine-bank", Size: head.Size, Root: head.Root}); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for name, c := range map[string]struct {
		shown, signed []string
		since         string
		want          int
	}{
		"as it is":                 {entries, entries, "", exitOK},
		"since a head that holds":  {entries, entries, earlier(entries[:2]), exitOK},
		"since the beginning":      {entries, entries, earlier(nil), exitOK},
		"logged while it is read":  {append(entries[:3:3], `{}`), entries, "", exitOK},
		"an entry was changed":     {altered, entries, "", exitRefused},
		"an entry is missing":      {entries[:2], entries, "", exitRefused},
		"since a head that is not": {entries, entries, earlier(altered[:2]), exitRefused},
		"shorter than it was":      {entries[:2], entries[:2], earlier(entries), exitRefused},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"node", "log", "verify", "--home", logOf(t, c.shown, c.signed)}
			if c.since != "" {
				args = append(args, "--since", c.since)
			}
			var out, errs bytes.Buffer
			if code := run(args, &out, &errs); code != c.want {
				t.Fatalf("exit code %d, want %d: %s%s", code, c.want, out.String(), errs.String())
			}
			if c.want == exitOK && (!strings.Contains(out.String(), "co-signed by buyers: 1\n") || !strings.Contains(out.String(), "LOG OF delta-fund WAS REWRITTEN")) {
				t.Errorf("printed:\n%s", out.String())
			}
		})
	}
}

func TestNodeEraseSaysWhat(t *testing.T) {
	for _, args := range [][]string{{"d-1"}, {"d-1", "--all"}, {"d-1", "--reason", "law"}, {"d-1", "--all", "--row", "1", "--reason", "law"}} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"node", "erase", "--home", t.TempDir()}, args...), &out, &errs); code != exitUsage {
			t.Errorf("erase %v: exit code %d, want %d: %s", args, code, exitUsage, errs.String())
		}
	}
}

func TestNodeLogAccept(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/log/peers/delta-fund/accept", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(node.LogPeers{})
	})
	home := homeOf(t, mux)
	for party, want := range map[string]int{"delta-fund": exitOK, "nobody": exitError} {
		var out, errs bytes.Buffer
		if code := run([]string{"node", "log", "accept", party, "--home", home}, &out, &errs); code != want {
			t.Errorf("accept %s: exit code %d, want %d: %s%s", party, code, want, out.String(), errs.String())
		}
		if want == exitOK && !strings.Contains(out.String(), "stays on record") {
			t.Errorf("printed: %s", out.String())
		}
	}
}
