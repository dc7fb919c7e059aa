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
	plain, sum := hashBeside()
	r, err := age.Decrypt(input, key.identity())
	if err == nil {
		_, err = io.CopyBuffer(plain, r, make([]byte, besideBytes))
	}
	plain.Close()
	got := <-sum
	switch {
	case input.err != nil:
		return fmt.Errorf("read ciphertext: %w", input.err)
	case err != nil:
		return errSealed()
	case got != m.Sum():
		return deal.Errorf(deal.Invalid, "document is not the one its manifest describes")
	}
	return nil
}

// besideBytes is how far what is hashed may be behind what is read.
const besideBytes = 256 << 10

// hashBeside hashes what is written, beside who writes it: on another core, if
// there is one. When the writer is closed the sum comes.
func hashBeside() (io.WriteCloser, <-chan Sum) {
	r, w := io.Pipe()
	sum := make(chan Sum, 1)
	go func() {
		h := NewHasher()
		_, _ = io.CopyBuffer(h, r, make([]byte, besideBytes)) // neither end fails
		sum <- h.Sum()
	}()
	return w, sum
}
