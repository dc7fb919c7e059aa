package blob

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cession/deal"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	minPart     = 5 << 20 // S3's minimum for every part but the last
	defaultPart = 8 << 20
	maxParts    = 10_000 // S3's maximum for one object
)

// S3Config says where an [S3] store is and how to reach it.
type S3Config struct {
	Endpoint  string // host:port
	Secure    bool   // TLS
	Region    string // "us-east-1" if empty
	Bucket    string // must exist
	Prefix    string // put before every key, for instance "node/"; may be empty
	AccessKey string
	SecretKey string

	PartSize    int64             // bytes held in memory by each Put; 8 MiB if 0, at least 5 MiB; a blob has at most 10,000 parts
	CallTimeout time.Duration     // for each request of a Put, for a silent download, for any other call; 1 minute if 0
	Transport   http.RoundTripper // nil: minio-go's own
}

// S3 keeps blobs in a bucket of an S3-compatible store. Every object is created
// with If-None-Match and with a SHA-256 per part, and carries a random token by
// which a Put whose reply was lost recognizes its own object. Its access key must
// let it read, write, delete and list objects, their versions where the bucket
// keeps any, and multipart uploads.
type S3 struct {
	core   *minio.Core
	config S3Config
	parts  sync.Pool // of *[]byte, PartSize long

	versioned atomic.Bool // the bucket keeps what is deleted, as a version
}

// OpenS3 connects to the bucket and makes sure that it keeps the one promise not
// every store keeps: a conditional create never overwrites. It refuses those
// that do not.
func OpenS3(ctx context.Context, c S3Config) (*S3, error) {
	c.Region = cmp.Or(c.Region, "us-east-1")
	c.PartSize = max(cmp.Or(c.PartSize, defaultPart), minPart)
	c.CallTimeout = cmp.Or(c.CallTimeout, time.Minute)
	core, err := minio.NewCore(c.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:     c.Secure,
		Region:     c.Region,
		Transport:  c.Transport,
		MaxRetries: 3,
	})
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "configure S3 store: %w", err)
	}
	s := &S3{core: core, config: c}
	s.parts.New = func() any { b := make([]byte, c.PartSize); return &b }
	if err := s.probe(ctx); err != nil {
		return nil, fmt.Errorf("open S3 store: %w", err)
	}
	return s, nil
}

// probe creates the same object twice, both as a whole and from parts.
func (s *S3) probe(ctx context.Context) error {
	ok, err := call(ctx, s, func(ctx context.Context) (bool, error) { return s.core.BucketExists(ctx, s.config.Bucket) })
	if err != nil {
		return s3Error(err)
	}
	if !ok {
		return deal.Errorf(deal.NotFound, "there is no such bucket: create it, or correct its name")
	}
	object := s.config.Prefix + ".probe/" + rand.Text() // no key begins with a dot
	defer s.remove(context.WithoutCancel(ctx), object)
	if err := s.create(ctx, object, []byte("probe")); err != nil {
		return err
	}
	whole := s.create(ctx, object, []byte("probe"))
	parts := s.upload(ctx, object, newParts(strings.NewReader("probe"), make([]byte, minPart)))
	for _, err := range []error{whole, parts} {
		if err == nil {
			return deal.Errorf(deal.Refused, "the S3 store overwrites despite If-None-Match: use one with conditional writes")
		}
		if !errors.Is(err, ErrExists) {
			return err
		}
	}
	return nil
}

// call bounds one request, with its retries, by the store's timeout.
func call[T any](ctx context.Context, s *S3, request func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.CallTimeout)
	defer cancel()
	return request(ctx)
}

func (s *S3) object(key string) string { return s.config.Prefix + key }

// Stat implements [Store].
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, err
	}
	o, err := s.stat(ctx, s.object(key))
	if err != nil {
		return Info{}, fmt.Errorf("stat blob: %w", s3Error(err))
	}
	return Info{key, o.Size, o.LastModified.UTC()}, nil
}

func (s *S3) stat(ctx context.Context, object string) (minio.ObjectInfo, error) {
	return call(ctx, s, func(ctx context.Context) (minio.ObjectInfo, error) {
		return s.core.StatObject(ctx, s.config.Bucket, object, minio.StatObjectOptions{})
	})
}

// List implements [Store].
func (s *S3) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		idle := time.AfterFunc(s.config.CallTimeout, cancel)
		defer idle.Stop()
		for o := range s.core.ListObjectsIter(ctx, s.config.Bucket, minio.ListObjectsOptions{Prefix: s.object(prefix), Recursive: true}) {
			if o.Err != nil {
				yield(Info{}, fmt.Errorf("list blobs: %w", s3Error(o.Err)))
				return
			}
			key := strings.TrimPrefix(o.Key, s.config.Prefix)
			if CheckKey(key) != nil {
				continue // not ours: a folder marker, a probe
			}
			idle.Stop() // the caller may take its time
			if !yield(Info{key, o.Size, o.LastModified.UTC()}, nil) {
				return
			}
			idle.Reset(s.config.CallTimeout)
		}
		if err := ctx.Err(); err != nil {
			yield(Info{}, fmt.Errorf("list blobs: %w", err))
		}
	}
}

// Delete implements [Store].
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := s.remove(ctx, s.object(key)); err != nil {
		return fmt.Errorf("delete blob: %w", s3Error(err))
	}
	return nil
}

func (s *S3) remove(ctx context.Context, object string) error {
	if s.versioned.Load() {
		return s.removeVersions(ctx, object)
	}
	return s.removeOne(ctx, object, "")
}

// removeVersions removes all that a bucket keeps of an object: a plain delete
// would only hide it.
func (s *S3) removeVersions(ctx context.Context, object string) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.CallTimeout)
	defer cancel()
	for o := range s.core.ListObjectsIter(ctx, s.config.Bucket, minio.ListObjectsOptions{Prefix: object, Recursive: true, WithVersions: true}) {
		if o.Err != nil {
			return o.Err
		}
		if o.Key != object {
			continue
		}
		if err := s.removeOne(ctx, object, o.VersionID); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (s *S3) removeOne(ctx context.Context, object, version string) error {
	_, err := call(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.core.RemoveObject(ctx, s.config.Bucket, object, minio.RemoveObjectOptions{VersionID: version})
	})
	if code := reply(err).Code; code == minio.NoSuchKey || code == minio.NoSuchVersion {
		return nil
	}
	return err
}

// reply returns the store's own answer in err's chain, or a zero one.
func reply(err error) (r minio.ErrorResponse) {
	errors.As(err, &r)
	return r
}

// s3Error gives an answer of the store its kind.
func s3Error(err error) error {
	switch r := reply(err); {
	case r.Code == minio.NoSuchKey || r.Code == "NotFound":
		return errMissing()
	case r.StatusCode == http.StatusPreconditionFailed: // by who came first, though it may not be seen yet
		return errExists()
	case r.StatusCode == http.StatusInsufficientStorage, r.Code == "QuotaExceeded", r.Code == "XMinioStorageFull", r.Code == "XMinioAdminBucketQuotaExceeded":
		return fmt.Errorf("%w (%w)", ErrNoSpace, err)
	case r.StatusCode == http.StatusUnauthorized || r.StatusCode == http.StatusForbidden:
		return deal.Errorf(deal.Refused, "the S3 store denies access, check its keys and policy: %w", err)
	}
	return err
}
