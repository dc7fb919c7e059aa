package records

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cession/deal"
)

// maxApprovals bounds how many persons are thought of.
const maxApprovals = 10

// approvals tries how many more persons would have to approve.
func (c *inquiry) approvals() error {
	if !(path{"approvals"}).touches(c.reads) {
		return nil
	}
	for n := 1; n <= maxApprovals; n++ {
		r, err := c.try(func(t tree) { approve(t, n) })
		if err != nil {
			return err
		}
		if !r.passes {
			continue
		}
		count, who := int64(n), text(path{"act", "party"}.at(c.document))
		s := Suggestion{Means: ByApproval, Path: "approvals", Bound: AtLeast, Least: &count, Unit: Count}
		s.Text = fmt.Sprintf("passes once %s of %s approved (terms.approve)", persons(n), who)
		c.add(s, r, "")
		return nil
	}
	return nil
}

func persons(n int) string {
	if n == 1 {
		return "1 more person"
	}
	return fmt.Sprintf("%d more persons", n)
}

// approve adds approvals of the agreed price by persons nobody has heard of.
func approve(t tree, n int) {
	list, _ := t["approvals"].([]any)
	for i := range n {
		list = append(list, tree{
			"id": deal.Commitment{0xff, byte(i)}.String(), "party": path{"act", "party"}.at(t),
			"signer": deal.Address{0xff, byte(i)}.String(), "at": t["now"], "price": cloneValue(t["price"]),
		})
	}
	t["approvals"] = list
}

// order tries which acts would have to be on record, and returns the fewest.
func (c *inquiry) order() error {
	if !(path{"done"}).touches(c.reads) {
		return nil
	}
	var have []string
	for _, v := range c.document["done"].([]any) {
		have = append(have, text(v))
	}
	gates, _ := path{"pack", "gates"}.at(c.data).(tree)
	more := without(slices.Sorted(maps.Keys(gates)), have)
	with := func(more []string) (reply, error) {
		return c.try(func(t tree) {
			all := slices.Concat(have, more)
			slices.Sort(all)
			list := make([]any, len(all))
			for i, name := range all {
				list[i] = name
			}
			t["done"] = list
		})
	}
	r, err := with(more)
	if err != nil || !r.passes {
		return err
	}
	for _, name := range slices.Clone(more) {
		fewer := slices.DeleteFunc(slices.Clone(more), func(s string) bool { return s == name })
		f, err := with(fewer)
		if err != nil {
			return err
		}
		if f.passes {
			more, r = fewer, f
		}
	}
	if len(more) > 0 {
		s := Suggestion{Means: ByRecord, Path: "done", Bound: Added, Values: more}
		s.Text = "passes once " + strings.Join(more, " and ") + " is on record"
		c.add(s, r, "")
	}
	return nil
}

// editions finds lists that are too old for the rule to be evaluated. What it
// would say with a newer one is what it says at the last moment at which the
// list it has was not too old.
func (c *inquiry) editions() error {
	now, _ := whole(c.document["now"])
	for _, l := range c.pack.Lists() {
		over := l.AsOf.Add(l.MaximumAge).UnixMilli()
		if l.MaximumAge == 0 || l.AsOf.IsZero() || now <= over || !(path{l.Name}).touches(c.consults) {
			continue
		}
		r, err := c.try(func(t tree) { t["now"] = over })
		if err != nil {
			return err
		}
		if r.passes {
			// Rounded up: ages are compared to the millisecond.
			least := seconds(now - l.MaximumAge.Milliseconds() + 999)
			c.add(Suggestion{Means: ByList, Path: l.Name, Bound: AtLeast, Least: &least, Unit: Seconds}, r, "")
		}
	}
	return nil
}
