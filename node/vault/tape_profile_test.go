package vault

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

func profileOf(t *testing.T, r io.Reader) (TapeProfile, map[string]ColumnProfile) {
	t.Helper()
	p, err := ProfileTape(r)
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]ColumnProfile{}
	for _, c := range p.Columns {
		columns[c.Name] = c
	}
	return p, columns
}

func TestProfileTape(t *testing.T) {
	p, have := profileOf(t, strings.NewReader("amount,balance,id,us,clear,empty,share,mixed\n"+
		"10.05,\"1,000.00\",007,3/4/1997,31/1/2026,,0.125,1\n-2,7.5,008,3/5/1997,1/2/2025,n/a,-0.3,x\n,-,009,4/5/1997,1/12/2025,null,1,2\n"))
	if p.Rows != 3 || len(p.Columns) != 8 {
		t.Fatalf("%d rows, %d columns", p.Rows, len(p.Columns))
	}
	minor := func(n int64) *int64 { return &n }
	for name, want := range map[string]ColumnProfile{
		"amount":  {Filled: 2, Missing: 1, Kind: NumberColumn, Min: "-2", Max: "10.05", Sum: "8.05", Minor: minor(805)},
		"balance": {Filled: 2, Missing: 1, Kind: NumberColumn, Min: "7.5", Max: "1,000.00", Sum: "1007.50", Minor: minor(100750)},
		"id":      {Filled: 3, Kind: TextColumn},
		"us":      {Filled: 3, Kind: DateColumn}, // day or month first: nobody can tell
		"clear":   {Filled: 3, Kind: DateColumn, Min: "2025-02-01", Max: "2026-01-31"},
		"empty":   {Missing: 3, Kind: EmptyColumn},
		"share":   {Filled: 3, Kind: NumberColumn, Min: "-0.3", Max: "1", Sum: "0.825"},
		"mixed":   {Filled: 3, Kind: TextColumn},
	} {
		c := have[name]
		same := (c.Minor == nil) == (want.Minor == nil) && (c.Minor == nil || *c.Minor == *want.Minor)
		want.Name, want.Minor = name, c.Minor
		if c != want || !same {
			t.Errorf("%s: have %+v, want %+v", name, c, want)
		}
	}
}

// realTapeGross is what the loans of the real tape add up to as they were
// approved, in minor units.
const realTapeGross = 2163620000

// 400 real loans.
func TestProfileRealTape(t *testing.T) {
	f, err := os.Open("../../examples/tape/sba_7a_400.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, have := profileOf(t, f)
	if p.Rows != 400 || len(p.Columns) != 26 {
		t.Fatalf("%d rows, %d columns", p.Rows, len(p.Columns))
	}
	if c := have["GrAppv"]; c.Kind != NumberColumn || c.Filled != 400 || c.Minor == nil || *c.Minor != realTapeGross {
		t.Errorf("GrAppv: %+v", c)
	}
	if c := have["ChgOffDate"]; c.Kind != DateColumn || c.Missing != 356 || c.Min == "" {
		t.Errorf("ChgOffDate: %+v", c)
	}
	if have["Name"].Kind != TextColumn {
		t.Errorf("Name: %+v", have["Name"])
	}
}

// A loan that stands in a tape twice is found, whatever else its rows say.
func TestRepeated(t *testing.T) {
	const text = "id,amount\n1,5\n2,5\n1,6\n,7\nn/a,7\n 2 ,5\n2,8\n"
	for column, want := range map[int]uint64{0: 3, 1: 3, 2: 0, -1: 0} {
		if have, err := Repeated(strings.NewReader(text), column); have != want || err != nil {
			t.Errorf("column %d: %d, %v, want %d", column, have, err, want)
		}
	}
	if _, err := Repeated(strings.NewReader("a,b\n1\n"), 0); !errors.Is(err, ErrDamaged) {
		t.Errorf("ragged: %v", err)
	}
}

func TestProfileTapeFails(t *testing.T) {
	if _, err := ProfileTape(strings.NewReader("a,b\n1\n")); !errors.Is(err, ErrDamaged) {
		t.Errorf("ragged: %v", err)
	}
	if _, err := ProfileTape(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken: %v", err)
	}
}
