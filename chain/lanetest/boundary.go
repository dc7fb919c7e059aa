package lanetest

// Stage is a stretch of a lane's work between two things that are persisted.
type Stage string

// The stages.
const (
	Submit    Stage = "submit"    // an intent is taken
	Prepare   Stage = "prepare"   // simulated and signed; saved: the signed bytes
	Broadcast Stage = "broadcast" // sent
	Look      Stage = "observe"   // looked up, with nothing new
	Included  Stage = "mined"     // looked up, and found in a block
	Ended     Stage = "final"     // looked up, and final
	Report    Stage = "report"    // the outcome is told
	Warn      Stage = "warn"      // that a block is gone, or back, is told
	Bump      Stage = "bump"      // signed again for a higher fee; saved: those bytes
	Blank     Stage = "cancel"    // a transaction of nothing is signed; saved: those bytes
	Hand      Stage = "hand"      // another lane takes it
	Publish   Stage = "publish"   // outcomes and commands are kept elsewhere
	Operate   Stage = "operate"   // an operator's command is taken
)

// Point is where in a stage the process dies.
type Point string

// The points.
const (
	Before Point = "before" // asked for, and that is persisted; not done
	Lost   Point = "lost"   // done; its answer is not persisted
	Saved  Point = "saved"  // done, applied and persisted; nothing after it
)

// Weather is what the chain does while the process is dead.
type Weather string

// The weathers.
const (
	Calm    Weather = "calm"    // nothing
	Sealed  Weather = "sealed"  // a block is made of what is in the pool
	Dropped Weather = "dropped" // the pool forgets
	Reorged Weather = "reorged" // the newest block with transactions is replaced; they are in the pool again
	Rewound Weather = "rewound" // the node has lost that block, and its pool
)

// Boundary is one way to die.
type Boundary struct {
	Stage   Stage
	Point   Point
	Weather Weather
}

// String returns "stage/point/weather".
func (b Boundary) String() string {
	return string(b.Stage) + "/" + string(b.Point) + "/" + string(b.Weather)
}

var (
	stages = []Stage{Submit, Prepare, Broadcast, Look, Included, Ended, Report, Warn, Bump, Blank, Hand, Publish, Operate}
	points = []Point{Before, Lost, Saved}

	// weathers in the order of the table.
	weathers = []Weather{Calm, Sealed, Dropped, Reorged, Rewound}
)

// Boundaries lists every way to die: each stage at each point in each weather.
func Boundaries() (out []Boundary) {
	for _, s := range stages {
		for _, p := range points {
			for _, w := range weathers {
				out = append(out, Boundary{s, p, w})
			}
		}
	}
	return out
}
