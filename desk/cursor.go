package desk

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"

	"cession/deal"
)

// cursorKey encrypts positions in the log. The log numbers the entries of all
// deals in one sequence: in the clear, the gaps between the entries a bidder
// may see would count what its rivals do.
type cursorKey struct{ block cipher.Block }

func newCursorKey(key []byte) (cursorKey, error) {
	block, err := aes.NewCipher(key)
	return cursorKey{block}, err
}

// seal returns 32 hex digits: one AES block of the position and eight zero
// bytes, by which open recognizes what it made.
func (k cursorKey) seal(position int64) string {
	var b [aes.BlockSize]byte
	binary.BigEndian.PutUint64(b[:], uint64(position))
	k.block.Encrypt(b[:], b[:])
	return hex.EncodeToString(b[:])
}

// open returns the position, or 0 for "".
func (k cursorKey) open(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	b, err := hex.DecodeString(cursor)
	if err != nil || len(b) != aes.BlockSize {
		return 0, errCursor
	}
	k.block.Decrypt(b, b)
	if binary.BigEndian.Uint64(b[8:]) != 0 {
		return 0, errCursor
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

var errCursor = deal.Errorf(deal.Invalid, "cursor: want one that the desk handed out")
