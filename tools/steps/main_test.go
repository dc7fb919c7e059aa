package main

import (
	"os"
	"strings"
	"testing"

	"cession/deal"
)

func TestStepsAreCurrent(t *testing.T) {
	have, err := os.ReadFile("../../docs/steps.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	write(&want, deal.Standard())
	if string(have) != want.String() {
		t.Error("docs/steps.md is not what the plan says: run make generate")
	}
}
