package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// ReadRange implements [Store]. A download that pauses for longer than the call
// timeout ends with an error.
func (s *S3) ReadRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := errors.Join(CheckKey(key), checkRange(offset, length)); err != nil {
		return nil, err
	}
	if length > 0 {
		body, err := s.download(ctx, s.object(key), offset, length)
		if reply(err).Code != "InvalidRange" {
			return body, err
		}
	}
	// S3 has no empty ranges, and "to the end" has one answer only once the end is known.
	info, err := s.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if offset > info.Size {
		return nil, errBeyond(offset, info.Size)
	}
	if length == 0 || offset == info.Size {
		return http.NoBody, nil
	}
	return s.download(ctx, s.object(key), offset, info.Size-offset)
}

func (s *S3) download(ctx context.Context, object string, offset, length int64) (io.ReadCloser, error) {
	var opts minio.GetObjectOptions
	if err := opts.SetRange(offset, offset+length-1); err != nil {
		return nil, fmt.Errorf("read blob: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	d := &download{cancel: cancel, timeout: s.config.CallTimeout}
	d.idle = time.AfterFunc(d.timeout, cancel)
	body, _, header, err := s.core.GetObject(ctx, s.config.Bucket, object, opts)
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("read blob: %w", s3Error(err))
	}
	d.body = body
	if d.left, err = contentRange(header.Get("Content-Range"), offset, length); err != nil {
		d.Close()
		return nil, fmt.Errorf("read blob: %w", err)
	}
	return d, nil
}

// contentRange returns how many bytes an answer carries (RFC 9110, 14.4), after
// making sure that they are those asked for, or as many of them as there are.
func contentRange(header string, offset, length int64) (int64, error) {
	span, total, ok := strings.Cut(strings.TrimPrefix(header, "bytes "), "/")
	from, to, ok2 := strings.Cut(span, "-")
	first, err1 := strconv.ParseInt(from, 10, 64)
	last, err2 := strconv.ParseInt(to, 10, 64)
	size, err3 := strconv.ParseInt(total, 10, 64)
	if !ok || !ok2 || errors.Join(err1, err2, err3) != nil || first != offset || last != min(offset+length, size)-1 || last < first {
		return 0, errors.New("the S3 store answered with another range than asked for")
	}
	return last - first + 1, nil
}

// download is a body whose every Read has the timeout, and which does not end
// early without an error.
type download struct {
	body    io.ReadCloser
	cancel  context.CancelFunc
	idle    *time.Timer
	timeout time.Duration
	left    int64
}

func (d *download) Read(p []byte) (int, error) {
	d.idle.Reset(d.timeout)
	n, err := d.body.Read(p)
	d.idle.Stop() // the caller may take its time
	d.left -= int64(n)
	if err == io.EOF && d.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (d *download) Close() error {
	d.idle.Stop()
	defer d.cancel()
	if d.body == nil {
		return nil
	}
	return d.body.Close()
}
