package vault

import (
	"fmt"
	"io"

	"cession/deal"
)

// Verify opens a ciphertext and checks that its plaintext is the manifest's;
// nothing of it is kept. Every chunk of the ciphertext was verified with
// [ChunkList.Verify] before: then the manifest's root covers the ciphertext, and
// hashing it once more would tell nothing. It reads the end of src first, then
// all from the start. Errors as of [Decrypt].
func Verify(src io.ReaderAt, m Manifest, key FileKey) error {
	input := &failureAt{r: src}
	plain, err := Open(input, m, key)
	if err != nil {
		return err
	}
	sum, err := hashBeside(io.NewSectionReader(plain, 0, m.Size))
	switch {
	case input.err != nil:
		return fmt.Errorf("read ciphertext: %w", input.err)
	case err != nil:
		return errSealed()
	case sum != m.Sum():
		return deal.Errorf(deal.Invalid, "document is not the one its manifest describes")
	}
	return nil
}

// What is read and not hashed yet: so many pieces of so many bytes.
const (
	besidePieces = 4
	besideBytes  = 512 << 10
)

// hashBeside hashes what it reads, beside the reading: on another core, if there
// is one.
func hashBeside(r io.Reader) (Sum, error) {
	read, spare := make(chan []byte, besidePieces), make(chan []byte, besidePieces)
	for range besidePieces {
		spare <- make([]byte, besideBytes)
	}
	sum := make(chan Sum)
	go func() {
		h := NewHasher()
		for piece := range read {
			_, _ = h.Write(piece) // never fails
			spare <- piece[:cap(piece)]
		}
		sum <- h.Sum()
	}()
	var err error
	for err == nil {
		piece, n := <-spare, 0
		n, err = io.ReadFull(r, piece)
		read <- piece[:n]
	}
	close(read)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return <-sum, err
}
