package main

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cession/deal"
	"cession/desk"
	"cession/node"
)

// Files of an operator's data folder and of a party's folder.
const (
	operatorName  = "operator.json"  // endpoints, while everything runs
	marketName    = "market.json"    // chain and contracts
	operatorToken = "operator.token" // desk, as the operator
	temporalKey   = "temporal.key"   // Temporal, as the operator
	nodeName      = "node.json"      // endpoints of a node
	deskToken     = "desk.token"     // desk, as the party
	nodeKey       = "temporal.key"   // Temporal, as the party's node
	passphrase    = "wallet.pass"    // of the wallets beside it
)

// operatorFile says where a running stack answers. It is there only while it does.
type operatorFile struct {
	PID      int                     `json:"pid"`
	Desk     string                  `json:"desk"`     // http URL
	Admin    string                  `json:"admin"`    // http URL of /livez and /readyz
	RPC      string                  `json:"rpc"`      // Ethereum JSON-RPC
	Temporal string                  `json:"temporal"` // host:port
	Parties  map[deal.PartyID]string `json:"parties"`  // folders, relative to the data folder
	Ready    bool                    `json:"ready"`
}

// nodeFile says where a party's node and its desk answer.
type nodeFile struct {
	Party deal.PartyID `json:"party"`
	URL   string       `json:"url"`   // https
	Admin string       `json:"admin"` // http URL of /livez and /readyz
	Desk  string       `json:"desk"`
}

func readOperator(data string) (f operatorFile, err error) {
	if err := readJSON(filepath.Join(data, operatorName), &f); err != nil {
		return f, err
	}
	if !f.Ready {
		return f, deal.Errorf(deal.NotFound, "nothing is up in %s yet: start it with cession up --data %s", data, data)
	}
	return f, nil
}

// node returns the client of the party's own node.
func (a *app) node() (*node.Client, nodeFile, error) {
	f, err := a.nodeFile()
	if err != nil {
		return nil, f, err
	}
	c, err := node.Dial(node.ClientConfig{Dir: a.home, URL: f.URL})
	return c, f, err
}

func (a *app) nodeFile() (f nodeFile, err error) {
	if a.home == "" {
		return f, usageError{errors.New("whose? give --home or set CESSION_HOME to a party's folder, such as DATA/parties/alpine-bank")}
	}
	return f, readJSON(filepath.Join(a.home, nodeName), &f)
}

// desk returns the client of the desk, as the party or as the operator, or as
// whom the flags say.
func (a *app) desk() (*desk.Client, error) {
	if a.deskURL != "" && a.tokenFile != "" {
		return deskClient(a.deskURL, a.tokenFile)
	}
	if _, err := os.Stat(filepath.Join(a.home, operatorToken)); a.home != "" && err == nil {
		f, err := readOperator(a.home)
		if err != nil {
			return nil, err
		}
		return deskClient(cmp.Or(a.deskURL, f.Desk), cmp.Or(a.tokenFile, filepath.Join(a.home, operatorToken)))
	}
	f, err := a.nodeFile()
	if err != nil {
		return nil, err
	}
	return deskClient(cmp.Or(a.deskURL, f.Desk), cmp.Or(a.tokenFile, filepath.Join(a.home, deskToken)))
}

func deskClient(url, tokenFile string) (*desk.Client, error) {
	token, err := readSecret(tokenFile)
	if err != nil {
		return nil, err
	}
	return desk.NewClient(url, desk.Token(token)), nil
}

func readSecret(file string) (string, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", deal.Errorf(deal.NotFound, "secret %s is not in its folder", filepath.Base(file))
	}
	return strings.TrimSpace(string(b)), err
}

// ensureSecret returns the secret in the file, drawing it the first time.
func ensureSecret(file string) (string, error) {
	if s, err := readSecret(file); deal.KindOf(err) != deal.NotFound {
		return s, err
	}
	s := rand.Text() + rand.Text()
	return s, writeFile(file, []byte(s+"\n"))
}

func readJSON(file string, v any) error {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return deal.Errorf(deal.NotFound, "there is no %s in %s: is it the right folder, and is it up?", filepath.Base(file), filepath.Dir(file))
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(file), err)
	}
	return nil
}

func writeJSON(file string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(file, append(b, '\n'))
}

// writeFile replaces a file as a whole, readable by its owner only.
func writeFile(file string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*") // created 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
