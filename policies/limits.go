package policies

import (
	"regexp"

	"cession/deal"
)

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// limits are the figures the rules compare with. Amounts are in minor units by
// ISO 4217 code. A figure that may be 0 must still be written: what is missing
// is no figure.
type limits struct {
	Amount   map[string]int64 `json:"amount" yaml:"amount"` // per deal
	Exposure struct {
		Counterparty map[string]int64 `json:"counterparty" yaml:"counterparty"` // of all deals of a seller with a bidder
		Day          map[string]int64 `json:"day" yaml:"day"`                   // of all deals a party agrees in a UTC day
	} `json:"exposure" yaml:"exposure"`
	Approvals struct {
		Hours int             `json:"hours" yaml:"hours"` // how long an approval counts
		Above map[string]band `json:"above" yaml:"above"`
	} `json:"approvals" yaml:"approvals"`
	Price struct {
		LeastPercent *int `json:"least_percent" yaml:"least_percent"` // of the face amount
		MostPercent  *int `json:"most_percent" yaml:"most_percent"`
	} `json:"price" yaml:"price"`
	NDA struct {
		Days *int `json:"days" yaml:"days"` // for which an agreement is at least valid when it is signed
	} `json:"nda" yaml:"nda"`
	Standstill struct {
		Hours *int `json:"hours" yaml:"hours"` // from the listing to the selection
	} `json:"standstill" yaml:"standstill"`
	CoolingOff struct {
		Hours *int `json:"hours" yaml:"hours"` // from the selection to the terms
	} `json:"cooling_off" yaml:"cooling_off"`
	Payment struct {
		BusinessDays *int `json:"business_days" yaml:"business_days"` // from the terms to the payment
	} `json:"payment" yaml:"payment"`
	Questions questionLimits  `json:"questions,omitzero" yaml:"questions"`
	Retention retentionLimits `json:"retention,omitzero" yaml:"retention"`
	Act       struct {
		Hours int `json:"hours" yaml:"hours"`
	} `json:"act" yaml:"act"`
	Documents struct {
		Maximum     int  `json:"maximum" yaml:"maximum"`
		TapeMissing *int `json:"tape_missing" yaml:"tape_missing"` // fields a data tape may lack
	} `json:"documents" yaml:"documents"`
	Screening struct {
		Score int `json:"score" yaml:"score"`
	} `json:"screening" yaml:"screening"`
}

// questionLimits are missing in packs from before there were rules on them; a
// rule that reads a figure that is not there refuses.
type questionLimits struct {
	Open  *int `json:"open,omitempty" yaml:"open"`   // of one bidder that wait for an answer
	Hours *int `json:"hours,omitempty" yaml:"hours"` // that an answer is given time for, at least
}

// retentionLimits are likewise missing in older packs.
type retentionLimits struct {
	MinimumDays *int `json:"minimum_days,omitempty" yaml:"minimum_days"` // that the seller keeps what it sold, after the settlement is due
	MaximumDays *int `json:"maximum_days,omitempty" yaml:"maximum_days"`
}

// band says above which price how many other persons must approve.
type band struct {
	One   *int64 `json:"one" yaml:"one"`
	Two   *int64 `json:"two" yaml:"two"`
	Three *int64 `json:"three" yaml:"three"`
}

// Bounds of figures, beyond which a limit is a slip of the pen.
const (
	maxHours   = 24 * 366
	maxDays    = 366
	maxPercent = 1000
)

func (l limits) check() error {
	for _, check := range []func() error{l.checkAmounts, l.checkApprovals, l.checkFigures} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkAmounts wants every figure for every currency that has a limit per deal.
func (l limits) checkAmounts() error {
	for currency, most := range l.Amount {
		if !currencyForm.MatchString(currency) || most <= 0 {
			return deal.Errorf(deal.Invalid, "limits: amount of %.10q: want an ISO 4217 code and a limit above 0", currency)
		}
		if l.Exposure.Counterparty[currency] <= 0 || l.Exposure.Day[currency] <= 0 {
			return deal.Errorf(deal.Invalid, "limits: exposure of %s: want limits above 0 for a counterparty and for a day", currency)
		}
	}
	if n := len(l.Amount); len(l.Exposure.Counterparty) != n || len(l.Exposure.Day) != n || len(l.Approvals.Above) != n {
		return deal.Errorf(deal.Invalid, "limits: want amount, exposure and approvals for the same currencies")
	}
	return nil
}

func (l limits) checkApprovals() error {
	for currency, above := range l.Approvals.Above {
		if above.One == nil || above.Two == nil || above.Three == nil ||
			*above.One < 0 || *above.Two < *above.One || *above.Three < *above.Two || l.Amount[currency] < *above.Three {
			return deal.Errorf(deal.Invalid, "limits: approvals.above of %.10q: want one, two, three, rising, from 0 to the amount limit", currency)
		}
	}
	return nil
}

func (l limits) checkFigures() error {
	for _, f := range []struct {
		name        string
		value       *int
		least, most int
	}{
		{"approvals.hours", &l.Approvals.Hours, 1, maxHours},
		{"price.least_percent", l.Price.LeastPercent, 0, maxPercent},
		{"price.most_percent", l.Price.MostPercent, 1, maxPercent},
		{"nda.days", l.NDA.Days, 0, 10 * maxDays},
		{"standstill.hours", l.Standstill.Hours, 0, maxHours},
		{"cooling_off.hours", l.CoolingOff.Hours, 0, maxHours},
		{"payment.business_days", l.Payment.BusinessDays, 0, maxBusinessDays},
		{"act.hours", &l.Act.Hours, 1, maxHours},
		{"documents.maximum", &l.Documents.Maximum, 1, 1_000_000},
		{"documents.tape_missing", l.Documents.TapeMissing, 0, 1_000},
		{"screening.score", &l.Screening.Score, 1, scoreLoose},
	} {
		if f.value == nil || *f.value < f.least || *f.value > f.most {
			return deal.Errorf(deal.Invalid, "limits: %s: want a number from %d to %d", f.name, f.least, f.most)
		}
	}
	if *l.Price.LeastPercent > *l.Price.MostPercent {
		return deal.Errorf(deal.Invalid, "limits: price.least_percent is above price.most_percent")
	}
	return l.checkLater()
}

// checkLater checks figures that packs from before their rules do not have.
func (l limits) checkLater() error {
	q, r := l.Questions, l.Retention
	for _, f := range []struct {
		name  string
		value *int
		most  int
	}{
		{"questions.open", q.Open, 100_000},
		{"questions.hours", q.Hours, maxHours},
		{"retention.minimum_days", r.MinimumDays, 100 * maxDays},
		{"retention.maximum_days", r.MaximumDays, 100 * maxDays},
	} {
		if f.value != nil && (*f.value < 0 || *f.value > f.most) {
			return deal.Errorf(deal.Invalid, "limits: %s: want a number from 0 to %d", f.name, f.most)
		}
	}
	if (q.Open == nil) != (q.Hours == nil) || (r.MinimumDays == nil) != (r.MaximumDays == nil) {
		return deal.Errorf(deal.Invalid, "limits: want every figure of questions, and of retention, or none")
	}
	if r.MaximumDays != nil && *r.MaximumDays > 0 && *r.MinimumDays > *r.MaximumDays {
		return deal.Errorf(deal.Invalid, "limits: retention.minimum_days is above retention.maximum_days")
	}
	return nil
}
