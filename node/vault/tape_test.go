package vault

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"cession/deal"
)

// readHeader knows three columns, and wants a currency too.
func readHeader(header []string) (columns map[string]int, missing []string) {
	columns = map[string]int{}
	for _, field := range []string{"id", "amount", "due", "currency"} {
		if i := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, field) }); i >= 0 {
			columns[field] = i
		} else {
			missing = append(missing, field)
		}
	}
	return columns, missing
}

func TestCountTape(t *testing.T) {
	for name, c := range map[string]struct {
		body          string
		ok            bool
		rows, missing uint64
	}{
		"complete":            {"id,amount,due,currency\n1,10,2027-01-01,EUR\n2,20,2027-01-02,EUR\n", true, 2, 0},
		"no rows":             {"id,amount,due,currency\n", true, 0, 0},
		"a column is missing": {"ID;Amount;Due\r\n1;10;x\r\n2;20;x", true, 2, 2},
		"blanks":              {"id\tamount\tdue\n1\t \tN/A\n-\tNULL\t1\n", true, 2, 2 + 4},
		"zero is a value":     {"id,amount,due\n0,0,0\n", true, 1, 1},
		"quotes and lines":    {"id,amount,due\n\"a\n,b\",1,1\n", true, 1, 1},
		"mark of order":       {"\ufeffid,amount,due\n1,1,1\n", true, 1, 1},
		"a column twice":      {"id,id,amount,due\n1,,1,1\n", true, 1, 1},
		"blank lines":         {"id,amount,due\n\n1,1,1\n\n", true, 1, 1},
		"two columns":         {"id,amount\n1,100\n", false, 0, 0},
		"something else":      {"name,city\nA,B\n", false, 0, 0},
		"one word":            {"hello\n", false, 0, 0},
	} {
		count, ok, err := CountTape(strings.NewReader(c.body), readHeader, nil)
		if err != nil || ok != c.ok || count.Rows != c.rows || count.Missing != c.missing {
			t.Errorf("%s: %t, %d rows, %d missing, %v; want %t, %d, %d", name, ok, count.Rows, count.Missing, err, c.ok, c.rows, c.missing)
		}
	}
}

func TestCountTapeRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "blank": "\n\n", "ragged": "id,amount,due\n1,2\n", "open quote": "id,amount,due\n1,\"2,3\n",
		"endless line": "id,amount,due\n" + strings.Repeat("x", maxLine+1), "columns without end": "id,amount,due" + strings.Repeat(",", maxColumns),
	} {
		_, ok, err := CountTape(strings.NewReader(body), readHeader, nil)
		if !errors.Is(err, ErrDamaged) || deal.KindOf(err) != deal.Invalid || ok {
			t.Errorf("%s: have %t, %v, want damaged", name, ok, err)
		}
	}
	broken := io.MultiReader(strings.NewReader("id,amount,due\n1,2,3\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, _, err := CountTape(broken, readHeader, nil); !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrDamaged) {
		t.Errorf("a reader that breaks gives %v", err)
	}
}

// A header that points outside of the row is not followed.
func TestCountTapeBadColumns(t *testing.T) {
	count, ok, err := CountTape(strings.NewReader("a,b,c\n1,2,3\n"), func([]string) (map[string]int, []string) {
		return map[string]int{"x": 0, "y": 1, "z": 2, "w": 3, "v": -1}, nil
	}, nil)
	if err != nil || !ok || len(count.Columns) != 3 || count.Missing != 0 {
		t.Errorf("have %+v, %t, %v", count, ok, err)
	}
}

// 400 real loans: who was charged off is blank for those who were not.
func TestCountRealTape(t *testing.T) {
	f, err := os.Open("../../examples/tape/sba_7a_400.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	count, ok, err := CountTape(f, func(header []string) (map[string]int, []string) {
		columns := map[string]int{}
		for _, field := range []string{"LoanNr_ChkDgt", "Name", "ApprovalDate", "ChgOffDate"} {
			columns[field] = slices.Index(header, field)
		}
		return columns, []string{"currency"}
	}, nil)
	if err != nil || !ok || count.Rows != 400 {
		t.Fatalf("%d rows, %t, %v", count.Rows, ok, err)
	}
	missing := map[string]uint64{}
	for _, c := range count.Columns {
		missing[c.Field] = c.Missing
	}
	if missing["currency"] != 400 || missing["ChgOffDate"] != 356 || missing["LoanNr_ChkDgt"] != 0 || count.Missing != 400+356 {
		t.Errorf("missing are %v, in all %d", missing, count.Missing)
	}
}
