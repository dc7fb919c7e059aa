package vault

import (
	"fmt"
	"io"

	"cession/deal"
)

// Verify opens a ciphertext and checks that its plaintext is the manifest's;
// nothing of it is kept. Every chunk of the ciphertext was verified with
// [ChunkList.Verify] before: then the manifest's root covers the ciphertext, and
// hashing it once more would tell nothing. It reads the header and the end of
// src first, then all from the start. Errors as of [Decrypt].
func Verify(src io.ReaderAt, m Manifest, key FileKey) error {
	input := &failureAt{r: src}
	plain, err := Open(input, m, key)
	if err != nil {
		return err
	}
	beside, stop := Ahead(io.NewSectionReader(plain, 0, m.Size))
	defer stop()
	sum, err := Hash(beside)
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
