package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"time"

	"cession/deal"

	"github.com/minio/minio-go/v7"
)

const tokenName = "Put-Token" // user metadata: which Put created the object

// Put implements [Store]. A blob that fits in one part is one request; a larger
// one goes up part by part, and a part that fails is sent again by itself.
func (s *S3) Put(ctx context.Context, key string, r io.Reader) (Sum, error) {
	if err := CheckKey(key); err != nil {
		return Sum{}, err
	}
	if _, err := s.Stat(ctx, key); err == nil {
		return Sum{}, errExists() // early, so that nothing is read in vain; the condition decides
	}
	buffer := s.parts.Get().(*[]byte)
	defer s.parts.Put(buffer)
	src := newSource(ctx, r)
	if err := s.put(ctx, s.object(key), newParts(src, *buffer)); err != nil {
		return Sum{}, fmt.Errorf("store blob: %w", err)
	}
	return src.sum(), nil
}

func (s *S3) put(ctx context.Context, object string, p *parts) error {
	first, err := p.next()
	if err != nil {
		return err
	}
	if p.last {
		return s.create(ctx, object, first)
	}
	p.unread = true
	return s.upload(ctx, object, p)
}

// parts cuts a reader into parts; each next overwrites the part before.
type parts struct {
	r      io.Reader
	buffer []byte
	n      int  // bytes of the current part
	last   bool // it is the last
	unread bool // the current part is to be returned once more
}

func newParts(r io.Reader, buffer []byte) *parts { return &parts{r: r, buffer: buffer} }

func (p *parts) next() ([]byte, error) {
	if p.unread {
		p.unread = false
		return p.buffer[:p.n], nil
	}
	p.n = 0
	for p.n < len(p.buffer) && !p.last {
		n, err := p.r.Read(p.buffer[p.n:])
		p.n += n
		// Not io.ReadFull: it says ErrUnexpectedEOF at the end, and so does a reader
		// whose connection broke. Taking one for the other would store half a blob.
		if p.last = err == io.EOF; err != nil && !p.last {
			return nil, err
		}
	}
	return p.buffer[:p.n], nil
}

// create stores an object in one request.
func (s *S3) create(ctx context.Context, object string, content []byte) error {
	sum := sha256.Sum256(content)
	token, opts := marked()
	opts.SetMatchETagExcept("*")
	info, err := call(ctx, s, func(ctx context.Context) (minio.UploadInfo, error) {
		return s.core.PutObject(ctx, s.config.Bucket, object, bytes.NewReader(content), int64(len(content)), "", hex.EncodeToString(sum[:]), opts)
	})
	s.noteVersions(info)
	return s.settle(ctx, object, token, err)
}

// noteVersions learns from what a store says of an object whether the bucket
// keeps versions; it says so at once, of the probe.
func (s *S3) noteVersions(info minio.UploadInfo) {
	if info.VersionID != "" {
		s.versioned.Store(true)
	}
}

// marked returns a new token and the options that put it on an object.
func marked() (token string, opts minio.PutObjectOptions) {
	token = rand.Text()
	opts.UserMetadata = map[string]string{tokenName: token}
	return token, opts
}

// upload stores an object part by part.
func (s *S3) upload(ctx context.Context, object string, p *parts) error {
	token, opts := marked()
	opts.UserMetadata["X-Amz-Checksum-Algorithm"] = "SHA256"
	id, err := call(ctx, s, func(ctx context.Context) (string, error) {
		return s.core.NewMultipartUpload(ctx, s.config.Bucket, object, opts)
	})
	if err != nil {
		return s3Error(err)
	}
	done, err := s.sendParts(ctx, object, id, p)
	if err != nil {
		s.abort(ctx, object, id)
		return err
	}
	err = s.complete(ctx, object, id, token, done)
	if err != nil && deal.KindOf(err) != deal.Lost {
		s.abort(ctx, object, id)
	}
	return err
}

func (s *S3) sendParts(ctx context.Context, object, id string, p *parts) (done []minio.CompletePart, err error) {
	for number := 1; ; number++ {
		content, err := p.next()
		if err != nil {
			return nil, err
		}
		if len(content) == 0 {
			return done, nil
		}
		if number > maxParts {
			return nil, deal.Errorf(deal.Invalid, "blob has more than %d parts of %d bytes: raise the part size", maxParts, s.config.PartSize)
		}
		part, err := s.sendPart(ctx, object, id, number, content)
		if err != nil {
			return nil, fmt.Errorf("send part %d: %w", number, s3Error(err))
		}
		done = append(done, part)
		if p.last {
			return done, nil
		}
	}
}

func (s *S3) sendPart(ctx context.Context, object, id string, number int, content []byte) (minio.CompletePart, error) {
	sum := sha256.Sum256(content)
	checksum := base64.StdEncoding.EncodeToString(sum[:])
	opts := minio.PutObjectPartOptions{
		Sha256Hex:    hex.EncodeToString(sum[:]),
		CustomHeader: http.Header{"X-Amz-Checksum-Sha256": {checksum}},
	}
	part, err := call(ctx, s, func(ctx context.Context) (minio.ObjectPart, error) {
		return s.core.PutObjectPart(ctx, s.config.Bucket, object, id, number, bytes.NewReader(content), int64(len(content)), opts)
	})
	return minio.CompletePart{PartNumber: number, ETag: part.ETag, ChecksumSHA256: checksum}, err
}

func (s *S3) complete(ctx context.Context, object, id, token string, done []minio.CompletePart) error {
	var opts minio.PutObjectOptions
	opts.SetMatchETagExcept("*")
	info, err := call(ctx, s, func(ctx context.Context) (minio.UploadInfo, error) {
		return s.core.CompleteMultipartUpload(ctx, s.config.Bucket, object, id, done, opts)
	})
	s.noteVersions(info)
	return s.settle(ctx, object, token, err)
}

// settle finds out what became of a create that ended in err. Retries hide
// inside the client, so even a plain "exists already" may be about our own
// object, whose first reply was lost.
func (s *S3) settle(ctx context.Context, object, token string, err error) error {
	if err == nil {
		return nil
	}
	found, statErr := s.stat(context.WithoutCancel(ctx), object)
	if statErr == nil && found.UserMetadata[tokenName] == token {
		return nil
	}
	if statErr == nil {
		return errExists()
	}
	if rejected(err, deal.KindOf(s3Error(statErr)) == deal.NotFound) {
		return s3Error(err)
	}
	return deal.Errorf(deal.Lost, "outcome unknown, look before putting it again: %w", err)
}

// rejected reports whether the store itself turned the request down. After a
// timeout or a broken connection it may still be carrying it out, and some
// answers may be about the object an earlier try created, unless that is absent.
func rejected(err error, absent bool) bool {
	switch status := reply(err).StatusCode; status {
	case http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed:
		return absent
	case http.StatusRequestTimeout:
		return false
	default:
		return status >= 400 && status < 500 || status == http.StatusInsufficientStorage
	}
}

// abort frees the parts of an upload that will not be completed. If that fails,
// [S3.AbortStale] does it later.
func (s *S3) abort(ctx context.Context, object, id string) {
	call(context.WithoutCancel(ctx), s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.core.AbortMultipartUpload(ctx, s.config.Bucket, object, id)
	})
}

// AbortStale frees the parts of uploads begun more than age ago by processes
// that died meanwhile, and returns how many. Choose an age no Put takes.
func (s *S3) AbortStale(ctx context.Context, age time.Duration) (aborted int, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.CallTimeout)
	defer cancel()
	for u := range s.core.ListIncompleteUploads(ctx, s.config.Bucket, s.config.Prefix, true) {
		if u.Err != nil {
			return aborted, fmt.Errorf("list stale uploads: %w", u.Err)
		}
		if time.Since(u.Initiated) <= age {
			continue
		}
		if err := s.core.AbortMultipartUpload(ctx, s.config.Bucket, u.Key, u.UploadID); err != nil {
			return aborted, fmt.Errorf("abort stale upload: %w", err)
		}
		aborted++
	}
	return aborted, nil
}
