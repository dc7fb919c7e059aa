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
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	renewed, err := replaceLife(string(readme), life(deal.Standard()))
	if err != nil || renewed != string(readme) {
		t.Errorf("the life of a deal in README.md is not what the plan says: run make generate (%v)", err)
	}
}
