package chain

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"cession/deal"
)

// ErrIndexing means that the node cannot say yet whether it knows a
// transaction. It is not "not found": ask again.
var ErrIndexing = errors.New("the node is still indexing transactions")

// NodeError is an answer of the node that is an error.
type NodeError struct {
	Code    int
	Message string // the node's words, at most 200 printable ASCII characters
}

// Error returns the node's words.
func (e *NodeError) Error() string { return fmt.Sprintf("node: %s (%d)", e.Message, e.Code) }

// Revert is a contract's refusal. It is of kind refused.
type Revert struct {
	Name string // see [RevertReason]
	Data []byte
}

// Error names the contract's error.
func (e *Revert) Error() string { return "reverted: " + e.Name }

// Unwrap gives the error its kind.
func (e *Revert) Unwrap() error { return errReverted }

var errReverted = deal.Errorf(deal.Refused, "reverted")

// transportError means that there was no answer, or none from the node itself.
type transportError struct {
	cause error
	final bool // asking again is of no use
}

func (e *transportError) Error() string { return "no answer from the node: " + e.cause.Error() }
func (e *transportError) Unwrap() error { return e.cause }

// classify sorts what the RPC client returns into ErrIndexing, Revert,
// NodeError, notfound and transportError, and takes out the node's URL.
func classify(err error) error {
	var answer rpc.Error
	var status rpc.HTTPError
	var request *url.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ethereum.NotFound):
		return deal.Errorf(deal.NotFound, "the node does not know it")
	case errors.As(err, &answer):
		return classifyAnswer(answer)
	case errors.As(err, &status):
		return &transportError{fmt.Errorf("HTTP status %d", status.StatusCode), finalStatus(status.StatusCode)}
	case errors.As(err, &request):
		return &transportError{cause: request.Err}
	}
	return &transportError{cause: err}
}

func classifyAnswer(answer rpc.Error) error {
	message := printable(answer.Error(), 200)
	if strings.Contains(message, "indexing is in progress") {
		return ErrIndexing
	}
	var detail rpc.DataError
	if errors.As(answer, &detail) {
		if text, ok := detail.ErrorData().(string); ok {
			if data, err := hexutil.Decode(text); err == nil {
				return &Revert{RevertReason(data), data}
			}
		}
	}
	if strings.HasPrefix(message, "execution reverted") {
		return &Revert{Name: RevertReason(nil)}
	}
	if answer.ErrorCode() == limitExceeded && !strings.Contains(message, "query returned") {
		return &transportError{cause: fmt.Errorf("the quota is used up (%d)", limitExceeded)}
	}
	return &NodeError{answer.ErrorCode(), message}
}

// limitExceeded is the code of a provider that answers no more for a while
// (EIP-1474). Some also use it for too many events in one answer.
const limitExceeded = -32005

// finalStatus: the request itself is at fault, so it would be again.
func finalStatus(code int) bool {
	return code >= 400 && code < 500 && code != http.StatusTooManyRequests && code != http.StatusRequestTimeout
}

// transient reports whether the same question may be answered later.
func transient(err error) bool {
	var t *transportError
	return errors.As(err, &t) && !t.final && !errors.Is(err, context.Canceled)
}

// executionFailed reports whether the code that was called failed, as opposed
// to the node.
func executionFailed(err error) bool {
	var revert *Revert
	if errors.As(err, &revert) {
		return true
	}
	var answer *NodeError
	if !errors.As(err, &answer) {
		return false
	}
	message := strings.ToLower(answer.Message)
	for _, halt := range []string{"revert", "out of gas", "outofgas", "opcode", "invalid jump", "invalidjump", "stack"} {
		if strings.Contains(message, halt) {
			return true
		}
	}
	return false
}

// printable cuts a foreign text down to n characters that are safe to show.
func printable(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s[:min(len(s), 4*n)])
	return s[:min(len(s), n)]
}
