package vault

import (
	"fmt"
	"io"

	"cession/deal"

	"filippo.io/age"
)

// Decrypt writes the plaintext to dst and checks everything the manifest says:
// size and hash of ciphertext and plaintext. What it wrote before an error is
// authentic only up to there, and must be discarded. Errors about the document
// are of kind invalid; those of src and dst keep theirs.
func Decrypt(dst io.Writer, src io.Reader, m Manifest, key FileKey) error {
	if err := m.Check(); err != nil {
		return err
	}
	cipher, plain := NewHasher(), NewHasher()
	input := &failure{r: io.TeeReader(io.LimitReader(src, m.CipherSize+1), cipher)}
	output := &sink{w: dst}
	r, err := age.Decrypt(input, key.identity())
	if err == nil {
		_, err = io.Copy(io.MultiWriter(plain, output), r)
	}
	switch {
	case input.err != nil:
		return fmt.Errorf("read ciphertext: %w", input.err)
	case output.err != nil:
		return fmt.Errorf("write plaintext: %w", output.err)
	case err != nil:
		return errSealed()
	case cipher.Sum() != Sum{m.CipherSize, m.CipherSHA256} || plain.Sum() != m.Sum():
		return deal.Errorf(deal.Invalid, "document is not the one its manifest describes")
	}
	return nil
}

// errSealed leaves out age's own words: they may quote the file.
func errSealed() error {
	return deal.Errorf(deal.Invalid, "document cannot be decrypted: it is altered, cut short, or under another key")
}

// failure and sink remember the errors of what they wrap.
type failure struct {
	r   io.Reader
	err error
}

func (f *failure) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

// Open gives random access to the plaintext, m.Size bytes of it. Every 64 KiB
// are authenticated before they are returned. It may be used concurrently.
func Open(src io.ReaderAt, m Manifest, key FileKey) (io.ReaderAt, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	input := &failureAt{r: src}
	r, size, err := age.DecryptReaderAt(input, m.CipherSize, key.identity())
	if input.err != nil {
		return nil, fmt.Errorf("read ciphertext: %w", input.err)
	}
	if err != nil || size != m.Size {
		return nil, errSealed()
	}
	return r, nil
}

type failureAt struct {
	r   io.ReaderAt
	err error
}

func (f *failureAt) ReadAt(p []byte, offset int64) (int, error) {
	n, err := f.r.ReadAt(p, offset)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}
