package cession

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	yaml "go.yaml.in/yaml/v3"
)

// composeFile is as much of docker-compose.yml as these tests look at.
type composeFile struct {
	Services map[string]composeService `yaml:"services"`
	Secrets  map[string]struct {
		File string `yaml:"file"`
	} `yaml:"secrets"`
}

type composeService struct {
	Image       string            `yaml:"image"`
	User        string            `yaml:"user"`
	Privileged  bool              `yaml:"privileged"`
	ReadOnly    bool              `yaml:"read_only"`
	CapDrop     []string          `yaml:"cap_drop"`
	CapAdd      []string          `yaml:"cap_add"`
	NetworkMode string            `yaml:"network_mode"`
	PID         string            `yaml:"pid"`
	Build       *struct{}         `yaml:"build"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Secrets     []string          `yaml:"secrets"`
	Volumes     []string          `yaml:"volumes"`
	Ports       []string          `yaml:"ports"`
	DependsOn   map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	Healthcheck *struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
}

func composeOf(t *testing.T) (c composeFile) {
	t.Helper()
	raw, err := os.ReadFile("docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Services) == 0 {
		t.Fatal("docker-compose.yml has no services")
	}
	return c
}

var (
	pinned   = regexp.MustCompile(`^[a-z0-9./-]+:v?\d+\.\d+[a-z0-9.-]*$`)
	sensible = regexp.MustCompile(`PASSWORD|PWD|SECRET|TOKEN|KEY`)
	variable = regexp.MustCompile(`\$\{([A-Z_]+)`)
)

// TestComposeIsCautious checks what a reader would look for first.
func TestComposeIsCautious(t *testing.T) {
	c := composeOf(t)
	for name, s := range c.Services {
		if s.Build == nil && !pinned.MatchString(s.Image) {
			t.Errorf("%s: image %q is not pinned to a version", name, s.Image)
		}
		if s.Privileged || len(s.CapAdd) > 0 || s.NetworkMode != "" || s.PID != "" {
			t.Errorf("%s asks for the host's privileges", name)
		}
		if s.Build != nil && (!s.ReadOnly || s.User == "" || !slices.Contains(s.CapDrop, "ALL")) {
			t.Errorf("%s: our own image runs with a user, a read-only root and no capabilities", name)
		}
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s publishes %s beyond this machine", name, p)
			}
		}
		for k, v := range s.Environment {
			if sensible.MatchString(k) && !strings.HasPrefix(v, "/run/secrets/") {
				t.Errorf("%s: %s is to be a file under /run/secrets", name, k)
			}
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File == "" {
				t.Errorf("%s: secret %s is of no file", name, secret)
			}
		}
	}
}

// TestComposeWaitsForHealth: a service is healthy, or it ends and others wait
// for its end; and nobody waits for what cannot come.
func TestComposeWaitsForHealth(t *testing.T) {
	c := composeOf(t)
	ends := map[string]bool{}
	for name, s := range c.Services {
		for on, d := range s.DependsOn {
			other, ok := c.Services[on]
			switch {
			case !ok:
				t.Errorf("%s waits for %s, which is not there", name, on)
			case d.Condition == "service_completed_successfully":
				ends[on] = true
			case d.Condition != "service_healthy" || other.Healthcheck == nil:
				t.Errorf("%s waits for %s, but not for its health", name, on)
			}
		}
	}
	for name, s := range c.Services {
		if !ends[name] && (s.Healthcheck == nil || len(s.Healthcheck.Test) < 2) {
			t.Errorf("%s has no health check", name)
		}
	}
}

// TestComposeRunsTheseVersions ties the images to what the product is built and
// tested with.
func TestComposeRunsTheseVersions(t *testing.T) {
	c := composeOf(t)
	for service, module := range map[string][2]string{
		"temporal":           {".", "go.temporal.io/server"},
		"temporal-schema":    {".", "go.temporal.io/server"},
		"temporal-namespace": {".", "go.temporal.io/server"},
		"chain":              {".", "github.com/ethereum/go-ethereum"},
		"seller-store":       {"tools/s3", "github.com/versity/versitygw"},
	} {
		_, tag, _ := strings.Cut(c.Services[service].Image, ":")
		if want := required(t, module[0], module[1]); "v"+strings.TrimPrefix(tag, "v") != want {
			t.Errorf("%s runs %s, %s/go.mod has %s %s", service, tag, module[0], module[1], want)
		}
	}
	docker, err := os.ReadFile("deploy/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if want := "FROM golang:" + goVersion(t) + "-"; !bytes.Contains(docker, []byte(want)) {
		t.Errorf("deploy/Dockerfile builds with another Go than go.mod: want %q", want)
	}
}

func required(t *testing.T, dir, module string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == module {
			return f[1]
		}
	}
	t.Fatalf("%s/go.mod does not require %s", dir, module)
	return ""
}

func goVersion(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(raw)
	if version == nil {
		t.Fatal("go.mod names no Go version")
	}
	return string(version[1])
}

// TestComposeCommandsExist asks the slim binary, which is what the image holds,
// for every command and flag the services are started with.
func TestComposeCommandsExist(t *testing.T) {
	binary := slimBinary(t)
	seen := 0
	for name, s := range composeOf(t).Services {
		if s.Build == nil {
			continue
		}
		seen++
		help := output(t, exec.Command(binary, s.Command[0], "--help"))
		for _, arg := range s.Command[1:] {
			flag, _, _ := strings.Cut(arg, "=")
			if !regexp.MustCompile(`(?m)^\s+` + regexp.QuoteMeta(flag) + `\s`).MatchString(help) {
				t.Errorf("%s: cession %s has no %s", name, s.Command[0], flag)
			}
		}
	}
	if seen < 4 {
		t.Errorf("%d services run cession, want desk, worker and two nodes", seen)
	}
}

// TestPrepareMakesWhatComposeMounts runs deploy/compose/prepare twice: every
// variable is set, every secret is there, no two are alike, and the second time
// changes nothing.
func TestPrepareMakesWhatComposeMounts(t *testing.T) {
	dir, binary := t.TempDir(), slimBinary(t)
	prepare := func() string {
		c := exec.Command("deploy/compose/prepare", dir)
		c.Env = append(os.Environ(), "CESSION="+binary)
		output(t, c)
		return output(t, exec.Command("sh", "-c", `find "$1" -type f | sort | xargs cat`, "sh", dir))
	}
	first := prepare()
	if prepare() != first {
		t.Error("prepared again, something is different")
	}
	env := output(t, exec.Command("cat", filepath.Join(dir, "compose.env")))
	raw, err := os.ReadFile("docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range variable.FindAllSubmatch(raw, -1) {
		byDefault := bytes.Contains(raw, append(v[0], ":-"...))
		if !byDefault && !regexp.MustCompile(`(?m)^`+string(v[1])+`=\S`).MatchString(env) {
			t.Errorf("compose.env does not set %s", v[1])
		}
	}
	unlike := map[string]string{}
	for name, s := range composeOf(t).Secrets {
		_, path, _ := strings.Cut(s.File, "}/")
		content, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil || len(content) < 32 {
			t.Errorf("secret %s: %v, %d bytes", name, err, len(content))
		}
		if other := unlike[string(content)]; other != "" {
			t.Errorf("secrets %s and %s are the same", name, other)
		}
		unlike[string(content)] = name
	}
}

// slimBinary builds what deploy/Dockerfile builds.
func slimBinary(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cession")
	output(t, exec.Command("go", "build", "-buildvcs=false", "-tags", "slim", "-o", file, "./cmd/cession"))
	return file
}

// output runs a command of at most five minutes; its failure is the test's.
func output(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	bound := exec.CommandContext(ctx, c.Path, c.Args[1:]...)
	bound.Env = c.Env
	out, err := bound.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(c.Args, " "), err, out)
	}
	return string(out)
}
