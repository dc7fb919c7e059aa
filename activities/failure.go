// Package activities holds the effects of deals on the world outside their
// workflows, one file per outside matter. Each declares the few methods it
// needs of that world; the command wires them.
package activities

import (
	"fmt"

	"go.temporal.io/sdk/temporal"

	"cession/deal"
)

// failure turns an error into what Temporal retries or not: refused, invalid,
// conflict and notfound are final and keep their kind as the error's type;
// lost and unknown ones are retried under the activity's policy.
func failure(action string, err error) error {
	if err == nil {
		return nil
	}
	switch kind := deal.KindOf(err); kind {
	case deal.Refused, deal.Invalid, deal.Conflict, deal.NotFound:
		return temporal.NewNonRetryableApplicationError(action+": "+err.Error(), string(kind), nil)
	default:
		return fmt.Errorf("%s: %w", action, err)
	}
}
