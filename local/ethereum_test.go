package local

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"

	"cession/deal"
)

var (
	payer = testKey("payer")
	payee = common.Address{0xbe, 0xef}
)

func testKey(seed string) *ecdsa.PrivateKey {
	key, err := crypto.ToECDSA(crypto.Keccak256([]byte(seed)))
	if err != nil {
		panic(err)
	}
	return key
}

func testAlloc() map[deal.Address]*big.Int {
	return map[deal.Address]*big.Int{deal.Address(crypto.PubkeyToAddress(payer.PublicKey)): big.NewInt(params.Ether)}
}

func startEthereum(t *testing.T, cfg EthereumConfig) *Ethereum {
	t.Helper()
	began := time.Now()
	e, err := StartEthereum(deadline(t), cfg)
	must(t, err)
	t.Logf("ethereum started in %s", time.Since(began).Round(time.Millisecond))
	t.Cleanup(func() { must(t, e.Close()) })
	return e
}

// pay sends amount wei with a tip of one wei, the least the pool takes.
func pay(t *testing.T, c *ethclient.Client, nonce uint64, amount int64) *types.Transaction {
	t.Helper()
	tx, err := types.SignNewTx(payer, types.LatestSignerForChainID(big.NewInt(DefaultChainID)), &types.DynamicFeeTx{
		ChainID: big.NewInt(DefaultChainID), Nonce: nonce, To: &payee, Value: big.NewInt(amount), Gas: 300_000, // Amsterdam charges for the new account
		GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(2 * params.GWei),
	})
	must(t, err)
	must(t, c.SendTransaction(deadline(t), tx))
	return tx
}

func mined(t *testing.T, c *ethclient.Client, tx *types.Transaction) *types.Receipt {
	t.Helper()
	for ctx := deadline(t); ; time.Sleep(5 * time.Millisecond) {
		receipt, err := c.TransactionReceipt(ctx, tx.Hash())
		if err == nil {
			return receipt
		}
		if ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

// The kill comes the moment a receipt was seen: what RPC has shown must be on disk.
func TestEthereumSurvivesKill(t *testing.T) {
	t.Parallel()
	const blocks = 34 // past the first finalized epoch of 32
	dir, ctx := t.TempDir(), deadline(t)
	url, kill := child(t, "ethereum", dir)
	c, err := ethclient.Dial(url)
	must(t, err)
	var last *types.Receipt
	for n := range uint64(blocks) {
		last = mined(t, c, pay(t, c, n, 1000))
	}
	kill()

	e := startEthereum(t, EthereumConfig{Dir: filepath.Join(dir, "ethereum"), Alloc: map[deal.Address]*big.Int{{1}: big.NewInt(1)}})
	c, err = ethclient.Dial(e.URL())
	must(t, err)
	block, err := c.BlockByNumber(ctx, last.BlockNumber)
	must(t, err)
	if block.Hash() != last.BlockHash {
		t.Errorf("block %d is %s after the kill, was %s", block.Number(), block.Hash(), last.BlockHash)
	}
	balance, err := c.BalanceAt(ctx, payee, nil)
	must(t, err)
	if balance.Int64() != blocks*1000 {
		t.Errorf("balance %s after the kill, want %d", balance, blocks*1000)
	}
	if got := mined(t, c, pay(t, c, blocks, 1000)); got.BlockNumber.Cmp(last.BlockNumber) <= 0 {
		t.Errorf("sealed block %s on top of %s", got.BlockNumber, last.BlockNumber)
	}
	checkBlockTimes(t, c)
}

func checkBlockTimes(t *testing.T, c *ethclient.Client) {
	t.Helper()
	head, err := c.HeaderByNumber(deadline(t), nil)
	must(t, err)
	if now := uint64(time.Now().Unix()); head.Time > now {
		t.Errorf("block time %d is after the clock's %d", head.Time, now)
	}
	for n := head.Number.Int64(); n > 1; n-- {
		parent, err := c.HeaderByNumber(deadline(t), big.NewInt(n-1))
		must(t, err)
		if head.Time <= parent.Time {
			t.Errorf("block %d at %d, its parent at %d", n, head.Time, parent.Time)
		}
		head = parent
	}
}

func TestEthereumRPC(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	e := startEthereum(t, EthereumConfig{Dir: t.TempDir(), Alloc: testAlloc(), Interval: time.Millisecond})
	client, err := rpc.Dial(e.URL())
	must(t, err)
	c := ethclient.NewClient(client)
	if id, err := c.ChainID(ctx); err != nil || id.Uint64() != e.ChainID() || e.ChainID() != DefaultChainID {
		t.Errorf("chain id %v, %v", id, err)
	}
	for method, served := range map[string]bool{
		"eth_blockNumber": true, "net_version": true, "web3_clientVersion": true, "txpool_status": true,
		"admin_nodeInfo": false, "debug_chaindbCompact": false, "miner_setGasPrice": false, "personal_listAccounts": false, "dev_setFeeRecipient": false,
	} {
		var missing rpc.Error
		err := client.CallContext(ctx, nil, method)
		if served != (err == nil) || (!served && (!errors.As(err, &missing) || missing.ErrorCode() != -32601)) {
			t.Errorf("%s: %v, want served: %t", method, err, served)
		}
	}

	// Twenty at once: one block now, at most another for stragglers.
	var last *types.Transaction
	for n := range uint64(20) {
		last = pay(t, c, n, 1)
	}
	if got := mined(t, c, last).BlockNumber.Int64(); got > 2 {
		t.Errorf("twenty transactions took %d blocks", got)
	}
	checkBlockTimes(t, c)

	if _, err := c.FilterLogs(ctx, ethereum.FilterQuery{FromBlock: new(big.Int)}); err != nil {
		t.Errorf("logs from genesis: %v", err)
	}

	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, e.URL(), strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}`))
	req.Host = "rebound.example"
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign host name got status %d", resp.StatusCode)
	}
}

func TestEthereumRefusesToStart(t *testing.T) {
	t.Parallel()
	used := t.TempDir()
	startEthereum(t, EthereumConfig{Dir: used, Alloc: testAlloc()})
	closed := t.TempDir()
	must(t, writeDurably(closed, "new", genesisFile, []byte("{")))
	other := t.TempDir()
	_, err := genesisOf(EthereumConfig{Dir: other, ChainID: 5})
	must(t, err)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	for name, tc := range map[string]struct {
		cfg  EthereumConfig
		want deal.Kind
	}{
		"folder in use":  {EthereumConfig{Dir: used}, deal.Conflict},
		"another chain":  {EthereumConfig{Dir: other}, deal.Conflict},
		"broken genesis": {EthereumConfig{Dir: closed}, deal.Conflict},
		"port in use":    {EthereumConfig{Dir: t.TempDir(), Listen: taken.Addr().String()}, deal.Conflict},
		"not loopback":   {EthereumConfig{Dir: t.TempDir(), Listen: "0.0.0.0:0"}, deal.Invalid},
	} {
		_, err := StartEthereum(context.Background(), tc.cfg)
		if got := deal.KindOf(err); got != tc.want {
			t.Errorf("%s: kind %q (%v), want %q", name, got, err, tc.want)
		}
	}
}

func TestGenesisRules(t *testing.T) {
	t.Parallel()
	osaka, amsterdam := newGenesis(1, testAlloc(), false).Config, newGenesis(1, testAlloc(), true).Config
	zero := new(big.Int)
	if !osaka.IsOsaka(zero, 0) || osaka.IsAmsterdam(zero, 1<<40) || osaka.IsBogota(zero, 1<<40) {
		t.Errorf("default rules: %s", osaka)
	}
	if !amsterdam.IsAmsterdam(zero, 0) || amsterdam.IsBogota(zero, 1<<40) {
		t.Errorf("amsterdam rules: %s", amsterdam)
	}
	if params.AllDevChainProtocolChanges.ChainID.Int64() != 1337 || params.AllDevChainProtocolChanges.BogotaTime == nil {
		t.Error("geth's own config was changed")
	}
}

// A full disk stops the blocks, not the node, and not for good.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	e := startEthereum(t, EthereumConfig{Dir: t.TempDir(), Alloc: testAlloc(), free: func(string) (uint64, error) {
		if asked.Add(1) == 1 {
			return sealReserve - 1, nil
		}
		return sealReserve, nil
	}})
	c, err := ethclient.Dial(e.URL())
	must(t, err)
	mined(t, c, pay(t, c, 0, 1))
	if n := asked.Load(); n < 2 {
		t.Errorf("mined after %d looks at the disk, want at least 2", n)
	}
}

// A database that fails in the middle of a block must not show the block.
func TestDatabasePanics(t *testing.T) {
	t.Parallel()
	s := &sealer{log: slog.New(slog.DiscardHandler)} // without a chain, seal panics
	if err := s.seal(); !errors.Is(err, errNotDurable) || !errors.Is(s.failed, errNotDurable) {
		t.Errorf("seal: %v, want %v", err, errNotDurable)
	}
}

func TestAmsterdamSeals(t *testing.T) {
	t.Parallel()
	e := startEthereum(t, EthereumConfig{Dir: t.TempDir(), Alloc: testAlloc(), Amsterdam: true})
	c, err := ethclient.Dial(e.URL())
	must(t, err)
	if got := mined(t, c, pay(t, c, 0, 1)); got.Status != types.ReceiptStatusSuccessful {
		t.Errorf("status %d", got.Status)
	}
}

func TestSealTime(t *testing.T) {
	t.Parallel()
	at := func(ms int64) time.Time { return time.UnixMilli(ms) }
	for name, tc := range map[string]struct {
		last time.Time
		head uint64
		want time.Time
	}{
		"first block":               {time.Time{}, 0, at(1000)},
		"first after a restart":     {time.Time{}, 7, at(8000)},
		"an interval later":         {at(7900), 7, at(8900)},
		"the clock was set back":    {at(3000), 9, at(10000)},
		"the second has just begun": {at(7001), 7, at(8001)},
	} {
		if got := sealTime(tc.last, tc.head, time.Second); !got.Equal(tc.want) {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// No answer leaves while a block is on its way to disk, and none if it never gets there.
func TestAnswersWaitForTheDisk(t *testing.T) {
	t.Parallel()
	s := new(sealer)
	s.visible.Lock()
	record, done := httptest.NewRecorder(), make(chan struct{})
	go func() {
		defer close(done)
		(&durableWriter{to: record, sealer: s}).Write([]byte("block 7"))
	}()
	select {
	case <-done:
		t.Fatal("answered before the block was on disk")
	case <-time.After(50 * time.Millisecond):
	}
	s.visible.Unlock()
	<-done
	if record.Body.String() != "block 7" {
		t.Errorf("answer %q", record.Body)
	}

	s.failed = errNotDurable
	record = httptest.NewRecorder()
	if _, err := (&durableWriter{to: record, sealer: s}).Write([]byte("block 8")); err == nil || record.Code != http.StatusServiceUnavailable || record.Body.Len() > 0 {
		t.Errorf("answered %d %q after the disk failed", record.Code, record.Body)
	}
}
