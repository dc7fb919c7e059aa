package packs

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"cession/deal"
	"cession/node/blob/blobtest"
)

func TestFolderSource(t *testing.T) {
	testSource(t, func(t *testing.T) stand {
		dir := filepath.Join(t.TempDir(), "source")
		return stand{
			source: Folder(dir),
			put:    func(t *testing.T, file string, b []byte) { putFile(t, filepath.Join(dir, file), b) },
			down: func(t *testing.T) func() {
				move(t, dir, dir+".away")
				return func() { move(t, dir+".away", dir) }
			},
		}
	})
}

func putFile(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, b, 0o600)); err != nil {
		t.Fatal(err)
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// What is no plain file inside the folder is not read: a pipe would never end.
func TestFolderWithTraps(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	putFile(t, outside, []byte("secret"))
	err := errors.Join(os.Symlink(outside, filepath.Join(dir, "link")), syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600), os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"link", "pipe", "folder"} {
		if b, err := Folder(dir).Read(t.Context(), name, 100); !errors.Is(err, ErrSource) || b != nil {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

func TestHTTPSource(t *testing.T) {
	testSource(t, func(t *testing.T) stand {
		dir := t.TempDir()
		files := http.FileServerFS(os.DirFS(dir))
		server := httptest.NewServer(http.StripPrefix("/packs", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if b, err := os.ReadFile(filepath.Join(dir, filepath.Clean(r.URL.Path))); err == nil {
				w.Header().Set("ETag", `"`+deal.Commitment(sha256.Sum256(b)).String()+`"`)
			}
			files.ServeHTTP(w, r)
		})))
		t.Cleanup(server.Close)
		net := &network{}
		h, err := NewHTTP(server.URL+"/packs", &http.Client{Transport: net})
		if err != nil {
			t.Fatal(err)
		}
		return stand{
			source: h, net: net,
			put:   func(t *testing.T, file string, b []byte) { putFile(t, filepath.Join(dir, file), b) },
			limit: func(d time.Duration) { h.timeout = d },
			down:  cutOff(net),
		}
	})
}

func cutOff(n *network) func(t *testing.T) func() {
	return func(*testing.T) func() {
		n.next(1000, requestLost)
		return n.heal
	}
}

func TestS3Source(t *testing.T) {
	server := blobtest.StartS3(t)
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	address := func(name string) string {
		return "s3://" + server.Bucket + "/" + name + "?insecure=true&endpoint=" + server.Endpoint
	}
	testSource(t, func(t *testing.T) stand {
		name := strings.ReplaceAll(strings.ToLower(filepath.Base(t.Name())), "_", "-")
		net := &network{}
		s, err := NewS3(address(name), &S3Access{AccessKey: server.AccessKey, SecretKey: server.SecretKey, Transport: net})
		if err != nil {
			t.Fatal(err)
		}
		direct, err := NewS3(address(name), nil)
		if err != nil {
			t.Fatal(err)
		}
		return stand{
			source: s, net: net,
			put: func(t *testing.T, file string, b []byte) {
				t.Helper()
				if _, err := direct.core.Client.PutObject(t.Context(), s.bucket, s.prefix+file, bytes.NewReader(b), int64(len(b)), minio.PutObjectOptions{}); err != nil {
					t.Fatal(err)
				}
			},
			limit: func(d time.Duration) { s.timeout = d },
			down:  cutOff(net),
		}
	})
	t.Run("wrong keys", func(t *testing.T) {
		s, err := NewS3(address("x"), &S3Access{AccessKey: server.AccessKey, SecretKey: "wrong"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(t.Context(), "a", 10); deal.KindOf(err) != deal.Refused || strings.Contains(err.Error(), "wrong") {
			t.Errorf("%v, want refused, and no key in it", err)
		}
	})
	t.Run("wrong bucket", func(t *testing.T) {
		s, err := NewS3(strings.Replace(address("x"), server.Bucket, "nobodys", 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(t.Context(), "a", 10); deal.KindOf(err) != deal.NotFound {
			t.Errorf("%v, want kind notfound", err)
		}
	})
}

// A web server's answers that are no file.
func TestHTTPAnswers(t *testing.T) {
	for code, kind := range map[int]deal.Kind{404: deal.NotFound, 401: deal.Refused, 403: deal.Refused, 304: deal.Invalid, 204: deal.Invalid, 500: "", 429: ""} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) }))
		h, err := NewHTTP(server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := h.Read(t.Context(), "a", 10); !errors.Is(err, ErrSource) || deal.KindOf(err) != kind || b != nil {
			t.Errorf("HTTP %d: %q, %v, want kind %q", code, b, err, kind)
		}
		server.Close()
	}
}

// A server may send us elsewhere, but not where anybody can listen.
func TestHTTPRedirects(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("x")) }))
	defer plain.Close()
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer secure.Close()
	client := secure.Client()
	client.CheckRedirect = sameScheme
	h, err := NewHTTP(secure.URL, client)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := h.Read(t.Context(), "a", 10); !errors.Is(err, ErrSource) {
		t.Errorf("%q, %v, want a failure", b, err)
	}
	same := httptest.NewServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer same.Close()
	if h, err = NewHTTP(same.URL, nil); err != nil {
		t.Fatal(err)
	}
	expectFile(t, h, "a", "x")
}

func TestOpenSource(t *testing.T) {
	for where, want := range map[string]string{
		"/packs":                         "/packs",
		"https://desk.example/v1/packs":  "https://desk.example/v1/packs/",
		"s3://b/p?endpoint=s3.example:1": "s3://b/p/",
		"s3://b?endpoint=s3.example":     "s3://b/",
	} {
		if s, err := OpenSource(where); err != nil || s.String() != want {
			t.Errorf("%s: %v, %v, want %s", where, s, err, want)
		}
	}
	for _, where := range []string{"ftp://x/y", "https://user:password@x/", "https://x/?token=1", "https:///x", "s3://bucket", "s3://key:secret@b?endpoint=x", "s3://b?endpoint=http://x/y"} {
		if s, err := OpenSource(where); deal.KindOf(err) != deal.Invalid || strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%s: %v, %v, want invalid and no secret", where, s, err)
		}
	}
}
