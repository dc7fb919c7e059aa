//go:build !slim

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/proto"

	"cession/deal"
	"cession/workflows"
)

// files reads every file of the operator, as it is on disk.
func (s *search) files(t *testing.T, data string) {
	t.Helper()
	eachFile(t, data, func(file, name string) {
		b, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return // written anew or tidied away since it was listed
		}
		if err != nil {
			t.Fatal(err)
		}
		s.look("file", name, append([]byte(name+"\n"), b...))
	})
}

// eachFile calls do for every file in a data folder but the parties' own.
func eachFile(t *testing.T, data string, do func(file, name string)) {
	t.Helper()
	err := filepath.WalkDir(data, func(file string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case e.IsDir() && file == in(data, "parties"):
			return fs.SkipDir
		case e.Type().IsRegular():
			name, err := filepath.Rel(data, file)
			do(file, name)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// databases reads every row of every SQLite database: on disk a long value lies
// in pieces.
func (s *search) databases(t *testing.T, data string) {
	t.Helper()
	eachFile(t, data, func(file, name string) {
		if !strings.HasSuffix(name, ".db") {
			return
		}
		db := openDatabase(t, file)
		defer db.Close()
		var tables []string
		eachRow(t, db, "SELECT name FROM sqlite_master WHERE type = 'table'", func(v []string) { tables = append(tables, v[0]) })
		for _, table := range tables {
			eachRow(t, db, `SELECT * FROM "`+table+`"`, func(v []string) {
				s.look("database", name+" "+table, []byte(strings.Join(v, "\n")))
			})
		}
	})
}

// histories reads the description and every event of every workflow. What is in
// a payload is looked at by itself, and only in encodings that can be read.
func (s *search) histories(t *testing.T, ctx context.Context, m *market, o operatorFile, id deal.ID) {
	t.Helper()
	c := temporalClient(t, ctx, o.Temporal, in(m.data, temporalKey))
	runs := listRuns(t, ctx, c)
	for _, want := range []string{workflows.DealID(id), workflows.RoomID(id, "borealis-fund"), workflows.RoomID(id, "cirrus-capital")} {
		if !slices.ContainsFunc(runs, func(r *workflowpb.WorkflowExecutionInfo) bool { return r.Execution.WorkflowId == want }) {
			t.Errorf("Temporal lists no workflow %s", want)
		}
	}
	for _, run := range runs {
		e := run.Execution
		described, err := c.DescribeWorkflowExecution(ctx, e.WorkflowId, e.RunId)
		if err != nil {
			t.Fatal(err)
		}
		h := &historypb.History{}
		for i := c.GetWorkflowHistory(ctx, e.WorkflowId, e.RunId, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); i.HasNext(); {
			event, err := i.Next()
			if err != nil {
				t.Fatal(err)
			}
			h.Events = append(h.Events, event)
		}
		s.look("history", e.WorkflowId, payloadsOf(t, ctx, described, h))
	}
}

// payloadsOf returns messages as they are stored, and each of their payloads.
func payloadsOf(t *testing.T, ctx context.Context, messages ...proto.Message) (all []byte) {
	t.Helper()
	see := func(_ *proxy.VisitPayloadsContext, list []*commonpb.Payload) ([]*commonpb.Payload, error) {
		for _, p := range list {
			switch encoding := string(p.Metadata["encoding"]); encoding {
			case "json/plain", "json/protobuf", "binary/null", "binary/protobuf":
			default:
				t.Errorf("a payload is encoded as %q: what is in it cannot be seen", encoding)
			}
			all = append(append(all, p.Data...), '\n')
		}
		return list, nil
	}
	for _, m := range messages {
		b, err := proto.Marshal(m)
		if err == nil {
			all = append(all, b...)
			err = proxy.VisitPayloads(ctx, m, proxy.VisitPayloadsOptions{Visitor: see})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func listRuns(t *testing.T, ctx context.Context, c client.Client) (runs []*workflowpb.WorkflowExecutionInfo) {
	t.Helper()
	for page := []byte(nil); ; {
		list, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{NextPageToken: page})
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, list.Executions...)
		if page = list.NextPageToken; len(page) == 0 {
			return runs
		}
	}
}

func temporalClient(t *testing.T, ctx context.Context, address, keyFile string) client.Client {
	t.Helper()
	key, err := readSecret(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	c, err := dialTemporal(ctx, address, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// chain reads every block with its transactions and receipts.
func (s *search) chain(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	var head string
	askChain(t, ctx, url, &head, "eth_blockNumber")
	last, err := strconv.ParseUint(strings.TrimPrefix(head, "0x"), 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	for n := range last + 1 {
		var block, receipts json.RawMessage
		number := fmt.Sprintf("0x%x", n)
		askChain(t, ctx, url, &block, "eth_getBlockByNumber", number, true)
		askChain(t, ctx, url, &receipts, "eth_getBlockReceipts", number)
		if len(block) < 500 || len(receipts) < 2 {
			t.Errorf("block %d is not there: %s", n, block)
		}
		s.look("chain", "block", slices.Concat(block, receipts))
	}
}

func askChain(t *testing.T, ctx context.Context, url string, result any, method string, params ...any) {
	t.Helper()
	ask := map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": append([]any{}, params...)}
	a, err := httpRequest{method: http.MethodPost, url: url, body: ask}.send(ctx, http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Result json.RawMessage }
	if err := json.Unmarshal(a.body, &answer); err != nil || json.Unmarshal(answer.Result, result) != nil {
		t.Fatalf("%s: %v: %.200s", method, err, a.body)
	}
}

// processes reads what other users of the machine may see of the processes, and
// what they said.
func (s *search) processes(t *testing.T, m *market, pid int) {
	t.Helper()
	m.up.said.mu.Lock()
	s.look("process", "output", m.up.said.words)
	m.up.said.mu.Unlock()
	if runtime.GOOS != "linux" {
		t.Logf("arguments and environments are not looked at on %s", runtime.GOOS)
		return
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, stat := range stats {
		b, _ := os.ReadFile(stat) // others come and go
		_, rest, _ := bytes.Cut(b, []byte(") "))
		fields := strings.Fields(string(rest)) // state, parent, …
		self := stat == fmt.Sprintf("/proc/%d/stat", pid)
		if !self && (len(fields) < 2 || fields[1] != strconv.Itoa(pid)) {
			continue
		}
		for _, file := range []string{"cmdline", "environ"} {
			s.look("process", file, mustRead(t, filepath.Join(filepath.Dir(stat), file)))
		}
	}
}
