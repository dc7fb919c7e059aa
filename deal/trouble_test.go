package deal

import (
	"testing"
	"time"
)

// notices tells a course what a lane says about an effect.
func (c *course) notices(intent Commitment, states ...Standing) {
	for _, s := range states {
		c.Notice(Notice{intent, s}, c.now)
	}
}

func TestNotices(t *testing.T) {
	one, two := Commitment{1}, Commitment{2}
	for name, test := range map[string]struct {
		say    func(c *course)
		doubt  bool
		kinds  []string
		stands bool // the mint of intent one
	}{
		"nothing":           {func(*course) {}, false, nil, true},
		"reorged":           {func(c *course) { c.notices(one, Reorged) }, true, []string{ChainReorg}, true},
		"told twice":        {func(c *course) { c.notices(one, Reorged, Reorged) }, true, []string{ChainReorg}, true},
		"restored":          {func(c *course) { c.notices(one, Reorged, Restored) }, false, nil, true},
		"restored only":     {func(c *course) { c.notices(one, Restored) }, false, nil, true},
		"another restored":  {func(c *course) { c.notices(one, Reorged); c.notices(two, Restored) }, true, []string{ChainReorg}, true},
		"two, one restored": {func(c *course) { c.notices(one, Reorged); c.notices(two, Reorged, Restored) }, true, []string{ChainReorg}, true},
		"undone":            {func(c *course) { c.notices(one, Reorged, Undone) }, false, []string{ChainUndone}, false},
		"another undone":    {func(c *course) { c.notices(two, Reorged, Undone) }, false, []string{ChainUndone}, true},
		"back after all":    {func(c *course) { c.notices(one, Reorged, Undone, Restored) }, false, nil, true},
		"unknown standing":  {func(c *course) { c.notices(one, "lost") }, false, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t, Standard(), nil)
			c.Records = []Record{{Receipts: []Receipt{{Intent: one, Call: "receivable.mint", OK: true}}}}
			test.say(c)
			var kinds []string
			for _, x := range c.Troubles {
				kinds = append(kinds, x.Kind)
			}
			if len(kinds) != len(test.kinds) || len(kinds) == 1 && kinds[0] != test.kinds[0] {
				t.Errorf("troubles %v, want %v", kinds, test.kinds)
			}
			if c.InDoubt() != test.doubt {
				t.Errorf("in doubt: %t", c.InDoubt())
			}
			if stands := c.Stands("receivable.mint"); stands != test.stands {
				t.Errorf("the mint stands: %t, want %t", stands, test.stands)
			}
			if !c.Had(one) || c.Had(two) {
				t.Error("want one effect on the record, and no other")
			}
			if c.Stands("escrow.open") {
				t.Error("what never was stands")
			}
		})
	}
}

// TestNoticeVersions: a notice that changes nothing is no version, and the
// trouble is as old as the first notice.
func TestNoticeVersions(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	one, version := Commitment{1}, c.Version
	c.Notice(Notice{one, Restored}, start)
	if c.Version != version {
		t.Error("restored, but it was never in doubt: a version for nothing")
	}
	c.Notice(Notice{one, Reorged}, start)
	c.Notice(Notice{one, Reorged}, start.Add(time.Hour))
	if c.Version != version+1 || !c.Troubles[0].Since.Equal(start) || c.Troubles[0].Intent != one {
		t.Errorf("version %d, want %d; %+v", c.Version, version+1, c.Troubles)
	}
	if clone := c.Clone(); !clone.InDoubt() || clone.Troubles[0].Intent != one {
		t.Errorf("what is in doubt does not travel: %+v", clone.Troubles)
	}
	if c.Troubled(ChainReorg, "") {
		t.Error("the reorg of one effect is taken for a trouble of no effect")
	}
}
