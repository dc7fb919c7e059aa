//go:build !slim

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/local"
	"cession/node"
)

func init() {
	parts["chain"] = playChain
	parts["operator"] = playOperator
	parts["ask"] = askOnHost
}

// stageFile says what the parts of TestThreeHosts are played with.
type stageFile struct {
	Data  string // the operator's data folder
	Chain string // the chain's folder
	RPC   string // host:port
	Desk  string // host:port
	Admin string // host:port
	Queue string // Temporal, host:port
	Alloc []deal.Address
}

// stageEnv is where the stage is described.
const stageEnv = "CESSION_TEST_STAGE"

func readStage() (s stageFile, err error) { return s, readJSON(os.Getenv(stageEnv), &s) }

func untilStopped() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// playChain runs the embedded Ethereum node, which listens on loopback only, and
// a relay to it on the host's address, as a reverse proxy is.
func playChain() error {
	stage, err := readStage()
	if err != nil {
		return err
	}
	ctx, stop := untilStopped()
	defer stop()
	alloc := map[deal.Address]*big.Int{}
	for _, a := range stage.Alloc {
		alloc[a] = gasMoney
	}
	ethereum, err := local.StartEthereum(ctx, local.EthereumConfig{Dir: stage.Chain, Alloc: alloc})
	if err != nil {
		return err
	}
	defer ethereum.Close()
	if err := relay(stage.RPC, ethereum.URL()[len("http://"):]); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// playOperator runs what cession up runs but for the chain and the nodes, and a
// relay to Temporal on the host's address, as the tunnel is that it wants.
func playOperator() error {
	stage, err := readStage()
	if err != nil {
		return err
	}
	ctx, stop := untilStopped()
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := stageStack(stage)
	defer s.close()
	for _, step := range []func(context.Context) error{
		s.open, s.makeWallets, s.deploy, s.fundLanes, s.startTemporal, s.openStore, s.register, s.startWorker,
		func(ctx context.Context) error { return s.startDesk(ctx, cancel) },
		func(context.Context) error { return relay(stage.Queue, s.server.Address()) },
		func(context.Context) error { return s.announce() },
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

func stageStack(stage stageFile) *stack {
	f := upFlags{data: stage.Data, listen: stage.Desk, admin: stage.Admin, lanes: 1}
	f.policy.sample = true
	f.lane.add(&cobra.Command{}, "0")
	return &stack{upFlags: f, app: &app{out: io.Discard, err: os.Stderr}, rpcURL: "http://" + stage.RPC}
}

// askOnHost asks for a URL; with a deal and a party's folder, for its handovers.
func askOnHost() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if len(os.Args) == 2 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, os.Args[1], nil)
		if err != nil {
			return err
		}
		resp, err := (&http.Client{Transport: &http.Transport{}, Timeout: 2 * time.Second}).Do(r)
		if err == nil {
			err = resp.Body.Close()
		}
		return err
	}
	c, err := node.Dial(node.ClientConfig{Dir: os.Args[3], URL: os.Args[1]})
	if err != nil {
		return err
	}
	defer c.Close()
	list, err := c.Handover(ctx, deal.ID(os.Args[2]))
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(list)
}

// relay passes connections on.
func relay(listen, to string) error {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go pass(in, to)
		}
	}()
	return nil
}

func pass(in net.Conn, to string) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	done := make(chan error, 2)
	for _, pair := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			_, err := io.Copy(pair[0], pair[1])
			done <- errors.Join(err, pair[0].(*net.TCPConn).CloseWrite())
		}()
	}
	<-done
	<-done
}
