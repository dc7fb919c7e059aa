package node

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// An identity that was replaced still opens after a restart, whatever the name
// of the folder.
func TestOldIdentitiesAreFound(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nodes[1] *")
	check(t, os.Mkdir(dir, 0o700))
	k, err := openKeyring(dir)
	check(t, err)
	var known []string
	for range 3 {
		known = append(known, k.Recipient().String())
		check(t, k.rotate())
	}
	again, err := openKeyring(dir)
	check(t, err)
	for i, recipient := range append(known, k.Recipient().String()) {
		if !again.holds(recipient) {
			t.Errorf("identity %d of 4 is lost", i)
		}
	}
}

// A rotation that cannot keep the old identity does not replace it.
func TestRotationThatFails(t *testing.T) {
	dir := t.TempDir()
	k, err := openKeyring(dir)
	check(t, err)
	before, pin := k.Recipient().String(), k.pinned()
	sum := sha256.Sum256([]byte(before))
	check(t, os.Mkdir(filepath.Join(dir, oldIdentity+hex.EncodeToString(sum[:8])+".age"), 0o700)) // in the way
	if k.rotate() == nil {
		t.Fatal("rotated without keeping the old identity")
	}
	check(t, os.RemoveAll(filepath.Join(dir, oldIdentity+hex.EncodeToString(sum[:8])+".age")))
	again, err := openKeyring(dir)
	check(t, err)
	if again.Recipient().String() != before || again.pinned() != pin {
		t.Error("a rotation that failed replaced a key")
	}
}
