package vault

import (
	"fmt"
	"io"

	"cession/deal"

	"filippo.io/age"
)

// Verify opens a ciphertext and checks that its plaintext is the manifest's;
// nothing of it is kept. Every chunk of the ciphertext was verified with
// [ChunkList.Verify] before: then the manifest's root covers the ciphertext, and
// hashing it once more would tell nothing. Errors as of [Decrypt].
func Verify(src io.Reader, m Manifest, key FileKey) error {
	if err := m.Check(); err != nil {
		return err
	}
	input := &failure{r: io.LimitReader(src, m.CipherSize)}
	plain := NewHasher()
	r, err := age.Decrypt(input, key.identity())
	if err == nil {
		_, err = io.CopyBuffer(plain, r, make([]byte, 256<<10))
	}
	switch {
	case input.err != nil:
		return fmt.Errorf("read ciphertext: %w", input.err)
	case err != nil:
		return errSealed()
	case plain.Sum() != m.Sum():
		return deal.Errorf(deal.Invalid, "document is not the one its manifest describes")
	}
	return nil
}
