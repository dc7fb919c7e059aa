package blob_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"cession/node/blob"
	"cession/node/blob/blobtest"
)

// In a bucket that keeps versions a deleted blob is gone with all of them: not
// only hidden behind a mark.
func TestS3DeletesVersions(t *testing.T) {
	config := blobtest.StartS3(t, "--versioning-dir", t.TempDir())
	client, err := minio.New(config.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(config.AccessKey, config.SecretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.EnableVersioning(t.Context(), config.Bucket); err != nil {
		t.Fatal(err)
	}
	s, err := blob.OpenS3(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	kept := func(name string) (count int) {
		for o := range client.ListObjects(t.Context(), config.Bucket, minio.ListObjectsOptions{Recursive: true, WithVersions: true}) {
			if o.Err != nil {
				t.Fatal(o.Err)
			}
			if name == "" || o.Key == name {
				count++
			}
		}
		return count
	}
	for name, content := range map[string][]byte{"small": []byte("x"), "large": blobtest.Content(9 << 20), "small-too": []byte("y")} {
		if _, err := s.Put(t.Context(), name, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Put(t.Context(), "small", strings.NewReader("z")); err == nil {
		t.Error("a blob was overwritten with another version")
	}
	for _, name := range []string{"small", "large", "none"} {
		if err := s.Delete(t.Context(), name); err != nil {
			t.Errorf("delete %s: %v", name, err)
		}
		if n := kept(name); n != 0 {
			t.Errorf("%d versions or marks are kept of %s", n, name)
		}
	}
	if n := kept(""); n != 1 { // the other one; nothing of the probe
		t.Errorf("the bucket keeps %d versions in all, want 1", n)
	}
}
