package deal

import "testing"

func TestStandardPlanIsSound(t *testing.T) {
	if err := Standard().Check(); err != nil {
		t.Fatal(err)
	}
}
