package chain

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain/chaintest"
	"cession/deal"
)

func TestWalletIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wallets")
	made, err := NewWallet(dir, "correct horse", Light())
	if err != nil {
		t.Fatal(err)
	}
	file := WalletFile(dir, made.Address())
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("wallet file: %v, %v; want mode 0600", info, err)
	}
	opened, err := OpenWallet(file, "correct horse")
	if err != nil || opened.Address() != made.Address() {
		t.Fatalf("opened %v, %v; want %s", opened, err, made.Address())
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the folder has %d files, want the wallet alone", len(entries))
	}
}

func TestWalletErrors(t *testing.T) {
	dir := t.TempDir()
	w, err := ImportWallet(dir, []byte("0x"+chaintest.DevKey+"\n"), "right", Light())
	if err != nil {
		t.Fatal(err)
	}
	if want := "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"; w.Address().String() != want {
		t.Fatalf("imported %s, want %s", w.Address(), want)
	}
	file := WalletFile(dir, w.Address())
	stored, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	open := func(path, passphrase string) error { _, err := OpenWallet(path, passphrase); return err }
	load := func(dir, secret, passphrase string) error {
		_, err := ImportWallet(dir, []byte(secret), passphrase, Light())
		return err
	}
	salt := regexp.MustCompile(`"salt":"[0-9a-f]+"`)
	saltless := salt.ReplaceAllString(string(stored), `"salt":5`)
	greedy := strings.Replace(string(stored), `"n":4096`, `"n":2097152`, 1)
	other := strings.Replace(string(stored), "f39fd6e5", "f39fd6e6", 1)
	for name, tt := range map[string]struct {
		err  error
		want deal.Kind
	}{
		"wrong passphrase":          {open(file, "wrong"), deal.Refused},
		"missing":                   {open(filepath.Join(dir, "none.json"), "right"), deal.NotFound},
		"garbage":                   {open(write("w", "garbage"), "right"), deal.Invalid},
		"other JSON":                {open(write("w", "{}"), "right"), deal.Invalid},
		"cut off":                   {open(write("w", string(stored[:100])), "right"), deal.Invalid},
		"huge":                      {open(write("w", strings.Repeat(" ", maxKeyFile+1)), "right"), deal.Invalid},
		"another account claimed":   {open(write("w", other), "right"), deal.Invalid},
		"salt of another type":      {open(write("w", saltless), "right"), deal.Invalid},
		"cost of 2 gigabytes":       {open(write("w", greedy), "right"), deal.Invalid},
		"import again":              {load(dir, chaintest.DevKey, "right"), deal.Conflict},
		"import keystore again":     {load(dir, string(stored), "right"), deal.Conflict},
		"import wrong passphrase":   {load(t.TempDir(), string(stored), "wrong"), deal.Refused},
		"import keystore elsewhere": {load(t.TempDir(), string(stored), "right"), ""},
		"import short key":          {load(dir, "abcd", "right"), deal.Invalid},
		"import no key":             {load(dir, "not a key", "right"), deal.Invalid},
		"import zero key":           {load(dir, strings.Repeat("0", 64), "right"), deal.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			if have := deal.KindOf(tt.err); have != tt.want || (tt.want == "" && tt.err != nil) {
				t.Errorf("error %v of kind %q, want %q", tt.err, have, tt.want)
			}
		})
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(stored) {
		t.Errorf("the wallet file changed (%v)", err)
	}
}

// TestKeyIsNeverShown prints a wallet in every way there is.
func TestKeyIsNeverShown(t *testing.T) {
	w := devWallet(t)
	key, _ := new(big.Int).SetString(chaintest.DevKey, 16)
	raw, _ := hex.DecodeString(chaintest.DevKey)
	secrets := []string{chaintest.DevKey, key.String(), string(raw), fmt.Sprint(raw)}

	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "wallet", w, "in", struct{ W Wallet }{*w})
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "wallet", w, "in", struct{ W *Wallet }{w})
	asJSON, err := json.Marshal(map[string]any{"w": w, "v": *w})
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{log.String(), string(asJSON), w.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
		shown = append(shown, fmt.Sprintf(verb, w), fmt.Sprintf(verb, *w),
			fmt.Sprintf(verb, struct{ w Wallet }{*w}), fmt.Sprintf(verb, []*Wallet{w}))
	}
	for _, text := range shown {
		for _, secret := range secrets {
			if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Fatal("the key is shown")
			}
		}
	}
}

func TestSignTxForOneChain(t *testing.T) {
	w := devWallet(t)
	to := common.Address{1}
	tx := types.NewTx(&types.DynamicFeeTx{ChainID: big.NewInt(5), To: &to, GasFeeCap: big.NewInt(1), GasTipCap: big.NewInt(1)})
	if _, err := w.SignTx(t.Context(), tx, 6); deal.KindOf(err) != deal.Invalid {
		t.Errorf("sign for another chain: %v, want kind invalid", err)
	}
	signed, err := w.SignTx(t.Context(), tx, 5)
	if err != nil {
		t.Fatal(err)
	}
	from, err := types.Sender(types.LatestSignerForChainID(big.NewInt(5)), signed)
	if err != nil || from != common.Address(w.Address()) {
		t.Errorf("sender %s, %v; want %s", from, err, w.Address())
	}
}

func TestWalletWithoutKey(t *testing.T) {
	if _, err := (Wallet{}).SignTypedData(thing("uint8", "1")); deal.KindOf(err) != deal.Invalid {
		t.Errorf("sign: %v, want kind invalid", err)
	}
}

// devWallet is an account with ether on every test node.
func devWallet(t *testing.T) *Wallet {
	t.Helper()
	raw, err := hex.DecodeString(chaintest.DevKey)
	if err != nil {
		t.Fatal(err)
	}
	return keyWallet(t, raw)
}

// party makes an account without ether from a name.
func party(t *testing.T, name string) *Wallet {
	t.Helper()
	key := Keccak([]byte(name))
	return keyWallet(t, key[:])
}

func keyWallet(t *testing.T, raw []byte) *Wallet {
	t.Helper()
	key, err := parseKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	return walletOf(key)
}
