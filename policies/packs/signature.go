package packs

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/open-policy-agent/opa/v1/bundle"

	"cession/deal"
)

// sign returns OPA's signature file: a JSON Web Token over the hash of every
// other file.
func (f files) sign(officer string, key *ecdsa.PrivateKey) ([]byte, error) {
	if !idForm.MatchString(officer) {
		return nil, deal.Errorf(deal.Invalid, "want the officer's id as the trust file has it")
	}
	private, err := privatePEM(key)
	if err != nil {
		return nil, err
	}
	hashes, err := f.hashes()
	if err != nil {
		return nil, err
	}
	token, err := bundle.GenerateSignedToken(hashes, bundle.NewSigningConfig(string(private), algorithm, ""), officer)
	if err != nil {
		return nil, err
	}
	return json.Marshal(bundle.SignaturesConfig{Signatures: []string{token}})
}

func (f files) hashes() ([]bundle.FileInfo, error) {
	hasher, err := bundle.NewSignatureHasher(bundle.SHA256)
	if err != nil {
		return nil, err
	}
	var infos []bundle.FileInfo
	for _, name := range slices.Sorted(maps.Keys(f)) {
		var content any = f[name]
		if bundle.IsStructuredDoc(name) {
			if content, err = decode(f[name]); err != nil {
				return nil, err
			}
		}
		sum, err := hasher.HashFile(content)
		if err != nil {
			return nil, err
		}
		infos = append(infos, bundle.NewFile(name, hex.EncodeToString(sum), string(bundle.SHA256)))
	}
	return infos, nil
}

// decode keeps numbers as OPA does when it hashes.
func decode(b []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&tree)
	return tree, err
}

// verify returns the officer who signed every file, and nothing but them.
func (f files) verify(trust Trust, now time.Time) (maker string, err error) {
	config, err := f.signatures()
	if err != nil {
		return "", err
	}
	message, err := jws.ParseString(config.Signatures[0])
	if err != nil || len(message.Signatures()) != 1 {
		return "", invalid(ErrSigner, "its signature is no JSON Web Token")
	}
	id, _ := message.Signatures()[0].ProtectedHeaders().KeyID()
	officer, err := trust.officer(id, Maker, now)
	if err != nil {
		return "", err
	}
	keys := map[string]*bundle.KeyConfig{id: {Key: officer.Key, Algorithm: algorithm}}
	hashes, err := bundle.VerifyBundleSignature(config, bundle.NewVerificationConfig(keys, id, "", nil))
	if err != nil {
		return "", refusal(ErrSigner, "the signature is not that of %s", id)
	}
	return id, f.compare(hashes)
}

func (f files) signatures() (config bundle.SignaturesConfig, err error) {
	text, ok := f[signaturesName]
	if !ok {
		return config, deal.Errorf(deal.Refused, "%w: no officer signed this bundle", ErrUnsigned)
	}
	if err := strictJSON(text, &config); err != nil {
		return config, invalid(ErrSigner, "its file of signatures: %s", err)
	}
	if len(config.Signatures) == 0 {
		return config, deal.Errorf(deal.Refused, "%w: no officer signed this bundle", ErrUnsigned)
	}
	if len(config.Signatures) > 1 || config.Plugin != "" {
		return config, invalid(ErrSigner, "want one signature, by no plugin")
	}
	return config, nil
}

// compare holds the files against the hashes that were signed.
func (f files) compare(hashes map[string]bundle.FileInfo) error {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if name == signaturesName {
			continue
		}
		info, signed := hashes[name]
		if !signed {
			return refusal(ErrTampered, "%s was added", name)
		}
		if info.Algorithm != string(bundle.SHA256) {
			return invalid(ErrSigner, "%s is hashed with something else than SHA-256", name)
		}
		// It takes the name out of hashes.
		if bundle.VerifyBundleFile(name, *bytes.NewBuffer(f[name]), hashes) != nil {
			return refusal(ErrTampered, "%s is not what was signed", name)
		}
	}
	if missing := slices.Sorted(maps.Keys(hashes)); len(missing) > 0 {
		return refusal(ErrTampered, "%.100q is missing", missing[0])
	}
	return nil
}
