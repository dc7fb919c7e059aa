package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"cession/deal"
)

func TestFolderOpensAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	for range 2 {
		f, err := OpenFolder(dir)
		must(t, err)
		must(t, os.WriteFile(f.Path("some", "..", "data"), nil, 0o600))
		must(t, f.Close())
	}
	info, err := os.Stat(dir)
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode %s lets others in", info.Mode())
	}
}

func TestFolderSaysWhoHoldsIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := OpenFolder(dir)
	must(t, err)
	defer f.Close()
	_, err = OpenFolder(dir)
	if deal.KindOf(err) != deal.Conflict || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("second open: %v, want a conflict with this process", err)
	}
}

func TestFolderRefuses(t *testing.T) {
	t.Parallel()
	roomy := func(string) (uint64, error) { return 1 << 40, nil }
	for name, tc := range map[string]struct {
		file, content string
		free          func(string) (uint64, error)
		want          deal.Kind
	}{
		"an earlier version": {versionFile, "cession-data 1\n", roomy, deal.Conflict},
		"a later version":    {versionFile, versionMark + strconv.Itoa(DataVersion+1) + "\n", roomy, deal.Conflict},
		"an empty version":   {versionFile, "", roomy, deal.Conflict},
		"a foreign folder":   {"holiday.jpg", "", roomy, deal.Conflict},
		"a nearly full disk": {versionTemp, "", func(string) (uint64, error) { return minFree - 1, nil }, deal.Conflict},
		"an unreadable disk": {versionTemp, "", func(string) (uint64, error) { return 0, errors.New("io") }, ""},
	} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, tc.file), []byte(tc.content), 0o600))
		_, err := openFolder(dir, tc.free)
		if err == nil || deal.KindOf(err) != tc.want {
			t.Errorf("%s: %v, want kind %q", name, err, tc.want)
		}
		// Refused is not held: the next one finds the same, not a lock.
		if _, again := openFolder(dir, tc.free); again == nil || again.Error() != err.Error() {
			t.Errorf("%s: opened again: %v", name, again)
		}
	}
}

func TestFolderSurvivesACrashWhileMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, lockFile), []byte("1\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, versionTemp), []byte("cess"), 0o600))
	f, err := OpenFolder(dir)
	must(t, err)
	must(t, f.Close())
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want deal.Kind
	}{
		{fmt.Errorf("write: %w", syscall.ENOSPC), deal.Conflict},
		{&os.SyscallError{Syscall: "bind", Err: syscall.EADDRINUSE}, deal.Conflict},
		{deal.Errorf(deal.Invalid, "x"), deal.Invalid},
		{syscall.EIO, ""},
	} {
		got := explain("start", tc.err)
		if deal.KindOf(got) != tc.want || !errors.Is(got, tc.err) {
			t.Errorf("%v: %v of kind %q, want kind %q and the cause", tc.err, got, deal.KindOf(got), tc.want)
		}
	}
	if explain("start", nil) != nil {
		t.Error("explained nil")
	}
}
