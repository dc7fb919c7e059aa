package main

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cession/node"
	"cession/node/vault"
)

func roomDocument(index uint64, number, folder, name string) node.DocumentInfo {
	return node.DocumentInfo{
		Index: index, Description: vault.Description{Number: number, Folder: folder, Name: name},
		Version: 1, Latest: true, Size: 10, MediaType: vault.PDF, Held: true,
	}
}

// Each folder stands once above what is in it; what the other side wrote moves
// no cursor.
func TestRoomTree(t *testing.T) {
	old := roomDocument(3, "1.1.2", "Loans/2018", "note.pdf")
	old.Latest, old.Version = false, 2
	private := roomDocument(4, "1.2\x1b[2J", "Loans", "rates\n9.9.pdf")
	private.ViewOnly, private.MediaType = true, "\x1b[2J"
	titled := roomDocument(5, "2.1", "Tape/2018", "t.csv")
	titled.Title, titled.Held = "The tape", false
	rows := roomTree([]node.DocumentInfo{
		roomDocument(0, "1.1.1", "Loans/2018", "loan.pdf"), old, private, titled, roomDocument(6, "", "", "readme.txt"),
	})
	var have []string
	for _, row := range rows {
		have = append(have, strings.Join(row, "|"))
	}
	want := []string{
		"NUMBER|DOCUMENT|INDEX|VERSION|BYTES|TYPE|ACCESS",
		"|Loans/|||||",
		"|  2018/|||||",
		"1.1.1|    loan.pdf|0|1|10|application/pdf|copy",
		"1.1.2|    note.pdf|3|2, superseded|10|application/pdf|copy",
		"1.2\uFFFD[2J|  rates\uFFFD9.9.pdf|4|1|10|\uFFFD[2J|view only",
		"|Tape/|||||",
		"|  2018/|||||",
		"2.1|    The tape (t.csv)|5|1|10|application/pdf|not there yet",
		"-|readme.txt|6|1|10|application/pdf|copy",
	}
	if !reflect.DeepEqual(have, want) {
		t.Errorf("have\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

// Views say who looked at which page of what, under which read id.
func TestViewRows(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	list := []node.ViewEntry{
		{At: at, Party: "alpine-bank", What: "room.page", Index: 2, Page: 7, Note: "k7x2m4qa", Result: "ok"},
		{At: at, Party: "delta-fund", What: "room.read", Index: 2, Note: "aaaaaaaa", Result: "view_only"},
		{At: at, Party: "delta-fund", What: "room.list", Note: "bbbbbbbb", Result: "ok"},
	}
	rows := viewRows(list, map[uint64]string{2: "1.1 contract.pdf"})
	if want := []string{"2026-03-02 09:00:00", "alpine-bank", "page", "1.1 contract.pdf", "7", "k7x2m4qa", "ok"}; !reflect.DeepEqual(rows[1], want) {
		t.Errorf("have %q, want %q", rows[1], want)
	}
	if rows[3][3] != "-" || rows[2][4] != "-" {
		t.Errorf("a list has document %q, a whole document page %q", rows[3][3], rows[2][4])
	}
}
