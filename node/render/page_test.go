package render

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// The image of a page differs from the page all over, and is not another page.
func TestPageIsMarked(t *testing.T) {
	for name, doc := range portfolio(t) {
		plain, err := rasterize(context.Background(), doc, 2, DefaultDPI)
		if err != nil {
			t.Fatal(err)
		}
		out, err := renderer().Page(context.Background(), bytes.NewReader(doc), vault.PDF, 2, DefaultDPI, testMark)
		if err != nil {
			t.Fatal(err)
		}
		if n := changed(t, plain, decoded(t, out), 3); n != 9 {
			t.Errorf("%s: %d of 9 parts of the page are marked", name, n)
		}
	}
}

func TestPages(t *testing.T) {
	r, ctx := renderer(), context.Background()
	for name, c := range map[string]struct {
		media vault.MediaType
		doc   []byte
		pages int
	}{
		"one": {vault.PDF, many(1), 1}, "many": {vault.PDF, many(321), 321}, "image": {vault.PNG, drawing(300, 200), 1},
	} {
		if n, err := r.Pages(ctx, bytes.NewReader(c.doc), c.media); n != c.pages || err != nil {
			t.Errorf("%s: %d pages, %v; want %d", name, n, err, c.pages)
		}
		for _, page := range []int{0, -1, c.pages + 1} {
			_, err := r.Page(ctx, bytes.NewReader(c.doc), c.media, page, DefaultDPI, testMark)
			wantKind(t, err, deal.NotFound, nil)
		}
		if _, err := r.Page(ctx, bytes.NewReader(c.doc), c.media, c.pages, MinDPI, testMark); err != nil {
			t.Errorf("%s: last page: %v", name, err)
		}
	}
	for _, dpi := range []int{0, MinDPI - 1, MaxDPI + 1, 1 << 40} {
		_, err := r.Page(ctx, bytes.NewReader(many(1)), vault.PDF, 1, dpi, testMark)
		wantKind(t, err, deal.Invalid, nil)
	}
	_, err := r.Pages(ctx, bytes.NewReader([]byte("a,b")), vault.CSV)
	wantKind(t, err, deal.Invalid, ErrType)
}

// A crop box is what is shown, and what the image has.
func TestPageHasTheSizeShown(t *testing.T) {
	doc := onePage("/MediaBox[0 0 900 900]/CropBox[100 100 172 244]/Rotate 90", hello)
	out, err := renderer().Page(context.Background(), bytes.NewReader(doc), vault.PDF, 1, 100, testMark)
	if err != nil {
		t.Fatal(err)
	}
	if w, h := dimensions(t, out); w != 200 || h != 100 {
		t.Errorf("%d x %d pixels, want 200 x 100", w, h)
	}
}

// fakeTool puts a script in the place of the program that draws.
func fakeTool(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, tool), []byte("#!/bin/sh\nPATH="+os.Getenv("PATH")+"\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
}

func TestNoTool(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := renderer().Page(context.Background(), bytes.NewReader(many(1)), vault.PDF, 1, DefaultDPI, testMark)
	if !errors.Is(err, ErrNoTool) {
		t.Errorf("without %s: %v", tool, err)
	}
}

func TestToolMisbehaves(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   error
	}{
		"fails":            {"cat > /dev/null; exit 1", ErrDamaged},
		"says nothing":     {"cat > /dev/null", ErrDamaged},
		"reads nothing":    {"exit 0", ErrDamaged},
		"no pixmap":        {"cat > /dev/null; echo P6 hello", ErrDamaged},
		"lies about size":  {`cat > /dev/null; printf 'P6\n1000000000 1000000000\n255\nxxx'`, ErrDamaged},
		"endless output":   {"cat > /dev/null; cat /dev/zero", ErrTooLarge},
		"quotes in errors": {"cat >&2; exit 3", ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			fakeTool(t, c.script)
			_, err := renderer().Page(context.Background(), bytes.NewReader(many(1)), vault.PDF, 1, DefaultDPI, testMark)
			wantKind(t, err, deal.Invalid, c.want)
			if err != nil && strings.Contains(err.Error(), "HELLO") {
				t.Errorf("the error quotes the document: %v", err)
			}
		})
	}
}

// The program is killed with all that it started when nobody waits for it.
func TestToolIsKilledWithItsChildren(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	fakeTool(t, "sleep 300 & echo $! > "+note+".new; mv "+note+".new "+note+"; wait")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	go func() {
		for ctx.Err() == nil && !exists(note) {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	if _, err := run(ctx, many(1), 1000); !errors.Is(err, context.Canceled) {
		t.Fatalf("killed with %v", err)
	}
	text, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if gone(pid) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("process %d lives on", pid)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// gone reports whether a process has ended; its parent may not have noticed.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// The program has little memory and no environment of the node.
func TestToolIsConfined(t *testing.T) {
	t.Setenv("CESSION_SECRET", "token")
	fakeTool(t, "cat > /dev/null; ulimit -v; ulimit -t; ulimit -c; env")
	out, err := run(context.Background(), many(1), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(out), strconv.Itoa(maxMemory>>10)+"\n"+strconv.Itoa(maxSeconds)+"\n0\n") || strings.Contains(string(out), "token") {
		t.Errorf("the program runs under\n%s", out)
	}
}
