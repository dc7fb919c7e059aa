package desk

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"cession/chain/lane"
	"cession/deal"
	"cession/workflows"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

const (
	updateOperate = "operate"   // lane.Command -> lane.Answer
	typeLaneBusy  = "lane busy" // a validator's answer while the lane is about to continue as new

	laneTimeout    = 5 * time.Second  // for a lane to say how it is
	operateTimeout = 30 * time.Second // for a lane to carry out a command
)

// TemporalLanes is lanes that run as workflows of a Temporal server.
type TemporalLanes struct {
	client temporalClient
	ids    []string
}

// NewTemporalLanes returns the lanes of these ids ([lane.Config.ID]) behind a client.
func NewTemporalLanes(c client.Client, ids []string) *TemporalLanes {
	return &TemporalLanes{c, ids}
}

// Listings asks all lanes at once, in the order of their ids.
func (t *TemporalLanes) Listings(ctx context.Context) ([]lane.Listing, error) {
	lists, errs := make([]lane.Listing, len(t.ids)), make([]error, len(t.ids))
	var wg sync.WaitGroup
	for i, id := range t.ids {
		wg.Go(func() { lists[i], errs[i] = t.listing(ctx, id) })
	}
	wg.Wait()
	var answered []lane.Listing
	var silent *SilentError
	for i, id := range t.ids {
		switch {
		case errs[i] == nil:
			answered = append(answered, lists[i])
		case silent == nil:
			silent = &SilentError{[]string{id}, errs[i]}
		default:
			silent.Lanes = append(silent.Lanes, id)
		}
	}
	if silent != nil {
		return answered, silent
	}
	return answered, nil
}

func (t *TemporalLanes) listing(ctx context.Context, id string) (l lane.Listing, err error) {
	err = t.query(ctx, id, "look at lane", workflows.QueryIntents, &l)
	if deal.KindOf(err) == deal.NotFound {
		return unstarted(id), nil
	}
	return l, err
}

// unstarted is a lane that no transaction was given to yet.
func unstarted(id string) lane.Listing {
	l := lane.Listing{Lane: id, Address: signerOf(id), Items: []lane.Item{}}
	if parts := strings.Split(id, "/"); len(parts) == 3 {
		l.ChainID, _ = strconv.ParseUint(parts[1], 10, 64)
	}
	return l
}

// signerOf returns the account of a lane by its id, or none if that is no lane's.
func signerOf(id string) deal.Address {
	a, err := deal.ParseAddress(id[strings.LastIndexByte(id, '/')+1:])
	if err != nil {
		return deal.Address{}
	}
	return a
}

// Record asks one lane for an intent.
func (t *TemporalLanes) Record(ctx context.Context, laneID string, intent deal.Commitment) (r lane.Record, err error) {
	return r, t.query(ctx, laneID, "look at intent", workflows.QueryIntent, &r, intent)
}

// Plan asks by query, which leaves no trace in the lane's history.
func (t *TemporalLanes) Plan(ctx context.Context, laneID string, c lane.Command) (a lane.Answer, err error) {
	return a, t.query(ctx, laneID, "plan "+string(c.Verb), workflows.QueryPlan, &a, c)
}

// Operate sends the command as an update whose id is the command's and waits
// for the answer. A lane that is rolling over is asked again until the context
// ends.
func (t *TemporalLanes) Operate(ctx context.Context, laneID string, c lane.Command) (lane.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, operateTimeout)
	defer cancel()
	for pause := busyFirst; ; pause = min(2*pause, busyMost) {
		answer, err := t.update(ctx, laneID, c)
		if !isLaneBusy(err) {
			return answer, laneError(string(c.Verb), laneID, err)
		}
		select {
		case <-ctx.Done():
			return lane.Answer{}, deal.Errorf(deal.Lost, "%s: the lane is busy, send the same command again", c.Verb)
		case <-time.After(pause):
		}
	}
}

func (t *TemporalLanes) update(ctx context.Context, laneID string, c lane.Command) (a lane.Answer, err error) {
	if err := t.known(laneID); err != nil {
		return a, err
	}
	handle, err := t.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: laneID, UpdateName: updateOperate, UpdateID: c.ID,
		WaitForStage: client.WorkflowUpdateStageCompleted, Args: []any{c},
	})
	if err != nil {
		return a, err
	}
	return a, handle.Get(ctx, &a)
}

func (t *TemporalLanes) query(ctx context.Context, laneID, action, name string, out any, args ...any) error {
	if err := t.known(laneID); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, laneTimeout)
	defer cancel()
	value, err := t.client.QueryWorkflow(ctx, laneID, "", name, args...)
	if err == nil {
		err = value.Get(out)
	}
	return laneError(action, laneID, err)
}

// known keeps other workflows out of reach.
func (t *TemporalLanes) known(laneID string) error {
	for _, id := range t.ids {
		if id == laneID {
			return nil
		}
	}
	return deal.Errorf(deal.NotFound, "no lane %.80q: see the list of lanes", laneID)
}

func isLaneBusy(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == typeLaneBusy
}

// laneError gives an error of a lane its kind. A query's own error carries it
// where an update's does.
func laneError(action, laneID string, err error) error {
	var missing *serviceerror.NotFound
	var failed *serviceerror.QueryFailed
	switch {
	case err == nil || deal.KindOf(err) != "":
		return err
	case errors.As(err, &missing):
		return deal.Errorf(deal.NotFound, "%s: %s has not started; it does with its first transaction", action, laneID)
	case errors.As(err, &failed):
		text, kind := failed.Failure.GetMessage(), failed.Failure.GetApplicationFailureInfo().GetType()
		if kind == "" {
			text, kind = kindIn(failed.Error())
		}
		return engineError(action, temporal.NewApplicationErrorWithCause(text, kind, err))
	}
	return engineError(action, err)
}

// typedText is how the SDK writes an error of a workflow that has a type.
var typedText = regexp.MustCompile(`(?s)^(.*) \(type: (invalid|conflict|notfound|refused|lost), retryable: (?:true|false)\)$`)

// kindIn takes the kind out of the text of an error. A query that is answered
// along with a workflow task comes without its failure (SDK 1.50): the text is
// all there is.
func kindIn(text string) (rest, kind string) {
	if m := typedText.FindStringSubmatch(text); m != nil {
		return m[1], m[2]
	}
	return text, ""
}
