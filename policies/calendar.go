package policies

import (
	"strconv"
	"time"

	"cession/deal"
)

// calendar are the days on which payments do not settle, besides Saturdays and
// Sundays. Days are counted from 1970-01-01, which is day 0.
type calendar struct {
	Entries int               `json:"entries"` // so that one that is lost is noticed
	From    int64             `json:"from"`    // first day of the first year that is listed
	Until   int64             `json:"until"`   // last day of the last year
	Closed  map[string]string `json:"closed"`  // by the number of the day: its name
}

// maxBusinessDays bounds how far ahead business days are counted.
const maxBusinessDays = 60

// readCalendar reads day,name. Every year from the first to the last must have
// a day; a day of any other year is unknown, not open.
func readCalendar(b []byte) (calendar, error) {
	list, years := calendar{Closed: map[string]string{}}, map[int]bool{}
	first, last := 9999, 0
	err := table(b, "calendar", "day,name", func(row []string) error {
		t, err := time.Parse(day, row[0])
		if err != nil || row[1] == "" {
			return deal.Errorf(deal.Invalid, "want a day as in 2026-12-25, and its name")
		}
		years[t.Year()], first, last = true, min(first, t.Year()), max(last, t.Year())
		return unique(list.Closed, strconv.FormatInt(dayNumber(t), 10), row[1])
	})
	if err != nil {
		return calendar{}, err
	}
	for year := first; year <= last; year++ {
		if !years[year] {
			return calendar{}, deal.Errorf(deal.Invalid, "list calendar: no day of %d: want every year from %d to %d", year, first, last)
		}
	}
	list.Entries = len(list.Closed)
	list.From = dayNumber(time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC))
	list.Until = dayNumber(time.Date(last, 12, 31, 0, 0, 0, 0, time.UTC))
	return list, nil
}

// dayNumber counts days since 1970-01-01.
func dayNumber(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }
