package desk

import (
	"net/http"

	"cession/deal"
	"cession/deal/strict"
)

// maxValues bounds a body, names of members with them: no request comes near.
const maxValues = 10_000

// strictJSON refuses a body that two readers could understand differently, or
// that costs more to read than anything the API takes.
func strictJSON(body []byte) error {
	if err := strict.Check(body, maxValues); err != nil {
		return problem(http.StatusBadRequest, deal.Invalid, "the body has "+err.Error())
	}
	return nil
}
