package metrics

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v3"

	"cession/chain/lane"
)

const (
	alerts = "../deploy/alerts"
	page   = "../docs/operate.md"
)

type rule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

type ruleTest struct {
	Cases []struct {
		Alert  string           `yaml:"alertname"`
		Expect []map[string]any `yaml:"exp_alerts"`
	} `yaml:"alert_rule_test"`
}

func readRules(t *testing.T) (list []rule) {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	readYAML(t, "cession.rules.yml", &file)
	for _, g := range file.Groups {
		list = append(list, g.Rules...)
	}
	return list
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(alerts, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// promtool is the one that tools/install puts into bin/, or the system's.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	name, err := filepath.Abs("../bin/promtool")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); err != nil {
		if name, err = exec.LookPath("promtool"); err != nil {
			t.Fatal("promtool is missing: run tools/install promtool")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = alerts
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestAlertRules(t *testing.T) {
	t.Run("check", func(t *testing.T) { promtool(t, "check", "rules", "cession.rules.yml") })
	t.Run("test", func(t *testing.T) { promtool(t, "test", "rules", "cession.test.yml") })
}

// TestEveryAlertIsTested: to fire, and not to.
func TestEveryAlertIsTested(t *testing.T) {
	var file struct {
		Tests []ruleTest `yaml:"tests"`
	}
	readYAML(t, "cession.test.yml", &file)
	fires, quiet := map[string]bool{}, map[string]bool{}
	for _, group := range file.Tests {
		for _, c := range group.Cases {
			if len(c.Expect) > 0 {
				fires[c.Alert] = true
			} else {
				quiet[c.Alert] = true
			}
		}
	}
	for _, r := range readRules(t) {
		if !fires[r.Alert] || !quiet[r.Alert] {
			t.Errorf("%s: seen firing %t, seen quiet %t", r.Alert, fires[r.Alert], quiet[r.Alert])
		}
	}
}

var metricName = regexp.MustCompile(`cession_[a-z_]+`)

// forInformation are metrics that no alert needs.
var forInformation = []string{
	"cession_lanes", "cession_lanes_scrape_duration_seconds", "cession_lane_head_block", "cession_lane_base_fee_wei",
	"cession_lane_intents_final_total", "cession_lane_intents_moved_total",
}

// TestAlertsAndMetricsMeet: no alert on a metric that is not exported, no
// metric that could be bad and has no alert.
func TestAlertsAndMetricsMeet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shown := families(t, scrape(t, testHandler(&source{list: healthy})))
		used := map[string]bool{}
		for _, r := range readRules(t) {
			for _, name := range metricName.FindAllString(r.Expr, -1) {
				if used[name] = true; shown[name] == nil {
					t.Errorf("%s is about %s, which is not exported", r.Alert, name)
				}
			}
		}
		for name := range shown {
			if used[name] == slices.Contains(forInformation, name) {
				t.Errorf("%s: in an alert %t, for information only %t", name, used[name], !used[name])
			}
		}
	})
}

// TestAlertsSayWhatToDo: whom to wake, in which words, what to type, where to read on.
func TestAlertsSayWhatToDo(t *testing.T) {
	anchors := anchorsOf(t)
	seen := map[string]bool{}
	for _, r := range readRules(t) {
		if r.Alert == "" || seen[r.Alert] {
			t.Errorf("alert %q has no name, or one twice", r.Alert)
		}
		seen[r.Alert] = true
		if severity := r.Labels["severity"]; severity != "page" && severity != "ticket" || r.For == "" {
			t.Errorf("%s: severity %q, for %q", r.Alert, severity, r.For)
		}
		if len(r.Annotations["summary"]) < 20 {
			t.Errorf("%s: no summary", r.Alert)
		}
		if !strings.Contains(r.Annotations["description"], "cession tx ") {
			t.Errorf("%s: its description names no command", r.Alert)
		}
		link, anchor, _ := strings.Cut(r.Annotations["runbook_url"], "#")
		if link != "docs/operate.md" || anchor != strings.ToLower(r.Alert) || !anchors[anchor] {
			t.Errorf("%s: the runbook %s#%s is not there", r.Alert, link, anchor)
		}
		checkCommands(t, r.Alert, r.Annotations["description"])
	}
}

// looks are the commands that change nothing.
var looks = []string{"ls", "show", "watch", "lanes", "log", "spending"}

// ticketed are the verbs that want a ticket.
var ticketed = []lane.Verb{lane.GiveUp, lane.Adopt, lane.FillGap, lane.Resync}

// checkCommands reports commands that could not be typed as they stand.
func checkCommands(t *testing.T, where, text string) {
	t.Helper()
	for _, command := range strings.Split(text, "cession tx ")[1:] {
		command = command[:strings.IndexAny(command+"\n", "`\n")]
		word, arguments, _ := strings.Cut(command, " ")
		verb := lane.Verb(strings.Trim(word, ".,;:"))
		if slices.Contains(looks, string(verb)) {
			continue
		}
		if !slices.Contains(lane.Verbs(), verb) {
			t.Errorf("%s: there is no cession tx %s", where, verb)
			continue
		}
		_, cause, _ := strings.Cut(arguments, "--reason ")
		cause, _, _ = strings.Cut(cause, " ")
		if !slices.Contains(lane.Causes(), lane.Cause(strings.Trim(cause, ".,;:"))) {
			t.Errorf("%s: cession tx %s with the reason %q", where, verb, cause)
		}
		if slices.Contains(ticketed, verb) && !strings.Contains(arguments, "--ticket ") {
			t.Errorf("%s: cession tx %s wants a --ticket", where, verb)
		}
	}
}

var heading = regexp.MustCompile(`(?m)^#+ (.+)$`)

// anchorsOf are the headings of the operator's page as links name them.
func anchorsOf(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(string(text), -1) {
		name := strings.ToLower(strings.ReplaceAll(m[1], " ", "-"))
		anchors[regexp.MustCompile(`[^a-z0-9_-]`).ReplaceAllString(name, "")] = true
	}
	return anchors
}
