package local

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	commandpb "go.temporal.io/api/command/v1"
	commonpb "go.temporal.io/api/common/v1"
	deploymentpb "go.temporal.io/api/deployment/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/durationpb"
)

// ask is a workflow that has the node of a party answer.
func ask(ctx workflow.Context, queue string) (answer string, err error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{TaskQueue: queue, StartToCloseTimeout: time.Minute})
	err = workflow.ExecuteActivity(ctx, "answer").Get(ctx, &answer)
	return answer, err
}

func startAsking(t *testing.T, operator client.Client) (start func(id, queue string) client.WorkflowRun) {
	t.Helper()
	w := worker.New(operator, "main", worker.Options{})
	w.RegisterWorkflowWithOptions(ask, workflow.RegisterOptions{Name: "ask"})
	must(t, w.Start())
	t.Cleanup(w.Stop)
	return func(id, queue string) client.WorkflowRun {
		run, err := operator.ExecuteWorkflow(deadline(t), client.StartWorkflowOptions{ID: id, TaskQueue: "main"}, "ask", queue)
		must(t, err)
		return run
	}
}

func queue(name string) *taskqueuepb.TaskQueue {
	return &taskqueuepb.TaskQueue{Name: name, Kind: enumspb.TASK_QUEUE_KIND_NORMAL}
}

// poll takes one task as a node does.
func poll(t *testing.T, node client.Client, name string) []byte {
	t.Helper()
	resp, err := node.WorkflowService().PollActivityTaskQueue(deadline(t),
		&workflowservice.PollActivityTaskQueueRequest{Namespace: Namespace, TaskQueue: queue(name)})
	must(t, err)
	if len(resp.TaskToken) == 0 {
		t.Fatal("polled no task")
	}
	return resp.TaskToken
}

func answer(ctx context.Context, c client.Client, token []byte) error {
	_, err := c.WorkflowService().RespondActivityTaskCompleted(ctx, &workflowservice.RespondActivityTaskCompletedRequest{
		Namespace: Namespace, TaskToken: token,
		Result: &commonpb.Payloads{Payloads: []*commonpb.Payload{{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(`"yes"`)}}},
	})
	return err
}

func TestNodeIsConfined(t *testing.T) {
	t.Parallel()
	server, ctx := startTemporal(t, t.TempDir()), deadline(t)
	operator := dial(t, server.Address(), operatorKey)
	alpha, beta := dial(t, server.Address(), alphaKey), dial(t, server.Address(), betaKey)
	start := startAsking(t, operator)
	run := start("deal/a", "node/alpha")
	token := poll(t, alpha, "node/alpha")
	raw := token[:len(token)-len(sealHeader)-32]
	resealed := newTokenSealer("a guess at the operator's key").seal("alpha", raw)
	// The same task under a later field: protobuf would let it win.
	suffixed := protowire.AppendString(protowire.AppendTag(append([]byte(nil), token...), 2, protowire.BytesType), "deal/b")

	api := beta.WorkflowService()
	execution := &commonpb.WorkflowExecution{WorkflowId: "deal/a"}
	calls := map[string]func() error{
		"polls another's queue": func() error {
			_, err := api.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: Namespace, TaskQueue: queue("node/alpha")})
			return err
		},
		"polls a sticky queue by its normal name": func() error {
			_, err := api.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: Namespace,
				TaskQueue: &taskqueuepb.TaskQueue{Name: "node/beta", NormalName: "node/alpha", Kind: enumspb.TASK_QUEUE_KIND_STICKY}})
			return err
		},
		"polls a partition of another's queue": func() error {
			_, err := api.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: Namespace, TaskQueue: queue("/_sys/node/alpha/1")})
			return err
		},
		"polls in another namespace": func() error {
			_, err := api.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: "temporal-system", TaskQueue: queue("node/beta")})
			return err
		},
		"registers a worker deployment": func() error {
			_, err := api.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: Namespace, TaskQueue: queue("node/beta"),
				DeploymentOptions: &deploymentpb.WorkerDeploymentOptions{DeploymentName: "x", BuildId: "1", WorkerVersioningMode: enumspb.WORKER_VERSIONING_MODE_VERSIONED}})
			return err
		},
		"polls workflow tasks": func() error {
			_, err := api.PollWorkflowTaskQueue(ctx, &workflowservice.PollWorkflowTaskQueueRequest{Namespace: Namespace, TaskQueue: queue("node/beta")})
			return err
		},
		"polls nexus tasks": func() error {
			_, err := api.PollNexusTaskQueue(ctx, &workflowservice.PollNexusTaskQueueRequest{Namespace: Namespace, TaskQueue: queue("node/beta")})
			return err
		},
		"reads a history": func() error {
			_, err := api.GetWorkflowExecutionHistory(ctx, &workflowservice.GetWorkflowExecutionHistoryRequest{Namespace: Namespace, Execution: execution})
			return err
		},
		"describes a workflow": func() error {
			_, err := beta.DescribeWorkflowExecution(ctx, "deal/a", "")
			return err
		},
		"lists workflows": func() error {
			_, err := api.ListWorkflowExecutions(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: Namespace})
			return err
		},
		"queries a workflow": func() error {
			_, err := beta.QueryWorkflow(ctx, "deal/a", "", "state")
			return err
		},
		"starts a workflow": func() error {
			_, err := beta.ExecuteWorkflow(ctx, client.StartWorkflowOptions{TaskQueue: "main"}, "ask", "node/alpha")
			return err
		},
		"signals a workflow": func() error { return beta.SignalWorkflow(ctx, "deal/a", "", "s", nil) },
		"updates a workflow": func() error {
			_, err := beta.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{WorkflowID: "deal/a", UpdateName: "act", WaitForStage: client.WorkflowUpdateStageCompleted})
			return err
		},
		"terminates a workflow": func() error { return beta.TerminateWorkflow(ctx, "deal/a", "", "") },
		"describes a queue": func() error {
			_, err := beta.DescribeTaskQueue(ctx, "node/beta", enumspb.TASK_QUEUE_TYPE_ACTIVITY)
			return err
		},
		"describes another namespace": func() error {
			_, err := api.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: "temporal-system"})
			return err
		},
		"lists search attributes": func() error {
			_, err := beta.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: Namespace})
			return err
		},
		"stops another's worker": func() error {
			_, err := api.ShutdownWorker(ctx, &workflowservice.ShutdownWorkerRequest{Namespace: Namespace, TaskQueue: "node/alpha"})
			return err
		},
		"unloads a sticky queue": func() error {
			_, err := api.ShutdownWorker(ctx, &workflowservice.ShutdownWorkerRequest{Namespace: Namespace, TaskQueue: "node/beta", StickyTaskQueue: "s"})
			return err
		},
		"completes by id": func() error {
			return beta.CompleteActivityByID(ctx, Namespace, "deal/a", run.GetRunID(), "5", nil, nil)
		},
		"heartbeats by id": func() error {
			return beta.RecordActivityHeartbeatByID(ctx, Namespace, "deal/a", run.GetRunID(), "5")
		},
		"completes another's task":       func() error { return answer(ctx, beta, token) },
		"completes with the raw token":   func() error { return answer(ctx, beta, raw) },
		"its own raw token":              func() error { return answer(ctx, alpha, raw) },
		"seals a token with a guess":     func() error { return answer(ctx, alpha, resealed) },
		"extends a token":                func() error { return answer(ctx, alpha, suffixed) },
		"another namespace with a token": func() error { return answerIn(ctx, alpha, "temporal-system", token) },
		"heartbeats another's task":      func() error { return beta.RecordActivityHeartbeat(ctx, token) },
		"fails another's task":           func() error { return beta.CompleteActivity(ctx, token, nil, errors.New("no")) },
		"cancels another's task": func() error {
			_, err := api.RespondActivityTaskCanceled(ctx, &workflowservice.RespondActivityTaskCanceledRequest{Namespace: Namespace, TaskToken: token})
			return err
		},
		"has no key": func() error {
			_, err := dial(t, server.Address(), "").DescribeWorkflowExecution(ctx, "deal/a", "")
			return err
		},
		"has no key and asks for health": func() error {
			_, err := dial(t, server.Address(), "").CheckHealth(ctx, nil)
			return err
		},
		"has an unknown key": func() error {
			_, err := dial(t, server.Address(), "operator-key-of-the-testS").DescribeWorkflowExecution(ctx, "deal/a", "")
			return err
		},
	}
	for name, call := range calls {
		var denied *serviceerror.PermissionDenied
		if err := call(); !errors.As(err, &denied) {
			t.Errorf("a node that %s: %v, want permission denied", name, err)
		}
	}

	must(t, alpha.RecordActivityHeartbeat(ctx, token))
	must(t, answer(ctx, alpha, token))
	var got string
	must(t, run.Get(ctx, &got))
	if got != "yes" {
		t.Errorf("the workflow got %q, want the node's answer", got)
	}
}

func answerIn(ctx context.Context, c client.Client, namespace string, token []byte) error {
	_, err := c.WorkflowService().RespondActivityTaskCompleted(ctx,
		&workflowservice.RespondActivityTaskCompletedRequest{Namespace: namespace, TaskToken: token})
	return err
}

// The SDK's worker makes some calls beyond polling at start and stop.
func TestNodeWorker(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	server := startTemporal(t, t.TempDir())
	var complaints bytes.Buffer
	operator := dial(t, server.Address(), operatorKey)
	node := dialLogging(t, server.Address(), alphaKey, slog.NewTextHandler(&complaints, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if _, err := node.CheckHealth(ctx, nil); err != nil {
		t.Errorf("health with a node's key: %v", err)
	}
	start := startAsking(t, operator)
	w := worker.New(node, nodeQueue("alpha"), worker.Options{DisableWorkflowWorker: true})
	w.RegisterActivityWithOptions(func(ctx context.Context) (string, error) {
		activity.RecordHeartbeat(ctx, 1)
		return "yes", nil
	}, activity.RegisterOptions{Name: "answer"})
	must(t, w.Start())
	began := time.Now()
	var got string
	must(t, start("deal/w", nodeQueue("alpha")).Get(ctx, &got))
	t.Logf("workflow with one activity: %s", time.Since(began).Round(time.Millisecond))
	if got != "yes" {
		t.Errorf("the worker answered %q", got)
	}
	w.Stop()
	if complaints.Len() > 0 {
		t.Errorf("the worker complains: %s", &complaints)
	}

	events := operator.GetWorkflowHistory(ctx, "deal/w", "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	principals := map[string]bool{}
	for events.HasNext() {
		e, err := events.Next()
		must(t, err)
		principals[e.GetPrincipal().GetType()+":"+e.GetPrincipal().GetName()] = true
	}
	if !principals["node:alpha"] || !principals["operator:operator"] {
		t.Errorf("principals in the history: %v, want the node and the operator", principals)
	}
}

// A task is still the node's after the server restarted in between.
func TestNodeAnswersAfterRestart(t *testing.T) {
	t.Parallel()
	cfg, ctx := temporalConfig(t.TempDir()), deadline(t)
	server, err := StartTemporal(ctx, cfg)
	must(t, err)
	node := dial(t, server.Address(), alphaKey)
	must(t, dispatch(ctx, dial(t, server.Address(), operatorKey)))
	token := poll(t, node, "node/alpha")
	began := time.Now()
	must(t, server.Close())
	t.Logf("temporal stopped in %s", time.Since(began).Round(time.Millisecond))

	cfg.Listen = server.Address()
	server, err = StartTemporal(ctx, cfg)
	must(t, err)
	defer server.Close()
	must(t, answer(ctx, dial(t, server.Address(), alphaKey), token)) // a new connection: the old one backs off
}

// dispatch has the server hand out an activity, playing the workflow's worker.
func dispatch(ctx context.Context, operator client.Client) error {
	if _, err := operator.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "deal/r", TaskQueue: "main"}, "ask"); err != nil {
		return err
	}
	api := operator.WorkflowService()
	task, err := api.PollWorkflowTaskQueue(ctx, &workflowservice.PollWorkflowTaskQueueRequest{Namespace: Namespace, TaskQueue: queue("main")})
	if err != nil {
		return err
	}
	_, err = api.RespondWorkflowTaskCompleted(ctx, &workflowservice.RespondWorkflowTaskCompletedRequest{
		Namespace: Namespace, TaskToken: task.TaskToken,
		Commands: []*commandpb.Command{{
			CommandType: enumspb.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
			Attributes: &commandpb.Command_ScheduleActivityTaskCommandAttributes{ScheduleActivityTaskCommandAttributes: &commandpb.ScheduleActivityTaskCommandAttributes{
				ActivityId: "1", ActivityType: &commonpb.ActivityType{Name: "answer"}, TaskQueue: queue("node/alpha"),
				StartToCloseTimeout: durationpb.New(time.Minute), ScheduleToCloseTimeout: durationpb.New(time.Minute),
			}},
		}},
	})
	return err
}

func TestTaskTokenSeal(t *testing.T) {
	t.Parallel()
	s, token := newTokenSealer(operatorKey), []byte{0x0a, 1, 'x'}
	sealed := s.seal("alpha", token)
	if !s.verify("alpha", sealed) || !newTokenSealer(operatorKey).verify("alpha", sealed) {
		t.Error("own token refused")
	}
	if n := len(token); string(sealed[:n]) != string(token) {
		t.Error("the sealed token does not start with the token")
	}
	for i := range sealed {
		changed := append([]byte(nil), sealed...)
		changed[i] ^= 1
		if s.verify("alpha", changed) {
			t.Errorf("accepted with byte %d changed", i)
		}
	}
	for n := range sealed {
		if s.verify("alpha", sealed[:n]) {
			t.Errorf("accepted the first %d bytes", n)
		}
	}
	if s.verify("alph", sealed) || s.verify("beta", sealed) || s.verify("alpha", s.seal("alpha", nil)) {
		t.Error("accepted another party's or an empty token")
	}
}
