package vault

import (
	"errors"
	"fmt"
	"io"

	"cession/deal"

	"filippo.io/age"
)

// PartSize is the size in bytes of the parts in which a large document comes in;
// the last may be shorter.
const PartSize = 8 << 20

// Parts returns the number of parts of a document of size bytes.
func Parts(size int64) int { return int((size + PartSize - 1) / PartSize) }

// Part returns where part i of a document of size bytes lies in it, in bytes.
func Part(size int64, i int) (offset, length int64) {
	offset = int64(i) * PartSize
	return offset, min(PartSize, size-offset)
}

// SealPart returns a writer that encrypts to dst for a recipient: how a node
// keeps a part until its document is whole. Close ends it; dst stays open.
func SealPart(dst io.Writer, to Recipient) (io.WriteCloser, error) {
	if to.inner == nil {
		return nil, deal.Errorf(deal.Invalid, "encrypt part: no recipient")
	}
	w, err := age.Encrypt(dst, to.inner)
	if err != nil {
		return nil, fmt.Errorf("encrypt part: %w", err)
	}
	return w, nil
}

// OpenPart returns a reader of what one of the identities can decrypt. Errors of
// kind invalid, also those of Read, tell that it is altered or for somebody else.
func OpenPart(src io.Reader, by ...Identity) (io.Reader, error) {
	identities := make([]age.Identity, 0, len(by))
	for _, i := range by {
		if i.inner != nil {
			identities = append(identities, i.inner)
		}
	}
	if len(identities) == 0 {
		return nil, deal.Errorf(deal.Invalid, "decrypt part: no identity")
	}
	input := &failure{r: src}
	r, err := age.Decrypt(input, identities...)
	if err != nil {
		return nil, partError(input)
	}
	return &partReader{r, input}, nil
}

type partReader struct {
	r     io.Reader
	input *failure
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = partError(p.input)
	}
	return n, err
}

// partError leaves out age's own words, like [errSealed].
func partError(input *failure) error {
	if input.err != nil {
		return fmt.Errorf("read part: %w", input.err)
	}
	return errSealed()
}
