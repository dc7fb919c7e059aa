package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"cession/deal"
	"cession/demo"
	"cession/node"
)

// uploadAll brings every document of a set that the node does not hold.
func (a *app) uploadAll(ctx context.Context, client *node.Client, id deal.ID, docs []demo.Document, set node.IntakeSet) error {
	list, err := client.Documents(ctx, id)
	if err != nil {
		return err
	}
	if len(set.Indexes) != len(docs) || uint64(len(list)) != set.Count {
		return deal.Errorf(deal.Conflict, "the node knows %d documents of %d: give the command again", len(list), set.Count)
	}
	var open []int
	var bytes int64
	for i, index := range set.Indexes {
		if !list[index].Held {
			open = append(open, i)
			bytes += docs[i].Sum.Size
		}
	}
	bar := a.progress(bytes)
	for n, i := range open {
		if err := uploadOne(ctx, client, id, set.Indexes[i], docs[i], bar.moved); err != nil {
			bar.end()
			return fmt.Errorf("%s: %w", docs[i].Name, err)
		}
		bar.done(n+1, len(open), docs[i].Name)
	}
	bar.end()
	list, err = client.Documents(ctx, id)
	if err == nil && a.json {
		err = printJSON(a.out, list)
	}
	return err
}

func uploadOne(ctx context.Context, client *node.Client, id deal.ID, index uint64, d demo.Document, moved func(int64)) error {
	file, err := d.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	return client.UploadFile(ctx, id, index, file, d.Sum.Size, moved)
}

// uploadProgress shows how far uploads are: a bar on a terminal, a line for each
// document elsewhere, nothing with --json.
type uploadProgress struct {
	*app
	bar *progressbar.ProgressBar // nil without a terminal
}

func (a *app) progress(bytes int64) *uploadProgress {
	p := &uploadProgress{app: a}
	if a.json || bytes == 0 || !drawable(a.err) {
		return p
	}
	p.bar = progressbar.NewOptions64(bytes, progressbar.OptionSetWriter(a.err), progressbar.OptionSetDescription("storing"),
		progressbar.OptionShowBytes(true), progressbar.OptionShowTotalBytes(true), progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
	return p
}

// drawable reports whether what is written goes to a terminal that can draw.
func drawable(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

func (p *uploadProgress) moved(bytes int64) {
	if p.bar != nil {
		_ = p.bar.Add64(bytes) // a bar that cannot be drawn stops no upload
	}
}

func (p *uploadProgress) done(n, of int, name string) {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	if !p.json {
		fmt.Fprintf(p.out, "%d of %d  %s\n", n, of, name)
	}
}

func (p *uploadProgress) end() {
	if p.bar != nil {
		_ = p.bar.Exit()
		_ = p.bar.Clear()
	}
}
