package main

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"cession/node"
	"cession/node/vault"
)

// rowFlags is a change of the rows of a data tape that are sold, as it stands
// on a command line. Rows are counted from 0, the header is none.
type rowFlags struct {
	remove, substitute, price []string
	removeFile, priceFile     string
	face                      string
	whole                     bool
}

func (f *rowFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.remove, "remove-row", nil, "of perimeter propose: a row of the data tape that is taken out, as 17, or several, as 17-19,24")
	flags.StringVar(&f.removeFile, "remove-rows", "", "of perimeter propose: a file of rows that are taken out, one or a range on each line; - is standard input")
	flags.StringArrayVar(&f.substitute, "substitute", nil, "of perimeter propose: OUT=IN takes a row out, and one back in that was out")
	flags.StringArrayVar(&f.price, "price", nil, "of perimeter propose: ROW=AMOUNT, the price of one row, with two decimals, as 5=1250.00")
	flags.StringVar(&f.priceFile, "prices", "", "of perimeter propose: a file with ROW=AMOUNT on each line; - is standard input")
	flags.StringVar(&f.face, "face-column", "", "of perimeter propose: column of the face amount, where the policy pack names none")
	flags.BoolVar(&f.whole, "whole-tape", false, "of perimeter propose: start from the whole tape, not from the last proposal")
}

// change returns what the flags ask for, or nil if there are none.
func (f rowFlags) change(stdin io.Reader) (*node.RowChange, error) {
	c := node.RowChange{Whole: f.whole, Face: f.face}
	remove, err := withFile(f.remove, f.removeFile, stdin)
	if err != nil {
		return nil, fmt.Errorf("--remove-rows: %w", err)
	}
	for _, word := range remove {
		if c.Remove, err = appendRows(c.Remove, word); err != nil {
			return nil, err
		}
	}
	for _, word := range f.substitute {
		out, in, _ := strings.Cut(word, "=")
		var s node.Substitution
		if s.Out, err = rowNumber(out); err == nil {
			s.In, err = rowNumber(in)
		}
		if err != nil {
			return nil, fmt.Errorf("--substitute %.40q: want OUT=IN, two rows: %w", word, err)
		}
		c.Substitute = append(c.Substitute, s)
	}
	prices, err := withFile(f.price, f.priceFile, stdin)
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	for _, word := range prices {
		p, err := rowPrice(word)
		if err != nil {
			return nil, err
		}
		c.Prices = append(c.Prices, p)
	}
	if !c.Whole && c.Face == "" && len(c.Remove)+len(c.Substitute)+len(c.Prices) == 0 {
		return nil, nil
	}
	return &c, nil
}

// withFile appends the lines of a file; empty ones, and those that begin with #,
// are left out.
func withFile(words []string, file string, stdin io.Reader) ([]string, error) {
	if file == "" {
		return words, nil
	}
	content, err := readField(file, stdin)
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(strings.TrimPrefix(string(content), "\ufeff"), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			words = append(words, line)
		}
	}
	return words, nil
}

// maxRowRange bounds what one range of rows stands for.
const maxRowRange = 1_000_000

// appendRows reads 17, 17-19 or several of them with commas between.
func appendRows(list []uint64, word string) ([]uint64, error) {
	for part := range strings.SplitSeq(word, ",") {
		low, high, ranged := strings.Cut(strings.TrimSpace(part), "-")
		first, err := rowNumber(low)
		last := first
		if err == nil && ranged {
			last, err = rowNumber(high)
		}
		if err != nil || last < first || last-first >= maxRowRange {
			return nil, fmt.Errorf("rows %.40q: want whole numbers from 0, as 17, or a range, as 17-19", word)
		}
		for row := first; row <= last; row++ {
			list = append(list, row)
		}
	}
	return list, nil
}

func rowNumber(text string) (uint64, error) {
	row, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("row %.40q: want a whole number from 0", text)
	}
	return row, nil
}

var rowPriceForm = regexp.MustCompile(`^([0-9]{1,9})=([0-9,]{1,20}\.[0-9]{2})$`)

// rowPrice reads 5=1250.00 and 5=1,250.00.
func rowPrice(word string) (p node.RowPrice, err error) {
	m := rowPriceForm.FindStringSubmatch(word)
	if m == nil {
		return p, fmt.Errorf("price %.40q: want ROW=AMOUNT with two decimals, as in 5=1250.00", word)
	}
	if p.Row, err = rowNumber(m[1]); err != nil {
		return p, err
	}
	if p.Minor, err = vault.ParseMinor(m[2]); err != nil {
		return p, fmt.Errorf("price %.40q: %w", word, err)
	}
	return p, nil
}
