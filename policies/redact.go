package policies

// withheld stands where a rule showed what a decision must not hold. Names need
// no such care: rules never see them.
const withheld = "withheld"

// maxFigure bounds what a rule can show, in bytes.
const maxFigure = 200
