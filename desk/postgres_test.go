package desk

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// cluster is a PostgreSQL server of this test run's own.
type cluster struct {
	once      sync.Once
	err       error
	dir       string
	bin       string
	databases atomic.Int64
}

var pg cluster

func TestMain(m *testing.M) {
	code := m.Run()
	pg.stop()
	os.Exit(code)
}

// database returns the address of a new, empty database.
func (c *cluster) database(t *testing.T) string {
	t.Helper()
	if c.once.Do(c.start); c.err != nil {
		t.Fatalf("PostgreSQL does not start: %v", c.err)
	}
	name := fmt.Sprintf("desk%d", c.databases.Add(1))
	db, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return c.url(name)
}

func (c *cluster) url(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {c.dir}, "user": {"postgres"}}.Encode()
}

func (c *cluster) start() {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		c.err = fmt.Errorf("it is not installed: run make tools")
		return
	}
	c.bin = filepath.Dir(found[len(found)-1])
	// Not t.TempDir: the path of a Unix socket holds 107 bytes.
	if c.dir, c.err = os.MkdirTemp("", "pg"); c.err != nil {
		return
	}
	if os.Getuid() == 0 {
		if c.err = giveTo("postgres", c.dir); c.err != nil {
			return
		}
	}
	if c.err = c.run("initdb", "--pgdata", c.dir+"/data", "--username", "postgres", "--auth", "trust", "--no-sync", "--encoding", "UTF8"); c.err != nil {
		return
	}
	c.err = c.run("pg_ctl", "--pgdata", c.dir+"/data", "--wait", "--timeout", "60", "--log", c.dir+"/log",
		"--options", "-c listen_addresses= -c fsync=off -k "+c.dir, "start")
}

func (c *cluster) stop() {
	if c.dir == "" {
		return
	}
	if err := c.run("pg_ctl", "--pgdata", c.dir+"/data", "--mode", "immediate", "stop"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.RemoveAll(c.dir)
}

// run runs a program of PostgreSQL, which refuses to run as root.
func (c *cluster) run(program string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	args = append([]string{filepath.Join(c.bin, program)}, args...)
	if os.Getuid() == 0 {
		for i, a := range args {
			args[i] = "'" + a + "'"
		}
		args = []string{"su", "postgres", "-c", strings.Join(args, " ")}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = c.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

func giveTo(name, dir string) error {
	u, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, -1)
}
