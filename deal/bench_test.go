package deal

import "testing"

// talks is a room in which a hundred questions were asked and answered.
func talks(b *testing.B) *course {
	c := newCourse(b, Standard(), &fund)
	c.takeAll("invitation.accept", "clearance.declare", "clearance.clear", "nda.sign", "nda.countersign", "data_room.open")
	for range 100 {
		c.takeAll("questions.ask", "questions.answer")
	}
	return c
}

func BenchmarkCheck(b *testing.B) {
	c := talks(b)
	a := c.act("offers.submit", nil)
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Check(a, c.now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClone(b *testing.B) {
	c := talks(b)
	b.ReportAllocs()
	for b.Loop() {
		if p := c.Clone(); len(p.Records) != len(c.Records) {
			b.Fatal("a clone of another size")
		}
	}
}

func BenchmarkQuestion(b *testing.B) {
	c := talks(b)
	a := c.act("offers.submit", nil)
	b.ReportAllocs()
	for b.Loop() {
		if q := c.Question(a, c.now); len(q.Taken) != len(c.Records) {
			b.Fatal("a question of another size")
		}
	}
}
