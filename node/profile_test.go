package node

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/blob"
	"cession/node/blob/blobtest"
)

// managedEnv has the worlds of this test binary keep blobs in an S3 store, as a
// node that runs in a data center does. Its value says where.
const managedEnv = "CESSION_TEST_MANAGED"

// openBlobs opens the store of a member of a world: files, or S3.
func openBlobs(t testing.TB, dir string) blob.Store {
	t.Helper()
	where := strings.Fields(os.Getenv(managedEnv))
	if len(where) == 0 {
		store, err := blob.OpenFile(filepath.Join(dir, "blobs"))
		check(t, err)
		t.Cleanup(func() { store.Close() })
		return store
	}
	store, err := blob.OpenS3(context.Background(), blob.S3Config{
		Endpoint: where[0], Bucket: where[1], AccessKey: where[2], SecretKey: where[3],
		Prefix: strings.ToLower(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(dir, "-"))[1:] + "/", PartSize: 5 << 20,
	})
	check(t, err)
	return store
}

// eachObject shows what is in a member's S3 store, if that is where its
// documents are; files are in its folder.
func (w *world) eachObject(of deal.PartyID, look func(key string, b []byte)) {
	w.t.Helper()
	if os.Getenv(managedEnv) == "" {
		return
	}
	for info, err := range w.members[of].blobs.List(context.Background(), "") {
		check(w.t, err)
		r, err := w.members[of].blobs.ReadRange(context.Background(), info.Key, 0, -1)
		check(w.t, err)
		b, err := io.ReadAll(r)
		check(w.t, err)
		check(w.t, r.Close())
		look(info.Key, b)
	}
}

// onFiles are tests with a store of their own, which measure memory or kill
// processes on it: the second time they would show the same.
const onFiles = `^(TestManagedProfile|TestHandoverKilled.*|Test.*Memory.*)$`

// TestManagedProfile runs the tests of this package again, on a real S3 server.
func TestManagedProfile(t *testing.T) {
	t.Parallel()
	if os.Getenv(managedEnv) != "" {
		t.Fatal("the managed profile inside the managed profile")
	}
	c := blobtest.StartS3(t)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, os.Args[0], "-test.skip", onFiles, "-test.v", "-test.timeout", "9m")
	run.Env = append(os.Environ(), managedEnv+"="+strings.Join([]string{c.Endpoint, c.Bucket, c.AccessKey, c.SecretKey}, " "))
	out, err := run.CombinedOutput()
	passed, failed := bytes.Count(out, []byte("\n--- PASS")), regexp.MustCompile(`(?m)^\s*(--- FAIL|\w+_test\.go:\d+:).*\n`).FindAll(out, -1)
	t.Logf("on S3: %d tests passed", passed)
	if err != nil || passed < 100 {
		t.Errorf("%v, %d passed:\n%s", err, passed, bytes.Join(failed, nil))
		t.Logf("its last words:\n%s", out[max(0, len(out)-2000):])
	}
	objects := 0
	whole, err := blob.OpenS3(ctx, c)
	check(t, err)
	for _, err := range whole.List(ctx, "") {
		check(t, err)
		objects++
	}
	if objects < 100 {
		t.Errorf("the S3 store has %d objects: were the tests on it?", objects)
	}
}
