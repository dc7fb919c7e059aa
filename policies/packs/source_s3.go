package packs

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"cession/deal"
)

// S3 is a source in a bucket of an S3-compatible store.
type S3 struct {
	core    *minio.Core
	where   string
	bucket  string
	prefix  string
	timeout time.Duration
	answers answers
}

// S3Access are the keys and the network of an [S3] source. Without it the keys
// are those of the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
// AWS_SESSION_TOKEN), and without any the bucket is read as by anybody.
type S3Access struct {
	AccessKey, SecretKey string
	Transport            http.RoundTripper // nil: minio-go's own
}

// NewS3 returns the source at s3://bucket/prefix?endpoint=host:port. Region
// (us-east-1) and insecure=true, for a store without TLS, may follow.
func NewS3(address string, access *S3Access) (*S3, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil || u.Query().Get("endpoint") == "" {
		return nil, deal.Errorf(deal.Invalid, "source of policies: want s3://bucket/prefix?endpoint=host:port, and the keys in the environment")
	}
	options := &minio.Options{Creds: credentials.NewEnvAWS(), Region: "us-east-1", Secure: true, MaxRetries: 1}
	if access != nil {
		options.Creds, options.Transport = credentials.NewStaticV4(access.AccessKey, access.SecretKey, ""), access.Transport
	}
	q := u.Query()
	options.Secure = q.Get("insecure") != "true"
	if region := q.Get("region"); region != "" {
		options.Region = region
	}
	core, err := minio.NewCore(q.Get("endpoint"), options)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "source of policies: %w", err)
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &S3{core: core, where: "s3://" + u.Host + "/" + prefix, bucket: u.Host, prefix: prefix, timeout: readTimeout}, nil
}

// String returns bucket and prefix.
func (s *S3) String() string { return s.where }

// Read implements [Source].
func (s *S3) Read(ctx context.Context, file string, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	have, known := s.answers.of(file)
	var options minio.GetObjectOptions
	if known {
		if err := options.SetMatchETagExcept(have.tag); err != nil {
			return nil, invalid(ErrSource, "ask for %s", file)
		}
	}
	body, info, _, err := s.core.GetObject(ctx, s.bucket, s.prefix+file, options)
	if known && reply(err).StatusCode == http.StatusNotModified {
		return have.within(limit)
	}
	if err != nil {
		return nil, s3Error(err)
	}
	defer body.Close()
	b, err := readAll(body, limit)
	if err != nil {
		return nil, err
	}
	if int64(len(b)) != info.Size {
		return nil, undelivered(errors.New("the answer ends early"))
	}
	s.answers.keep(file, info.ETag, b)
	return b, nil
}

func s3Error(err error) error {
	switch r := reply(err); {
	case r.Code == minio.NoSuchKey, r.Code == minio.NoSuchBucket:
		return deal.Errorf(deal.NotFound, "%w: %w", ErrSource, err)
	case r.StatusCode == http.StatusUnauthorized, r.StatusCode == http.StatusForbidden:
		return refusal(ErrSource, "the S3 store denies access, check its keys and policy (%s)", r.Code)
	}
	return undelivered(err)
}

func reply(err error) (r minio.ErrorResponse) {
	errors.As(err, &r)
	return r
}
