package vault

import (
	"bytes"
	"crypto/sha256"
	"io"
	"testing"

	"filippo.io/age"
)

const benchSize = 32 << 20

// Intake is the whole of it: plaintext hash, encryption, ciphertext hash, chunk tree.
func BenchmarkIntake(b *testing.B) {
	plain := random(benchSize)
	b.SetBytes(benchSize)
	b.ReportAllocs()
	for b.Loop() {
		e, err := NewEncryptor(bytes.NewReader(plain), nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, e); err != nil {
			b.Fatal(err)
		}
		if _, err := e.Finish(PDF); err != nil {
			b.Fatal(err)
		}
	}
}

// Bare is the least that could do: one SHA-256 and age.
func BenchmarkBare(b *testing.B) {
	plain, to := random(benchSize), newIdentity(b).recipient.inner
	b.SetBytes(benchSize)
	for b.Loop() {
		h := sha256.New()
		r, err := age.EncryptReader(io.TeeReader(bytes.NewReader(plain), h), to)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecrypt(b *testing.B) {
	v, cipher := encrypt(b, random(benchSize))
	b.SetBytes(benchSize)
	for b.Loop() {
		if err := Decrypt(io.Discard, bytes.NewReader(cipher), v.Manifest, v.Key); err != nil {
			b.Fatal(err)
		}
	}
}

// Rewrap is what a handover costs the seller's node in cryptography, whatever
// the size of the document.
func BenchmarkRewrap(b *testing.B) {
	seller, buyer := newIdentity(b), newIdentity(b)
	v, _ := encrypt(b, random(1000))
	kept, err := WrapKey(v.Key, v.Manifest, seller.Recipient())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		key, err := seller.Unwrap(kept, v.Manifest)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := WrapKey(key, v.Manifest, buyer.Recipient()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInspectInvoice(b *testing.B) {
	pdf := invoice(b)
	b.SetBytes(int64(len(pdf)))
	for b.Loop() {
		if _, err := Inspect(bytes.NewReader(pdf), int64(len(pdf)), "a.pdf"); err != nil {
			b.Fatal(err)
		}
	}
}
