package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"cession/deal"
	"cession/desk"
)

// lanesAPI is the part of the desk's client that the live view uses.
type lanesAPI interface {
	lister
	Transaction(ctx context.Context, id string) (desk.TransactionDetail, error)
}

const (
	watchEvery = time.Second
	watchWait  = 8 * time.Second // no answer after so long is none; the desk gives a lane five
)

func (a *app) txWatch() *cobra.Command {
	var once bool
	c := &cobra.Command{
		Use: "watch", Short: "Watch the lanes and their transactions live, stuck ones first", Args: cobra.NoArgs,
		Long: `Watch the lanes and their transactions live: the lanes on top, then what is stuck,
the oldest first, then the newest. Below stands what the chosen one's trouble
means and the command to type. When the desk does not answer, the view says since
when, and that what it shows is old.`,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := a.desk()
			if err != nil {
				return err
			}
			if once {
				return a.watchOnce(c.Context(), client)
			}
			out, ok := a.out.(*os.File)
			if !ok || !term.IsTerminal(int(out.Fd())) {
				return usageError{deal.Errorf(deal.Invalid, "there is no terminal to draw on: give --once for one frame as text")}
			}
			return a.watch(c.Context(), client)
		},
	}
	c.Flags().BoolVar(&once, "once", false, "print one frame as text and end: for logs, for reports, without a terminal")
	return c
}

// watch shows the view until the operator leaves it.
func (a *app) watch(ctx context.Context, client lanesAPI) error {
	m := &watcher{ctx: ctx, client: client, view: lanesView{app: a, style: newWatchStyle(a.out)}, width: 80, height: 24}
	_, err := tea.NewProgram(m, tea.WithOutput(a.out), tea.WithAltScreen(), tea.WithContext(ctx)).Run()
	if ctx.Err() != nil { // interrupted: that is how watching ends
		return nil
	}
	return err
}

// watchOnce prints a frame of any height: each stuck transaction with its advice.
// That the desk does not answer is an error, not a frame.
func (a *app) watchOnce(ctx context.Context, client lanesAPI) error {
	lanes, err := client.Lanes(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(a.out, lanes)
	}
	v := lanesView{app: a, style: newWatchStyle(a.out)}
	now := time.Now()
	v.take(lanes, nil, now)
	_, err = fmt.Fprintln(a.out, v.plain(frameWidth(), now))
	return err
}

// frameWidth is that of $COLUMNS, or wide enough for everything.
func frameWidth() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return 140
}

// watcher is the program behind the view.
type watcher struct {
	ctx           context.Context
	client        lanesAPI
	view          lanesView
	width, height int
	asking        bool   // an answer is on its way
	detail        string // of one transaction, while it is shown
	top           int    // the first line of it shown
}

type (
	lanesTold struct {
		list desk.LaneList
		err  error
	}
	detailTold struct{ text string }
	tick       time.Time
)

// Init asks for the first time and starts the clock.
func (m *watcher) Init() tea.Cmd {
	m.asking = true
	return tea.Batch(m.ask, clock())
}

func clock() tea.Cmd { return tea.Tick(watchEvery, func(t time.Time) tea.Msg { return tick(t) }) }

func (m *watcher) ask() tea.Msg {
	ctx, cancel := context.WithTimeout(m.ctx, watchWait)
	defer cancel()
	lanes, err := m.client.Lanes(ctx)
	return lanesTold{lanes, err}
}

func (m *watcher) askDetail(r txRow) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(m.ctx, watchWait)
		defer cancel()
		d, err := m.client.Transaction(ctx, r.Intent.String())
		if err != nil {
			return detailTold{"There are no details: " + err.Error()}
		}
		var b strings.Builder
		m.view.app.writeDetail(&b, d, txRow{lane: r.lane, Item: d.Transaction.Item, behind: r.behind}, time.Now())
		return detailTold{b.String()}
	}
}

// Update takes in an answer or a key.
func (m *watcher) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case lanesTold:
		m.asking = false
		m.view.take(msg.list, msg.err, time.Now())
	case tick:
		if m.asking {
			return m, clock()
		}
		m.asking = true
		return m, tea.Batch(m.ask, clock())
	case detailTold:
		m.detail, m.top = msg.text, 0
	case tea.KeyMsg:
		return m, m.key(msg.String())
	}
	return m, nil
}

func (m *watcher) key(k string) tea.Cmd {
	if k == "ctrl+c" {
		return tea.Quit
	}
	if m.detail != "" {
		switch k {
		case "up", "k":
			m.top = max(0, m.top-1)
		case "down", "j":
			m.top++
		default:
			m.detail = ""
		}
		return nil
	}
	switch k {
	case "q", "esc":
		return tea.Quit
	case "up", "k":
		m.view.move(-1)
	case "down", "j":
		m.view.move(1)
	case "enter":
		if len(m.view.rows) > 0 {
			return m.askDetail(m.view.rows[m.view.cursor()])
		}
	}
	return nil
}

// View draws the lanes, or the details of one transaction.
func (m *watcher) View() string {
	if m.detail == "" {
		return m.view.frame(m.width, m.height, time.Now())
	}
	page, room := fold(m.detail, m.width), max(1, m.height-1)
	m.top = min(m.top, max(0, len(page)-room))
	list := append([]string{}, page[m.top:min(len(page), m.top+room)]...)
	return strings.Join(append(list, m.view.style.dim.Render(cut("up/down scroll   any other key goes back", m.width))), "\n")
}
