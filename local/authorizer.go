package local

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"strings"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/authorization"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"cession/deal"
)

// gate decides who may call what on the Temporal frontend. It is the server's
// claim mapper (who is it), authorizer (may they) and interceptor (what they
// polled is theirs).
//
// The rules are:
//   - The operator's key may do everything.
//   - A node's key may poll the activity queue of its party, answer and
//     heartbeat the tasks it polled, and ask what an SDK worker asks at start
//     and stop. No workflow, history, query, list or other queue.
//   - No key, or an unknown one, may do nothing.
type gate struct {
	operator [sha256.Size]byte
	node     func(key string) (deal.PartyID, bool)
	tokens   tokenSealer
}

func newGate(operatorKey string, node func(string) (deal.PartyID, bool)) *gate {
	if node == nil {
		node = func(string) (deal.PartyID, bool) { return "", false }
	}
	return &gate{
		operator: sha256.Sum256([]byte(operatorKey)),
		node:     node,
		tokens:   newTokenSealer(operatorKey),
	}
}

// caller is a proven identity; party is empty for the operator.
type caller struct {
	operator bool
	party    deal.PartyID
}

// NodeKeys looks API keys of nodes up in constant time. Give the parties' keys
// by party; they are copied.
func NodeKeys(keys map[deal.PartyID]string) func(key string) (deal.PartyID, bool) {
	digests := make(map[deal.PartyID][sha256.Size]byte, len(keys))
	for party, key := range keys {
		if key != "" {
			digests[party] = sha256.Sum256([]byte(key))
		}
	}
	return func(key string) (found deal.PartyID, ok bool) {
		digest := sha256.Sum256([]byte(key))
		for party, want := range digests {
			if subtle.ConstantTimeCompare(digest[:], want[:]) == 1 {
				found, ok = party, true
			}
		}
		return found, ok
	}
}

// GetClaims maps the Authorization header to an identity. Implements
// [authorization.ClaimMapper].
func (g *gate) GetClaims(info *authorization.AuthInfo) (*authorization.Claims, error) {
	scheme, key, _ := strings.Cut(info.AuthToken, " ")
	if !strings.EqualFold(scheme, "Bearer") || key == "" {
		return nil, errors.New("want an API key as bearer token")
	}
	digest := sha256.Sum256([]byte(key))
	if subtle.ConstantTimeCompare(digest[:], g.operator[:]) == 1 {
		return claimsOf(caller{operator: true}, "operator", "operator"), nil
	}
	if party, ok := g.node(key); ok && party.Check() == nil {
		return claimsOf(caller{party: party}, "node", string(party)), nil
	}
	return nil, errors.New("unknown API key")
}

// claimsOf leaves the role fields empty, so that only a *gate grants anything.
func claimsOf(c caller, kind, name string) *authorization.Claims {
	return &authorization.Claims{AuthType: kind, Subject: name, Extensions: c}
}

func callerOf(claims *authorization.Claims) (caller, bool) {
	if claims == nil {
		return caller{}, false
	}
	c, ok := claims.Extensions.(caller)
	return c, ok
}

// Authorize allows or denies one call. Implements [authorization.Authorizer].
func (g *gate) Authorize(_ context.Context, claims *authorization.Claims, target *authorization.CallTarget) (authorization.Result, error) {
	c, ok := callerOf(claims)
	switch {
	case !ok:
		return deny("an API key is needed"), nil
	case !c.operator && !g.nodeMay(c.party, target.Request):
		return deny("a node may only work on its own activity queue and answer what it polled"), nil
	}
	return authorization.Result{
		Decision:  authorization.DecisionAllow,
		Principal: &commonpb.Principal{Type: claims.AuthType, Name: claims.Subject},
	}, nil
}

func deny(reason string) authorization.Result {
	return authorization.Result{Decision: authorization.DecisionDeny, Reason: reason}
}

// nodeMay goes by the type of the request, which belongs to one method; a
// stream has none at this point and is refused.
func (g *gate) nodeMay(party deal.PartyID, request any) bool {
	switch r := request.(type) {
	case *healthpb.HealthCheckRequest, *workflowservice.GetSystemInfoRequest:
		return true
	case *workflowservice.DescribeNamespaceRequest:
		return r.GetNamespace() == Namespace && r.GetId() == ""
	case *workflowservice.PollActivityTaskQueueRequest:
		return r.GetNamespace() == Namespace && isQueueOf(party, r.GetTaskQueue()) && !versioned(r)
	case *workflowservice.RecordActivityTaskHeartbeatRequest:
		return g.polledBy(party, r)
	case *workflowservice.RespondActivityTaskCompletedRequest:
		return g.polledBy(party, r)
	case *workflowservice.RespondActivityTaskFailedRequest:
		return g.polledBy(party, r)
	case *workflowservice.RespondActivityTaskCanceledRequest:
		return g.polledBy(party, r)
	case *workflowservice.ShutdownWorkerRequest:
		return r.GetNamespace() == Namespace && r.GetTaskQueue() == nodeQueue(party) && r.GetStickyTaskQueue() == ""
	}
	return false
}

// nodeQueue is the activity task queue of a party's node.
func nodeQueue(party deal.PartyID) string { return "node/" + string(party) }

func isQueueOf(party deal.PartyID, q *taskqueuepb.TaskQueue) bool {
	return q.GetName() == nodeQueue(party) && q.GetNormalName() == "" && q.GetKind() != enumspb.TASK_QUEUE_KIND_STICKY
}

// versioned reports a poll that would register a worker deployment, which the
// server keeps in workflows of its own.
func versioned(r *workflowservice.PollActivityTaskQueueRequest) bool {
	//lint:ignore SA1019 deprecated, and refused because it still works
	return r.GetWorkerVersionCapabilities().GetUseVersioning() ||
		r.GetDeploymentOptions().GetWorkerVersioningMode() == enumspb.WORKER_VERSIONING_MODE_VERSIONED
}

func (g *gate) polledBy(party deal.PartyID, r interface {
	GetNamespace() string
	GetTaskToken() []byte
}) bool {
	return r.GetNamespace() == Namespace && g.tokens.verify(party, r.GetTaskToken())
}

// intercept binds the tasks a node polls to its party. Answers need no
// counterpart: Authorize has verified the seal, and the server skips it as an
// unknown field.
func (g *gate) intercept(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := handler(ctx, req)
	poll, ok := resp.(*workflowservice.PollActivityTaskQueueResponse)
	if err != nil || !ok || len(poll.GetTaskToken()) == 0 {
		return resp, err
	}
	claims, _ := ctx.Value(authorization.MappedClaims).(*authorization.Claims)
	if c, ok := callerOf(claims); ok && !c.operator {
		poll.TaskToken = g.tokens.seal(c.party, poll.GetTaskToken())
	}
	return resp, nil
}
