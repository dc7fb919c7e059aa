package cases

import (
	"context"
	"io/fs"
	"time"

	"cession/deal"
	"cession/policies"
)

// checkTimeout bounds the proof of a pack that is checked.
const checkTimeout = 2 * time.Minute

// Check reports everything that is wrong with a pack, for its author: what
// [policies.Check] finds, then cases that cannot be read or are decided
// otherwise than expected, rules without cases, and mutations that turn a
// refusal into permission. Errors are of kind invalid or refused.
func Check(fsys fs.FS) []error {
	errs := policies.Check(fsys)
	if len(errs) > 0 {
		return errs
	}
	p, err := policies.Load(fsys)
	if err != nil {
		return []error{err}
	}
	if p.Kind() == policies.KindList {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	return check(ctx, p, fsys)
}

func check(ctx context.Context, p *policies.Pack, fsys fs.FS) (errs []error) {
	all, err := Read(fsys)
	if err != nil {
		return split(err)
	}
	report, err := Run(ctx, p, all)
	if err != nil {
		return split(err)
	}
	for _, f := range report.Failures {
		errs = append(errs, deal.Errorf(deal.Invalid, "%s", f))
	}
	if len(errs) > 0 {
		return errs
	}
	_, err = Prove(ctx, p, all)
	return split(err)
}

// ProveFiles is [Prove] with the cases of a pack's own folder.
func ProveFiles(ctx context.Context, p *policies.Pack, fsys fs.FS) error {
	all, err := Read(fsys)
	if err != nil {
		return err
	}
	_, err = Prove(ctx, p, all)
	return err
}

// split takes errors that were joined apart, so that each is a finding.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
