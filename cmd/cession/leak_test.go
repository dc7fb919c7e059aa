//go:build !slim

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/proto"

	"cession/deal"
	"cession/demo"
	"cession/workflows"
)

// TestPlayedMarket plays the deal of the demo once and looks at it from outside:
// what the operator holds of it, and what the loser can do.
func TestPlayedMarket(t *testing.T) {
	m := openMarket(t)
	ctx := limit(t, 8*time.Minute)
	cfg := m.script()
	cfg.Report = nil
	l := newLoser(t, m, cfg)
	cfg.Before = l.before
	result, err := demo.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("loser", func(t *testing.T) { testLoser(t, ctx, l, result) })
	t.Run("leak", func(t *testing.T) { testLeak(t, ctx, m, cfg, result) })
}

// testLeak looks for everything that only the parties may know, in everything
// the operator holds, shows and writes to the chain.
func testLeak(t *testing.T, ctx context.Context, m *market, cfg demo.Config, r demo.Result) {
	canaries := canariesOf(t, m, cfg.Portfolio)
	t.Logf("canaries: %v", count(canaries))
	for _, kind := range []string{fileName, docText, docContent, docDigest, docSalt, talk, agreement, secret, organization} {
		if count(canaries)[kind] < 3 {
			t.Errorf("only %d canaries of kind %s", count(canaries)[kind], kind)
		}
	}
	o := mustOperator(t, m.data)
	// What must be found shows that each search sees what is there.
	id, root := string(r.Deal), r.Deal.Key()
	s := &search{detector: newDetector(canaries), witnesses: newDetector([]canary{
		{witness, "id of the deal", []byte(id), true}, {witness, "key of the deal", root[:], false},
	}), read: map[string]int{}, items: map[string]int{}, seen: map[string]int{}}
	s.files(t, m.data)
	s.databases(t, m.data)
	s.histories(t, ctx, m, o, r.Deal)
	for _, a := range everyAnswer(t, ctx, o.Desk, bearerOf(t, in(m.data, operatorToken)), r.Deal) {
		if a.status != http.StatusOK {
			t.Errorf("GET %s as the operator: status %d", a.path, a.status)
		}
		s.look("api", a.path, a.body)
	}
	s.chain(t, ctx, o.RPC)
	s.processes(t, m, o.PID)
	for source, least := range map[string]struct{ items, bytes int }{
		"file": {20, 1 << 20}, "database": {500, 1 << 19}, "history": {4, 100 << 10}, "api": {12, 100 << 10}, "chain": {20, 50 << 10}, "process": {4, 1 << 10},
	} {
		t.Logf("%-8s %7d items %9d bytes, the deal %d times", source, s.items[source], s.read[source], s.seen[source])
		if s.items[source] < least.items || s.read[source] < least.bytes || s.seen[source] == 0 && source != "process" {
			t.Errorf("%s: only %d items, %d bytes, the deal %d times", source, s.items[source], s.read[source], s.seen[source])
		}
	}
	for _, hit := range slices.Sorted(maps.Keys(s.hits)) {
		t.Errorf("%s (%d times)", hit, s.hits[hit])
	}
	if s.hits == nil {
		t.Logf("none of %d canaries", len(canaries))
	}
	if s.allowed == 0 {
		t.Error("the desk's directory names no organization: the search does not see what is there")
	}
	atHome(t, ctx, m, cfg, s.detector, r.Deal)
}

const witness = "witness"

func count(canaries []canary) map[string]int {
	kinds := map[string]int{}
	for _, c := range canaries {
		kinds[c.kind]++
	}
	return kinds
}

// search looks for canaries in many places and counts what it has read.
type search struct {
	*detector
	witnesses *detector
	items     map[string]int // by source
	read      map[string]int // bytes, by source
	seen      map[string]int // places with a witness, by source
	hits      map[string]int // places, by what was found where
	allowed   int
}

func (s *search) look(source, place string, b []byte) {
	s.items[source]++
	s.read[source] += len(b)
	s.seen[source] += len(s.witnesses.find(b))
	for c := range s.find(b) {
		if c.kind == organization && inDirectory(source, place) {
			s.allowed++
			continue
		}
		if s.hits == nil {
			s.hits = map[string]int{}
		}
		s.hits[fmt.Sprintf("%s %s: %s (%s)", source, place, c.kind, c.name)]++
	}
}

// inDirectory reports whether a place is the desk's list of organizations.
func inDirectory(source, place string) bool {
	switch source {
	case "file":
		return strings.HasPrefix(place, "desk.db")
	case "database":
		return place == "desk.db parties"
	case "api":
		return strings.HasPrefix(place, "/v1/parties")
	}
	return false
}

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

// atHome checks that what was not found is there to be found: at the nodes of
// the parties, in what they show to their own customers.
func atHome(t *testing.T, ctx context.Context, m *market, cfg demo.Config, d *detector, id deal.ID) {
	t.Helper()
	kept := map[string]int{}
	err := filepath.WalkDir(m.home(cfg.Seller), func(file string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			for kind, n := range d.kinds(mustRead(t, file)) {
				kept[kind] += n
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{fileName, docDigest, docSalt, talk, secret} {
		if kept[kind] == 0 {
			t.Errorf("the seller's node keeps no %s: the search does not see what is there", kind)
		}
	}
	if kept[docContent] != 0 || kept[docText] != 0 {
		t.Errorf("the seller's node keeps documents in the clear: %v", kept)
	}
	for _, party := range []deal.PartyID{cfg.Seller, cfg.Bidders[0]} {
		api, err := m.up.node(party)
		if err != nil {
			t.Fatal(err)
		}
		for i := range cfg.Portfolio {
			body, err := api.Content(ctx, id, uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(body)
			if err != nil || body.Close() != nil || d.kinds(content)[docContent] < slicesOf {
				t.Errorf("document %d of %s: %v, %v found", i, party, err, d.kinds(content))
			}
		}
	}
}

// TestLeakDetector plants every kind of canary in every form it is looked for,
// and in the stores of an operator.
func TestLeakDetector(t *testing.T) {
	c := &collection{t: t, seen: map[string]bool{}}
	c.words(talk, "question", "Hat die Müller & Söhne GmbH schon gezahlt?")
	c.add(docDigest, "hash", bytes.Repeat([]byte("\xfeHash\x00\x9d"), 5))
	c.add(secret, "token", []byte("R4ND0MT0KEN+/abcdefgh"))
	d := newDetector(c.list)
	noise := make([]byte, 1<<20)
	for i := 0; i < len(noise); i += 8 {
		binary.LittleEndian.PutUint64(noise[i:], rand.Uint64())
	}
	if found := d.kinds(noise); len(found) != 0 {
		t.Errorf("found in noise: %v", found)
	}
	for _, n := range c.list {
		for form, planted := range disguises(n) {
			at := rand.IntN(len(noise) - len(planted))
			b := slices.Concat(noise[:at], planted, noise[at:])
			if d.kinds(b)[n.kind] != 1 {
				t.Errorf("%s is not found as %s", n.name, form)
			}
			if broken := bytes.Replace(b, planted, planted[1:], 1); len(planted) < 9 && d.kinds(broken)[n.kind] != 0 {
				t.Errorf("%s is found as %s when it is not there", n.name, form)
			}
		}
	}
}

// disguises are forms of a canary, made without the detector's own code.
func disguises(c canary) map[string][]byte {
	v := c.value
	forms := map[string][]byte{
		"plain": v, "hex": fmt.Appendf(nil, "%x", v), "large hex": fmt.Appendf(nil, "%X", v),
		"large letters": bytes.Map(func(r rune) rune { return unicode.ToUpper(r) }, []byte("x")),
	}
	delete(forms, "large letters")
	for before := range 4 {
		padded := slices.Concat([]byte("{\"a\":")[:before], v, []byte("\"}"))
		forms[fmt.Sprintf("base64 after %d bytes", before)] = []byte(base64.StdEncoding.EncodeToString(padded))
		forms[fmt.Sprintf("URL base64 after %d bytes", before)] = []byte(base64.URLEncoding.EncodeToString(padded))
	}
	if !c.text {
		return forms
	}
	object, _ := json.Marshal(map[string]string{"q": string(v)})
	forms["JSON"], forms["JSON in base64"] = object, []byte(base64.StdEncoding.EncodeToString(object))
	forms["query"] = []byte(url.Values{"q": {string(v)}}.Encode())
	forms["path"] = []byte((&url.URL{Path: string(v)}).String())
	forms["UTF-16"] = []byte{}
	for _, u := range utf16.Encode([]rune(string(v))) {
		forms["UTF-16"] = append(forms["UTF-16"], byte(u), byte(u>>8))
	}
	forms["small letters"] = bytes.ToLower(v)
	return forms
}
